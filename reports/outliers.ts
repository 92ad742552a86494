// What sticks out: the replication furthest from the mean of its setting, the run in which an agent starves or waits longest, the highest window.
import type { Asked } from './asked.ts';
import { valuesOf, windowsOf } from './precision.ts';
import type { Setting } from './settings.ts';
import type { Study } from './study.ts';

export interface Point {
  readonly setting: Setting;
  readonly replication: number;
  readonly value: number;
  /** Standard deviations of its setting from the mean, signed. */
  readonly deviations: number;
}

/** Fewer replications have no shape that one could stick out of. */
const FEWEST = 5;

/** Lowest and highest replication of a setting; the first of equals. Undefined: no value. */
export function extremes(setting: Setting, metric: Asked): { readonly low: number; readonly high: number } | undefined {
  const values = valuesOf(setting, metric);
  if (!values.length) return undefined;
  const low = values.reduce((a, b) => (b.value < a.value ? b : a)),
    high = values.reduce((a, b) => (b.value > a.value ? b : a));
  return { low: low.replication, high: high.replication };
}

/** The replication furthest from the mean of its setting, in its standard deviations; the first of equals. Null: too few, or no spread. */
export function oddest(study: Study, metric: Asked): Point | null {
  let found: Point | null = null;
  for (const setting of study.settings) {
    const values = valuesOf(setting, metric),
      n = values.length;
    if (n < FEWEST) continue;
    const mean = values.reduce((sum, v) => sum + v.value, 0) / n,
      sd = Math.sqrt(values.reduce((sum, v) => sum + (v.value - mean) * (v.value - mean), 0) / (n - 1));
    if (!(sd > Math.abs(mean) * 1e-9)) continue;
    for (const { replication, value } of values) {
      const deviations = (value - mean) / sd;
      if (found === null || Math.abs(deviations) > Math.abs(found.deviations)) found = { setting, replication, value, deviations };
    }
  }
  return found;
}

/** The run that treats an agent worst: the first without a completion, at the setting with the most of these; else the one with its longest mean wait. */
export function worstRun(settings: readonly Setting[], agent: string): { readonly setting: Setting; readonly replication: number; readonly starved: boolean; readonly waitS: number } | undefined {
  const runs = settings.map((setting) => ({
    setting,
    runs: setting.runs.flatMap((run) => {
      const own = run.detail.agents.find((a) => a.name === agent && a.arrived > 0);
      return own ? [{ replication: run.replication, starved: own.completed === 0, waitS: own.waitAllMeanS }] : [];
    }),
  }));
  const starved = runs.map((one) => ({ setting: one.setting, runs: one.runs.filter((run) => run.starved) })).filter((one) => one.runs.length > 0);
  if (starved.length) {
    const most = starved.reduce((a, b) => (b.runs.length > a.runs.length ? b : a));
    return { setting: most.setting, ...most.runs[0] };
  }
  const all = runs.flatMap((one) => one.runs.map((run) => ({ setting: one.setting, ...run })));
  return all.length ? all.reduce((a, b) => (b.waitS > a.waitS ? b : a)) : undefined;
}

/** The window with the highest mean of all that are drawn, counted from 1. Null: one trace was not drawn. */
export function highestWindow(study: Study): { readonly setting: Setting; readonly window: number; readonly value: number } | null {
  const all = (windowsOf(study)?.lines ?? []).flatMap(({ setting, values }) => values.flatMap((value, i) => (value === null ? [] : [{ setting, window: i + 1, value }])));
  return all.length ? all.reduce((a, b) => (b.value > a.value ? b : a)) : null;
}
