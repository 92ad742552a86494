// Programs of a trace that branch, join and begin at several places: what waits for what, and when it comes, through whole runs.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NODE_CALL, NODE_TOOL } from '../../src/programs/plan.ts';
import type { LoadedData } from '../../sim/scenario.ts';
import { checkReplay, ReplayWorkload } from '../../sim/workload/replay.ts';
import { programsOf } from '../../sim/workload/trace-programs.ts';
import { readTraceBytes } from '../../sim/workload/traces/read.ts';
import { ProgramDraft } from '../../sim/workload/workload.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { play } from '../worlds/scripted-model.ts';

const RATES = { prefillRate: 8000, decodeRate: 50 };
const read = (rows: readonly string[]): LoadedData => readTraceBytes('t', Buffer.from(rows.join('\n')), 'schedlab');
/** A second of service each. */
const call = (id: string, more: string, prompt = '[[null,0]]'): string => `{"id":"${id}","program":"p","prompt":${prompt},"output_tokens":50,${more}}`;

/** When each call came and was done, in seconds. */
async function times(rows: readonly string[], given: Readonly<Record<string, string | number>> = {}, shell: 'event' | 'promise' = 'event'): Promise<Readonly<Record<string, readonly [arrival: number, finished: number]>>> {
  const lines: [string, [number, number]][] = [];
  const { orderDigest } = await play(scenarioModel('trace-replay', { engine: 'slots:8', identity: 'none', ...given }, { trace: read(rows) }), { shell, callLine: (line) => { lines.push([line.id, [line.arrival, line.finished!]]); } });
  expect(orderDigest).toBeTruthy();
  return Object.fromEntries(lines);
}

const DIAMOND = [
  call('root', '"arrival":2,"tool_s":3'), call('left', '"parents":["root"],"after_s":0.5,"tool_s":4'), call('right', '"parents":["root"],"after_s":0'),
  call('end', '"parents":["left","right"],"after_s":0.25,"tool_s":9'),
];

describe('a program of a trace that branches and joins', () => {
  it.each(['event', 'promise'] as const)('comes after the tools of its parents, and what joins after the last of them: %s shell', async (shell) => {
    expect(await times(DIAMOND, {}, shell)).toEqual({ root: [0, 1], left: [4.5, 5.5], right: [4, 5], end: [9.75, 10.75] });
  });

  it('is one program with a tool where somebody waits for one, and says what is not simulated', () => {
    const { trace } = read(DIAMOND), workload = new ReplayWorkload({ trace, ...RATES }), draft = new ProgramDraft();
    expect([workload.total, workload.next(draft), draft.length, [...draft.graph!.kind], draft.ids]).toEqual([1, true, 6, [NODE_CALL, NODE_TOOL, NODE_CALL, NODE_CALL, NODE_TOOL, NODE_CALL].map((kind) => kind as number), ['root', '', 'right', 'left', '', 'end']]);
    expect(checkReplay({ trace, ...RATES })).toEqual([expect.stringContaining('3 calls of 4 come after_s'), expect.stringContaining('1 program branches, joins or begins at several places'), expect.stringContaining('the tool after 1 call is not simulated')]);
  });

  it('begins at several places, each by the clock, which speed makes faster', async () => {
    const rows = [call('a', '"arrival":0'), call('b', '"arrival":6'), call('c', '"parents":["a","b"],"after_s":1'), call('alone', '"arrival":2').replace('"p"', '"q"')];
    expect(await times(rows)).toEqual({ a: [0, 1], b: [6, 7], c: [8, 9], alone: [2, 3] });
    expect(await times(rows, { speed: 2 })).toEqual({ a: [0, 1], b: [3, 4], c: [5, 6], alone: [1, 2] });
  });

  it('waits once for a parent that is named twice', async () => {
    const rows = [call('a', '"arrival":0,"tool_s":1'), call('b', '"parents":["a","a"],"after_s":0')];
    expect(programsOf(read(rows).trace)!.isGraph[0]).toBe(0);
    expect(await times(rows)).toEqual({ a: [0, 1], b: [2, 3] });
  });

  it('leaves nothing of a graph in the draft of the chain after it', () => {
    const { trace } = read([...DIAMOND, call('x', '"arrival":50').replace('"p"', '"q"'), call('y', '"parents":["x"],"after_s":1').replace('"p"', '"q"')]), workload = new ReplayWorkload({ trace, ...RATES }), draft = new ProgramDraft();
    workload.next(draft);
    workload.next(draft);
    expect([draft.graph, draft.length, draft.ids, draft.thinkUs[1]]).toEqual([undefined, 2, ['x', 'y'], 1_000_000]);
  });

  it('finds the contents of its own calls in a cache, behind tools and branches', async () => {
    const text = (own: string): string => `[["shared",512],["${own}",64]]`, hits: Record<string, number> = {};
    const rows = [call('root', '"arrival":0,"tool_s":1', text('r')), call('left', '"parents":["root"],"after_s":0', text('l')), call('right', '"parents":["root"],"after_s":0', text('r')), call('end', '"parents":["left","right"],"after_s":0', text('l'))];
    await play(scenarioModel('trace-replay', { engine: 'constant:stepMs=5', identity: 'none' }, { trace: read(rows) }), { callLine: (line) => { hits[line.id] = line.cached_tokens; } });
    expect(hits).toEqual({ root: 0, left: 512, right: 560, end: 560 });
  });

  it('gives both shells equal digests under policies that look at parents', async () => {
    const wide = Array.from({ length: 12 }, (_, p) => DIAMOND.map((row) => row.replaceAll(/"(root|left|right|end)"/g, `"$1${p}"`).replace('"p"', `"p${p}"`).replace('"arrival":2', `"arrival":${p % 5}`))).flat(), trace = read(wide);
    for (const given of [{ policy: 'atlas', mode: 'parents' }, { policy: 'program-srpt', knowledge: 'estimate' }, { policy: 'loco', identity: 'hash:3' }]) {
      const model = scenarioModel('trace-replay', { engine: 'slots:2', ...given }, { trace }), [a, b] = [await play(model), await play(model, { shell: 'promise' })];
      expect([a.orderDigest, a.resultDigest]).toEqual([b.orderDigest, b.resultDigest]);
    }
  });

  it('comes as the trace says whatever it looks like: on engines that are always free each call begins when its parents are done', async () => {
    const random = fc.array(fc.record({ parents: fc.array(fc.nat(30), { maxLength: 3 }), after: fc.nat(3), tool: fc.nat(2), at: fc.nat(8), isClocked: fc.boolean() }), { minLength: 1, maxLength: 20 });
    await fc.assert(fc.asyncProperty(random, async (list) => {
      const done: number[] = [], came: number[] = [];
      const rows = list.map(({ parents: drawn, after, tool, at, isClocked }, i) => {
        const parents = [...new Set(drawn.map((n) => n % Math.max(1, i)))], waits = i > 0 && parents.length > 0 && !isClocked;
        came[i] = waits ? Math.max(...parents.map((p) => done[p]!)) + after : at;
        done[i] = came[i]! + 1 + tool;
        return call(`c${i}`, `${waits ? `"parents":[${parents.map((p) => `"c${p}"`).join(',')}],"after_s":${after}` : `"arrival":${at}`},"tool_s":${tool}`);
      });
      const first = Math.min(...list.flatMap((_, i) => (rows[i]!.includes('"arrival"') ? [came[i]!] : []))), got = await times(rows, { engine: 'slots:64' });
      for (let i = 0; i < list.length; i++) expect(got[`c${i}`]).toEqual([came[i]! - first, came[i]! + 1 - first]);
    }), { numRuns: 60 });
  });
});
