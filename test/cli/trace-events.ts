// A validator of the Trace Event Format, of what it and its viewers ask of the events that are used here.

export interface TraceEvent { readonly ph: string; readonly ts: number; readonly dur?: number; readonly cat?: string; readonly id?: string | number; readonly s?: string; readonly name: string; readonly pid: number; readonly tid: number; readonly args?: Readonly<Record<string, unknown>> }

const KNOWN = new Set(['M', 'X', 'C', 'b', 'e', 'i']);
const METADATA = new Set(['process_name', 'process_sort_index', 'thread_name', 'trace_end']);
const isWhole = (n: unknown): boolean => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0;

/** What is wrong with a list of events, the first of each kind of fault; empty: nothing. O(n log n). */
export function brokenRules(events: readonly TraceEvent[]): string[] {
  const broken = new Map<string, string>();
  const fault = (rule: string, event: TraceEvent): void => { if (!broken.has(rule)) broken.set(rule, `${rule}: ${JSON.stringify(event)}`); };
  const slices = new Map<string, TraceEvent[]>(), open = new Map<string, TraceEvent[]>(), counted = new Map<string, number>(), lastOf = new Map<string, number>();
  for (const event of events) {
    const { ph, ts, dur, name, pid, tid, args = {}, cat, id, s } = event;
    if (!KNOWN.has(ph)) fault('a phase that is not known', event);
    if (!isWhole(ts) || !isWhole(pid) || !isWhole(tid)) fault('ts, pid and tid are whole numbers from 0', event);
    if (typeof name !== 'string' || name === '') fault('every event has a name', event);
    if (ph === 'M' && !METADATA.has(name)) fault('metadata of a known kind', event);
    if (ph === 'i' && !['g', 'p', 't'].includes(s ?? 't')) fault('an instant is of the thread, the process or all', event);
    if (ph === 'X') {
      if (!isWhole(dur)) fault('a complete event has a duration', event);
      const track = `${pid} ${tid}`, list = slices.get(track);
      if (list === undefined) slices.set(track, [event]); else list.push(event);
    }
    if (ph === 'C') {
      const track = `${pid} ${name}`;
      if (Object.values(args).length === 0 || !Object.values(args).every((value) => typeof value === 'number' && Number.isFinite(value))) fault('a counter has numbers', event);
      if (ts < (counted.get(track) ?? 0)) fault('a counter goes forward', event);
      counted.set(track, ts);
    }
    if (ph === 'b' || ph === 'e') {
      const track = `${cat} ${id}`, stack = open.get(track) ?? [];
      if (cat === undefined || id === undefined) fault('an async event has cat and id', event);
      if (ts < (lastOf.get(track) ?? 0)) fault('an async track goes forward', event);
      lastOf.set(track, ts);
      open.set(track, stack);
      if (ph === 'b') stack.push(event);
      else if (stack.pop()?.name !== name) fault('an end closes the slice that was opened last', event);
    }
  }
  for (const stack of open.values()) if (stack.length > 0) fault('every slice is closed', stack[0]);
  for (const list of slices.values()) {
    const ends: number[] = [];
    for (const event of [...list].sort((a, b) => a.ts - b.ts || b.dur! - a.dur!)) {
      while (ends.length > 0 && ends[ends.length - 1] <= event.ts) ends.pop();
      if (ends.length > 0 && event.ts + event.dur! > ends[ends.length - 1]) fault('slices of a track lie inside each other or apart', event);
      ends.push(event.ts + event.dur!);
    }
  }
  return [...broken.values()];
}
