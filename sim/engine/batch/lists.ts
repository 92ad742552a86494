// Lists that are filled and emptied at every step: without a new backing store, and without an array of what was taken out.

/** Empties a list. Setting its length to 0 would give its memory back, to be asked for again a step later. */
export function empty(list: unknown[]): void {
  for (let left = list.length; left > 0; left--) list.pop();
}

/** Takes one entry out, looked for from the end; the order of the others stays. */
export function takeOut<T>(list: T[], one: T): void { removeAt(list, list.lastIndexOf(one)); }

/** Takes out the entry at a place of the list; the order of the others stays. */
export function removeAt(list: unknown[], place: number): void {
  const last = list.length - 1;
  for (let at = place; at < last; at++) list[at] = list[at + 1];
  list.pop();
}
