// Priorities in whole runs: the field of a trace and the urgent share of open-load reach the queue of the engine, which serves as the plain form alone does.
import { describe, expect, it } from 'vitest';
import { serverFrom } from '../engine/vllm/server-from.ts';
import type { CallLine } from '../../sim/results.ts';
import type { LoadedData, Trace } from '../../sim/scenario.ts';
import { Streams } from '../../sim/random/streams.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { playCalls } from '../engine/batch/rig.ts';
import { play } from './scripted-model.ts';

const ROWS = 400, STEP_US = 1000;

/** Arrivals in bursts on an engine with little memory, of three priorities. */
function busyTrace(withPriority = true): Trace {
  const u = new Streams('priorities').stream('rows'), upTo = (most: number): number => 1 + Math.floor(most * u.next());
  const rows = Array.from({ length: ROWS }, (_, i) => ({ atUs: Math.floor(i / 8) * 100_000 + upTo(3000), prompt: upTo(90), out: upTo(120), priority: upTo(3) - 1 })).sort((a, b) => a.atUs - b.atUs);
  return {
    format: 'own', rows: ROWS, arrivalUs: Float64Array.from(rows, ({ atUs }) => atUs), promptTokens: Int32Array.from(rows, ({ prompt }) => prompt), outputTokens: Int32Array.from(rows, ({ out }) => out),
    fields: withPriority ? { priority: rows.map(({ priority }) => (priority === 0 ? '' : String(priority))) } : {},
  };
}
const loaded = (trace: Trace): LoadedData => ({ file: { path: 'own', sha256: '', bytes: 0, format: 'own', rowsRead: trace.rows, rowsDropped: 0, notes: [] }, trace });
const LIMITS = { blocks: 32, maxSeqs: 12, maxBatchedTokens: 64 };

async function linesOf(trace: Trace, given: Readonly<Record<string, string | number>>): Promise<CallLine[]> {
  const lines: CallLine[] = [];
  await play(scenarioModel('trace-replay', { engine: `constant:stepMs=${STEP_US / 1000}`, identity: 'none', ...LIMITS, ...given }, { trace: loaded(trace) }), { callLine: (line) => { lines.push(line); } });
  return lines.sort((a, b) => Number(a.id) - Number(b.id));
}

describe('priorities of a trace', () => {
  it.each(['fcfs', 'priority'] as const)('under %s a run serves every call when the plain form alone does, to the microsecond, preemptions included', async (scheduling) => {
    const trace = busyTrace(), lines = await linesOf(trace, { scheduling });
    const calls = Array.from({ length: ROWS }, (_, row) => ({ atUs: trace.arrivalUs[row], prompt: trace.promptTokens[row], out: trace.outputTokens[row], priority: Number(trace.fields['priority'][row]) }));
    const { served, engine } = playCalls(calls, { config: { ...LIMITS, scheduling }, cost: () => STEP_US, form: 'plain' });
    const us = (s: number | null): number => Math.round(s! * 1e6);
    expect(lines.map((line) => [us(line.scheduled), us(line.first_token), us(line.finished), line.preemptions])).toEqual(served.map((one) => [one.scheduledUs, one.firstUs, one.endUs, one.preemptions]));
    expect(engine.scheduler.preemptions).toBeGreaterThan(50);
  });

  it('make the urgent wait less and the others more than first come, first served does', async () => {
    const trace = busyTrace(), meanWait = async (scheduling: string): Promise<number[]> => {
      const lines = await linesOf(trace, { scheduling }), sums = [0, 0, 0], counts = [0, 0, 0];
      lines.forEach((line, row) => { const k = Number(trace.fields['priority'][row]); sums[k] += line.scheduled! - line.arrival; counts[k]++; });
      return sums.map((sum, k) => sum / counts[k]);
    };
    const [fcfs, priority] = [await meanWait('fcfs'), await meanWait('priority')];
    expect([priority[0] < fcfs[0], priority[2] > fcfs[2], priority[0] < priority[1] && priority[1] < priority[2]]).toEqual([true, true, true]);
  });

  it('that the trace does not have are all the same, and the result says so', async () => {
    const trace = busyTrace(false), times = async (scheduling: string): Promise<unknown> => (await linesOf(trace, { scheduling })).map(({ scheduled }) => scheduled);
    // Equal ranks queue by arrival, as under fcfs; who is preempted is the newest in both.
    expect(await times('priority')).toEqual(await times('fcfs'));
    expect(scenarioModel('trace-replay', { engine: 'constant:stepMs=1', scheduling: 'priority' }, { trace: loaded(trace) }).assumptions).toContain('the trace has no field "priority": all calls have the same');
  });

  it('are asked for by a server that is started with --scheduling-policy priority', async () => {
    const trace = loaded(busyTrace()), spec = serverFrom('vllm serve meta-llama/Llama-3.1-8B --scheduling-policy priority --max-num-seqs 4'), name = 'vllm:serve.sh';
    const model = scenarioModel('trace-replay', { engine: name, identity: 'none' }, { trace }, { [name]: spec });
    expect(model.engines.kind === 'batch' && model.engines.spec.config.scheduling).toBe('priority');
    const preset = scenarioModel('trace-replay', { engine: 'h100-llama-3.1-8b-tp1', identity: 'none', scheduling: 'priority', maxSeqs: 4, maxBatchedTokens: 8192 }, { trace });
    expect((await play(model)).resultDigest).toBe((await play(preset)).resultDigest);
  });

  it('that are no whole numbers are refused before anything runs', () => {
    const trace = busyTrace(), wrong = { ...trace, fields: { priority: trace.fields['priority'].map((text, row) => (row === 7 ? 'high' : text)) } };
    expect(() => scenarioModel('trace-replay', { engine: 'constant:stepMs=1', scheduling: 'priority' }, { trace: loaded(wrong) })).toThrow(/priority of the call "7" is "high"/);
  });
});
