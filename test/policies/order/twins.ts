// The rules in their plainest words: what each call is worth, counted anew for every question.
import type { ParamValues } from '../../../src/options.ts';
import type { One, Twin } from './rig.ts';

const first = (one: One): number => (one.runs ? 0 : 1);
const served = (one: One, tokens: number, nowUs: number): number => (tokens > 0 || one.prompt > 0 ? tokens : Math.round((nowUs - one.grantedUs) / 1000));

/** Steepest mean completion over all later ages, straight from the definition. */
export function bruteGittins(samples: readonly number[], had: number): number {
  const age = Math.max(0, ...samples.filter((size) => size <= had)), left = samples.filter((size) => size > age);
  if (left.length === 0) return 0;
  return Math.max(...left.map((until) => left.filter((size) => size <= until).length / left.reduce((sum, size) => sum + Math.min(size, until) - age, 0)));
}

export const TWINS: Readonly<Record<string, (options: ParamValues) => Twin>> = {
  'fcfs': () => ({ rank: () => [] }),
  'program-fcfs': () => {
    const came = new Map<number, readonly number[]>();
    return { arrive: (one) => { if (!came.has(one.program)) came.set(one.program, [one.arrivedUs, one.key]); }, rank: (one) => came.get(one.program)! };
  },
  'sjf': ({ promptWeight }) => ({ rank: (one) => [one.out + Number(promptWeight) * one.prompt, first(one)] }),
  'srpt': () => ({ rank: (one) => [Math.max(0, one.out - one.had), first(one)] }),
  'program-srpt': () => {
    const done = new Map<number, number>(), add = (one: One, tokens: number): void => { done.set(one.program, (done.get(one.program) ?? 0) + tokens); };
    return { progress: add, finish: (one, tokens) => { add(one, tokens - one.had); }, rank: (one) => [Math.max(0, one.total - (done.get(one.program) ?? 0)), first(one)] };
  },
  'priority': ({ by, ageing }) => ({ rank: (one) => [(by === 'class' ? one.callClass : -one.weight) + (Number(ageing) > 0 ? one.arrivedUs / 1e6 / Number(ageing) : 0)] }),
  'gittins': ({ sizes, mean }) => {
    const listed = /^empirical:(.*)$/.exec(String(sizes)), values = listed?.[1]!.split('/').map(Number) ?? [], factor = Number(mean) * values.length / values.reduce((a, b) => a + b, 0);
    const samples = values.map((value) => value * factor);
    // Slopes of the same curve, rounded alike: equal indices must be equal.
    return { rank: (one) => [Number((-bruteGittins(samples, one.had)).toPrecision(12)), first(one)] };
  },
  'hrrn': ({ age, predictedOutput }) => {
    const before = new Map<One, number>();
    let processed = 0;
    return {
      arrive: (one) => { before.set(one, processed); },
      progress: (_, tokens) => { processed += tokens; },
      finish: (one, tokens, nowUs) => { processed += served(one, tokens, nowUs) - one.had + one.prompt; },
      rank: (one, nowUs) => (one.runs ? [0, 0] : [1, -(1 + (age === 'tokens' ? processed - before.get(one)! : (nowUs - one.arrivedUs) / 1000) / Math.max(1, one.prompt - one.cached + (predictedOutput === true ? one.out : 0)))]),
    };
  },
  'lpm': ({ matchLimit, ageing }) => {
    let waiting = 0;
    return { ask: (all) => { waiting = all.filter((one) => !one.runs).length; }, rank: (one, nowUs) => (one.runs ? [0, 0] : [1, waiting > Number(matchLimit) ? 0 : -(one.cached + Number(ageing) * ((nowUs - one.arrivedUs) / 1e6))]) };
  },
  'mlfq': ({ quanta: text, base, levels, starvation }) => {
    const quanta = text === 'doubling' ? Array.from({ length: Number(levels) }, (_, i) => (i === Number(levels) - 1 ? Infinity : Number(base) * 2 ** i)) : String(text).split('/').map((part) => (part === 'inf' ? Infinity : Number(part)));
    const at = new Map<One, { level: number; used: number; turn: number }>();
    return {
      arrive: (one, nowUs) => { at.set(one, { level: 0, used: 0, turn: nowUs + 0.5 }); },
      // One token at a time: who is at the quantum sinks, and what sinks stands before what arrives at the same instant.
      progress: (one, tokens, nowUs) => {
        const mine = at.get(one)!;
        for (let i = 0; i < tokens; i++) if (++mine.used >= quanta[mine.level]!) { mine.level = Math.min(quanta.length - 1, mine.level + 1); mine.used = 0; mine.turn = nowUs; }
      },
      ask: (all, nowUs) => { for (const one of all) { const mine = at.get(one)!; if (!one.runs && Number(starvation) > 0 && mine.level > 0 && nowUs - one.sinceUs >= Number(starvation) * 1e6) { mine.level = 0; mine.used = 0; mine.turn = one.sinceUs + Number(starvation) * 1e6; } } },
      rank: (one) => [at.get(one)!.level, at.get(one)!.turn],
    };
  },
};
