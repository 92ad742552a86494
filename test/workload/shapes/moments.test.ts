// Shapes of programs against the means that were published for them, their bounds, what they share, and that a program is the same whoever asks when.
import { describe, expect, it } from 'vitest';
import { ProgramSource } from '../../../sim/workload/program-load.ts';
import { workOf } from '../../../sim/workload/programs.ts';
import { PROGRAMS, provenanceOf } from '../../../sim/workload/shapes/registry.ts';
import { ProgramDraft } from '../../../sim/workload/workload.ts';
import { Streams } from '../../../sim/random/streams.ts';
import { NODE_TOOL } from '../../../src/programs/plan.ts';
import { meanOf, ratioOf, tallyOf } from './tally.ts';

/** `SCHEDLAB_PROGRAMS=20000` holds the means to 1 %, as more programs do. */
const ASKED = Number(process.env['SCHEDLAB_PROGRAMS'] ?? 0);
const SHAPES = Object.values(PROGRAMS).filter(({ shapes }) => shapes.length === 1);

describe('shapes of programs', () => {
  it.each(SHAPES)('$name has the published means of calls and tokens, within four standard errors', (mix) => {
    const { moments } = mix.shapes[0]!, { calls, prefill, decode } = tallyOf(mix, ASKED || (moments.calls > 100 ? 300 : 1500));
    for (const [measured, wanted] of [[meanOf(calls), moments.calls], [ratioOf(prefill, calls), moments.prefill], [ratioOf(decode, calls), moments.decode]] as const) {
      expect(Math.abs(measured.mean - wanted) / measured.error).toBeLessThan(4);
      if (ASKED >= 20_000) expect(Math.abs(measured.mean / wanted - 1)).toBeLessThan(0.01);
    }
    expect(Math.max(...calls.slice(0, 10_000))).toBeLessThanOrEqual(moments.mostCalls);
  });

  it.each(SHAPES.flatMap((mix) => [131_072, 32_768, 4096].map((contextTokens) => ({ name: mix.name, mix, contextTokens }))))('$name never has a prompt and an answer longer than $contextTokens tokens', ({ mix, contextTokens }) => {
    expect(tallyOf(mix, mix.name === 'mcts' ? 40 : 150, { contextTokens, wholePrompts: true }).longest).toBeLessThanOrEqual(contextTokens);
  });

  it('mixed is made of its shapes in equal thirds', () => {
    const source = new ProgramSource(new Streams('thirds'), { mix: PROGRAMS['mixed']!, contextTokens: 131_072, pauses: 1 }), draft = new ProgramDraft(), seen = [0, 0, 0];
    for (let p = 0; p < 600; p++) { source.write(p, draft); seen[draft.callClass]!++; }
    // Four standard deviations of a third of 600.
    for (const n of seen) expect(Math.abs(n - 200)).toBeLessThan(47);
  });

  it.each(Object.values(PROGRAMS))('a program of $name is the same whatever was asked for before it', (mix) => {
    const options = { mix, contextTokens: 131_072, pauses: 1 }, forwards = new ProgramSource(new Streams('same'), options), alone = new ProgramSource(new Streams('same'), options), draft = new ProgramDraft();
    let seen;
    for (let p = 0; p < 6; p++) { forwards.write(p, draft); if (p === 3) seen = workOf(draft); }
    alone.write(3, draft);
    expect(workOf(draft)).toEqual(seen);
  });

  it('pauses scale the times between calls and nothing else', () => {
    for (const mix of SHAPES) {
      const [as, none] = [1, 0].map((pauses) => { const draft = new ProgramDraft(); new ProgramSource(new Streams('pauses'), { mix, contextTokens: 131_072, pauses }).write(1, draft); return workOf(draft); }) as [ReturnType<typeof workOf>, ReturnType<typeof workOf>];
      expect([none.graph!.parents, none.context!.newTokens, none.outputTokens]).toEqual([as.graph!.parents, as.context!.newTokens, as.outputTokens]);
      expect([...none.thinkUs, ...none.graph!.toolUs].every((us) => us === 0)).toBe(true);
    }
  });

  it('more than nine tenths of what coding agents ask for was asked for before', () => {
    const { prompts, prefill, decode } = tallyOf(PROGRAMS['coding-agent']!, 200, { wholePrompts: true }), total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
    // What is new in a prompt is what its call adds, and at most the answers since; instructions are read once a repository.
    expect((total(prefill) + total(decode) + 8 * 12_000) / total(prompts)).toBeLessThan(0.1);
  });

  it('coding agents wait for test runners that they share, and other tools have room for all', () => {
    const draft = new ProgramDraft(), pools = new Set<number>();
    for (let p = 0; p < 20; p++) { new ProgramSource(new Streams('tools'), { mix: PROGRAMS['coding-agent']!, contextTokens: 131_072, pauses: 1 }).write(p, draft); draft.graph!.kind.forEach((kind, i) => { if (kind === NODE_TOOL) pools.add(draft.graph!.pool[i]!); }); }
    expect([...pools].sort()).toEqual([-1, 0]);
  });

  it('tree search forks in changing widths, and sleeping reflections are woken by their judgement', () => {
    const draft = new ProgramDraft(), widths = new Set<number>();
    new ProgramSource(new Streams('tree'), { mix: PROGRAMS['mcts']!, contextTokens: 131_072, pauses: 1 }).write(0, draft);
    const graph = draft.graph!, sleeping = [...graph.dormant.keys()].filter((i) => graph.dormant[i] === 1), woken = graph.wakes.flat();
    graph.children.forEach((children, i) => { if (graph.kind[i] === 2 && children.length > 1) widths.add(children.length); });
    expect(widths.size).toBeGreaterThan(3);
    expect(sleeping.length).toBeGreaterThan(0);
    expect([...woken].sort((a, b) => a - b)).toEqual(sleeping);
  });

  it('says of every shape what is published and what is ours', () => {
    for (const mix of Object.values(PROGRAMS)) for (const sentence of provenanceOf(mix)) expect(sentence).toMatch(/ from .*; ours: /);
  });
});
