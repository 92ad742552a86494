// Traps on the clocks, timers and randomness of the machine, while code of a user is held against its contract: who reaches for one is noted.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Reach, Watcher } from '../../sim/check/guard.ts';
import { ofUser, userFrame } from '../../sim/experiment/strangers.ts';

type Table = Record<string, unknown>;
interface Trap { readonly on: Table; readonly name: string; readonly shown: string; readonly kind: Reach['kind'] }

const FRAMES = 40;

/** Node's own modules as one object each, so that what is replaced there is seen by whoever imports it. */
const builtin = (name: string): Table => createRequire(import.meta.url)(name) as Table;

function traps(): Trap[] {
  const on = (table: unknown, kind: Trap['kind'], prefix: string, ...names: readonly string[]): Trap[] => names.map((name) => ({ on: table as Table, name, shown: `${prefix}${name}()`, kind }));
  return [
    ...on(Date, 'clock', 'Date.', 'now'), ...on(performance, 'clock', 'performance.', 'now'), ...on(process, 'clock', 'process.', 'hrtime', 'uptime', 'nextTick'),
    ...on(globalThis, 'clock', '', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'), ...on(builtin('node:timers'), 'clock', 'timers.', 'setTimeout', 'setInterval', 'setImmediate'), ...on(builtin('node:timers/promises'), 'clock', 'timers.', 'setTimeout', 'setInterval', 'setImmediate'),
    ...on(Math, 'random', 'Math.', 'random'), ...on(globalThis.crypto, 'random', 'crypto.', 'getRandomValues', 'randomUUID'),
    ...on(builtin('node:crypto'), 'random', 'crypto.', 'randomInt', 'randomBytes', 'randomUUID', 'randomFillSync'),
  ];
}

export interface Traps extends Watcher { /** Puts everything back as it was. */ release(): void }

/**
 * Sets the traps. A reach counts where a file of the user stands on the stack right above, so that what this program and Node do for themselves
 * passes. Places are told from `folder`. Set them before the user's module is imported: it may keep a function for later.
 */
export function setTraps(folder: string, isOwn: (file: string) => boolean = ofUser): Traps {
  const found: Reach[] = [], undo: (() => void)[] = [], limit = Error.stackTraceLimit;
  Error.stackTraceLimit = FRAMES;
  // Called by a trap, and by nothing else: the frame above that is the one that reached.
  const note = (shown: string, kind: Reach['kind']): void => {
    const frames = (new Error().stack ?? '').split('\n').slice(1), at = frameIn(frames[2] ?? '', isOwn, folder);
    if (at !== undefined) found.push({ kind, what: shown, at });
  };
  for (const { on, name, shown, kind } of traps()) {
    const own = Object.getOwnPropertyDescriptor(on, name), original = on[name];
    if (typeof original !== 'function') continue;
    const trap = function (this: unknown, ...args: unknown[]): unknown { note(shown, kind); return Reflect.apply(original, this, args); };
    for (const key of Object.getOwnPropertyNames(original)) if (!['length', 'name', 'prototype'].includes(key)) Object.defineProperty(trap, key, Object.getOwnPropertyDescriptor(original, key)!);
    Object.defineProperty(on, name, { value: trap, configurable: true, writable: true });
    undo.push(() => { if (own) Object.defineProperty(on, name, own); else Reflect.deleteProperty(on, name); });
  }
  const { hrtime } = process, bigint = hrtime.bigint;
  hrtime.bigint = function trap(): bigint { note('process.hrtime.bigint()', 'clock'); return bigint.call(hrtime); };
  undo.push(() => { hrtime.bigint = bigint; });
  const RealDate = Date, TrapDate = new Proxy(RealDate, {
    construct(target, args: [], newTarget) { if (args.length === 0) note('new Date()', 'clock'); return Reflect.construct(target, args, newTarget) as Date; },
    apply(target, self, args: []) { note('Date()', 'clock'); return Reflect.apply(target, self, args) as string; },
  });
  globalThis.Date = TrapDate;
  undo.push(() => { globalThis.Date = RealDate; });
  syncBuiltinESMExports();
  return {
    reached() { const [first] = found; found.length = 0; return first; },
    placeOf: (error) => (error instanceof Error ? frameIn(error.stack ?? '', isOwn, folder) ?? '' : ''),
    release() { for (const one of undo.reverse()) one(); Error.stackTraceLimit = limit; syncBuiltinESMExports(); },
  };
}

/** ` (file:line:column)` of the first frame that is the user's; nothing where none is. */
function frameIn(stack: string, isOwn: (file: string) => boolean, folder: string): string | undefined {
  const at = userFrame(stack, folder, isOwn);
  return at === undefined ? undefined : ` (${at})`;
}

/** Bytes in use after all garbage is collected. */
export function heapMeter(): () => number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return () => { collect(); return process.memoryUsage().heapUsed; };
}
