// The run with a measurement for every request, replayed: what comes out, under which load it is off, and what each rule is worth.
import type { Ablation, AccuracyFigures, LoadRow } from '../../reports/accuracy/figures.ts';
import { RULES, ruleSet, type RuleName } from '../../sim/engine/batch/rules.ts';
import type { BatchConfig } from '../../sim/engine/batch/config.ts';
import { createCostModel } from '../../sim/engine/cost/registry.ts';
import type { TableCost } from '../../sim/engine/cost/table.ts';
import { specOf } from '../../sim/engine/presets/engine-spec.ts';
import { presetNamed } from '../../sim/engine/presets/registry.ts';
import { bias, curveOf, errors, pairs, quantile, timesOf } from './compare.ts';
import { drive, type Driven } from './drive.ts';
import { readRealRun, type RealRun, type Times } from './measured.ts';

const PRESET = presetNamed('rtx4090-llama-3.1-8b-tp1'), COST = PRESET.cost as TableCost;

interface Change { readonly config?: Partial<BatchConfig>; readonly cost?: Partial<TableCost> }

/** Replays the run with the preset, changed or not. */
export function replay(run: RealRun, { config, cost }: Change = {}): Driven {
  return drive(run.demands, { config: { ...specOf(PRESET).config, ...config }, cost: createCostModel({ ...COST, ...cost }) });
}

export function realRun(folder: string): { readonly real: AccuracyFigures['real']; readonly load: readonly LoadRow[]; readonly ablations: readonly Ablation[] } {
  const run = readRealRun(folder, PRESET.blockSize), driven = replay(run), simulated = driven.lives.map(timesOf);
  return {
    real: {
      name: 'vLLM 0.19.0, Llama-3.1-8B, RTX 4090, 2,588 blocks, 300 ShareGPT requests at 10/s', requests: simulated.length, steps: driven.steps, preemptions: driven.preemptions, metrics: pairs(run.times, simulated),
      curves: { measured: curveOf(run.times.map((times) => times.e2eMs / 1e3)), simulated: curveOf(simulated.map((times) => times.e2eMs / 1e3)), error: curveOf(errors(run.times, simulated, 'e2eMs')) },
    },
    load: byWait(run, simulated), ablations: ablations(run),
  };
}

/** Thirds of the requests by how long they really waited for their first token: the load that each met. */
function byWait({ times }: RealRun, simulated: readonly Times[]): readonly LoadRow[] {
  const order = times.map((_, i) => i).sort((a, b) => times[a].ttftMs - times[b].ttftMs), third = Math.ceil(order.length / 3);
  return ['least', 'middle', 'longest'].map((which, k) => {
    const of = order.slice(k * third, (k + 1) * third), measured = of.map((i) => times[i]), own = of.map((i) => simulated[i]), longest = measured[measured.length - 1].ttftMs / 1e3;
    return { run: 'RTX 4090', load: `the third that waited ${which === 'middle' ? 'longer' : which} (up to ${longest.toFixed(0)} s)`, requests: of.length, ttft: bias(measured, own, 'ttftMs'), e2e: bias(measured, own, 'e2eMs'), e2eMedianAbsolute: quantile(errors(measured, own, 'e2eMs'), 0.5) };
  });
}

/** The rule set less one rule, for every rule; then settings that a user may get wrong. */
function ablations(run: RealRun): readonly Ablation[] {
  const rules = (Object.keys(RULES) as RuleName[]).filter((name) => ruleSet(PRESET.rules)[name])
    .map((name) => row(run, `${RULES[name].number}: ${RULES[name].says}`, { config: { rules: ruleSet(PRESET.rules, [name]) } }));
  const blocks = (share: number): Change => ({ config: { blocks: Math.round(PRESET.blocks * (1 + share)) } });
  return [
    row(run, 'nothing: all rules', {}), ...rules,
    row(run, 'R17: a step is planned while the last runs', { config: { asynchronous: false } }),
    row(run, 'prefix cache', { config: { prefixCaching: false } }),
    row(run, 'the right budget: 8192 tokens a step, not 2048', { config: { maxBatchedTokens: 8192 } }),
    row(run, 'mixed-batch factor: decodes beside a chunk cost what they cost alone', { cost: { mixedFactor: 1 } }),
    row(run, '5 % of the 2588 KV blocks', blocks(-0.05)), row(run, 'the right KV blocks: 5 % more', blocks(0.05)), row(run, 'the right KV blocks: 3400, 31 % more', { config: { blocks: 3400 } }),
  ];
}

function row(run: RealRun, without: string, change: Change): Ablation {
  const simulated = replay(run, change).lives.map(timesOf), { times } = run, off = errors(times, simulated, 'e2eMs');
  const p99 = (of: readonly Times[]): number => quantile(of.map((one) => one.tpotMs), 0.99);
  return { without, ttft: bias(times, simulated, 'ttftMs'), tpot: bias(times, simulated, 'tpotMs'), e2e: bias(times, simulated, 'e2eMs'), tpotP99: p99(simulated) / p99(times) - 1, errorP50: quantile(off, 0.5), errorP90: quantile(off, 0.9) };
}
