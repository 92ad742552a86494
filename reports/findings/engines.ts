// Engines in a sentence: whether their KV cache is what is short, how full their steps are, and what the cache finds.
import { engineRuns, overall, totalOf, type EngineRun } from '../engines.ts';
import { count, fixed, list, NBSP, percent, plain } from '../numbers.ts';
import type { Study } from '../study.ts';
import { durationUnit } from '../units.ts';

/** Share of the blocks from which on a cache is called full. */
const FULL = 0.97;

const rounded = (n: number): string => (n < 10 ? plain(Number(n.toPrecision(2)), 2) : fixed(n, 0));
const mean = (run: EngineRun, measure: Parameters<typeof overall>[1]): number => overall(run, measure).mean ?? 0;
const fullest = (runs: readonly EngineRun[]): number => Math.max(...runs.map(({ record }) => record.all.peak.kvUse));

/** Names above this length make a list of values unreadable. */
const LONG = 24;
const crowded = (runs: readonly EngineRun[]): boolean => runs.length > 3 || (runs.length > 1 && runs.some(({ setting }) => setting.short.length > LONG));

/** `12 at loco, 20 at fcfs`; the value alone where there is one setting, and from the least to the most where names are long or many. */
const each = (runs: readonly EngineRun[], of: (run: EngineRun) => string, value: (run: EngineRun) => number): string => {
  const texts = runs.map(of);
  if (crowded(runs) && texts.some((text) => text !== texts[0])) {
    const order = [...runs].sort((a, b) => value(a) - value(b)),
      low = of(order[0]).split(' ')[0];
    return `${low} to ${of(order[order.length - 1])}`;
  }
  return texts.every((text) => text === texts[0]) ? texts[0] : list(runs.map(({ setting }, i) => `${texts[i]} at ${i ? setting.short : setting.name}`));
};

/** What is short, first. */
function shortage(runs: readonly EngineRun[]): string {
  const lost = runs.map((run) => totalOf(run, 'preemptions')),
    peak = fullest(runs);
  const waits = Math.max(...runs.map((run) => mean(run, 'waiting'))),
    most = Math.max(...runs.map(({ record }) => record.all.peak.waiting)),
    waiting = waits < 0.1 ? '' : ` ${each(runs, (run) => rounded(mean(run, 'waiting')), (run) => mean(run, 'waiting'))} wait in an engine on average, ${fixed(most, 0)} at the most.`;
  if (lost.some((n) => n > 0)) return `The KV cache runs full: requests lose their places ${each(runs, (run) => count(totalOf(run, 'preemptions'), 'time'), (run) => totalOf(run, 'preemptions'))}, and are computed again later.${waiting}`;
  if (peak >= FULL) return `The KV cache is full at times (${percent(peak)} of an engine's blocks), and none loses its place.${waiting}`;
  if (waits >= 0.1)
    return `Requests wait inside the engines although at most ${percent(peak)} of an engine's KV blocks are held: places or tokens of a step are short, not blocks.${waiting}`;
  return `Nothing is short inside the engines: no request loses its place, ${most === 0 ? 'none waits once a step is planned' : `hardly any waits once a step is planned`}, and no engine ever holds more than ${percent(peak)} of its KV blocks.`;
}

export function enginesFinding(study: Study): string[] {
  const runs = engineRuns(study),
    most = Math.max(...runs.map(({ record }) => record.all.peak.running));
  const tokens = (run: EngineRun): number => (overall(run, 'decode').mean ?? 0) + (overall(run, 'prefill').mean ?? 0);
  const load = `On average an engine runs ${each(runs, (run) => rounded(mean(run, 'running')), (run) => mean(run, 'running'))} requests, ${fixed(most, 0)} at the most, and computes ${each(runs, (run) => rounded(tokens(run)), tokens)} tokens a step; it is busy ${each(runs, (run) => percent(mean(run, 'busy')), (run) => mean(run, 'busy'))} of the time${crowded(runs) ? `. The table has each of the ${runs.length} settings` : ''}.`;
  const hits = runs.every((run) => totalOf(run, 'cachedTokens') === 0)
    ? 'Nothing of the prompts is found in the cache.'
    : `${each(runs, (run) => percent(mean(run, 'hits')), (run) => mean(run, 'hits'))} of the prompt tokens ${runs.length > 1 ? '' : 'that came in '}are found in the cache.`;
  return [shortage(runs), load, hits.slice(0, 1).toUpperCase() + hits.slice(1)];
}

export function enginesCaption(study: Study): string[] {
  const runs = engineRuns(study),
    several = runs.some(({ record }) => record.engines > 1),
    ranged = runs.some(({ record }) => record.each.length > 0),
    width = Math.max(...runs.map(({ record }) => record.each[0]?.binS ?? record.all.binS)),
    unit = durationUnit(width);
  return [
    'Illustration: ',
    `the first replication${study.settings.length > 1 ? ' of each coloured setting' : ''}; one run carries no interval.`,
    ...(several ? [` ${ranged ? 'Lines: the mean of the engines; bands: from the lowest engine to the highest.' : 'Lines: the mean of the engines.'}`] : []),
    ` Averages over about ${plain(Number((width * unit.factor).toPrecision(2)))}${NBSP}${unit.word}. Running, waiting and KV blocks are as the scheduler had them when each step was planned; an idle engine has none. Blocks that are only remembered count as free.`,
  ];
}
