// One thing that completion offers: the whole word as it would stand in the command, and what it means.

export interface Offer { readonly word: string; readonly help?: string }

export const offers = (words: readonly string[], help?: string): Offer[] => words.map((word) => ({ word, ...(help === undefined ? {} : { help }) }));

/** Words that go on: nothing is written after them. */
export const goesOn = (word: string): boolean => /[=/:]$/.test(word);
