// One server that may stop its calls, programs written down, times in whole milliseconds: when every call ended, and what was served until when.
import fc from 'fast-check';
import { definePolicy, type PolicyDefinition } from '../../../src/policies/policy.ts';
import { resolveOptions } from '../../../src/options.ts';
import { POLICIES } from '../../../src/policies/registry.ts';
import { modelOf, play, type ScriptedProgram } from '../../worlds/scripted-model.ts';

export const MS = 1000;

export interface Job { readonly gapMs: number; readonly sizeMs: number }
export const jobs: fc.Arbitrary<readonly Job[]> = fc.array(fc.record({ gapMs: fc.nat(6), sizeMs: fc.integer({ min: 1, max: 9 }) }), { minLength: 2, maxLength: 14 });

/** Jobs one after another as programs of one call. */
export function programsOf(list: readonly Job[]): ScriptedProgram[] {
  let atMs = 0;
  return list.map(({ gapMs, sizeMs }) => ({ arrivalUs: (atMs += gapMs) * MS, calls: [{ serviceUs: sizeMs * MS, outputTokens: sizeMs, promptTokens: 10 }] }));
}

export interface Served { /** By program: when its last call ended, in µs. */ readonly ends: ReadonlyMap<number, number>; /** Service given until an instant, in µs. */ doneUs(atUs: number): number }

/** Ends of programs, by number. */
export async function serve(programs: readonly ScriptedProgram[], name: string, given: Readonly<Record<string, unknown>> = {}, slots = 1): Promise<Served> {
  const inner: PolicyDefinition = POLICIES[name]!, spans: { from: number; to: number }[] = [], since = new Map<number, number>();
  const stop = (call: number, nowUs: number): void => { const from = since.get(call); since.delete(call); if (from !== undefined) spans.push({ from, to: nowUs }); };
  const policy = definePolicy({ ...inner, create: (context) => {
    const made = inner.create(context), { grant, preempt, finish } = made;
    made.grant = (call, nowUs) => { since.set(call, nowUs); grant.call(made, call, nowUs); };
    made.preempt = (call, nowUs) => { stop(call, nowUs); preempt!.call(made, call, nowUs); };
    made.finish = (call, well, nowUs) => { stop(call, nowUs); finish.call(made, call, well, nowUs); };
    return made;
  } });
  const ends = new Map<number, number>();
  const model = modelOf({ programs, policy, policyOptions: resolveOptions(inner.params, given, name), engines: { slots, discipline: 'preempt-resume' }, place: 'engine', dispatch: 'immediate', window: Infinity, knowledge: 'oracle' });
  await play(model, { callLine: (line) => { const at = Math.round(line.finished! * 1e6); ends.set(Number(line.program), Math.max(at, ends.get(Number(line.program)) ?? 0)); } });
  return { ends, doneUs: (atUs) => spans.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, atUs) - from), 0) };
}
