// The strip under the answer: three to five facts, each a word, a number and its interval.
import { capital, phrase, type Asked } from '../asked.ts';
import { count, noneOf, percent } from '../numbers.ts';
import type { Setting } from '../settings.ts';
import { meanOf, summaryOf, type Study } from '../study.ts';
import { showEstimate } from '../units.ts';
import { EVERY, totalWait } from '../waits.ts';
import { decidedPart, noEffectFact } from './decisions.ts';
import { alikeText, byText, fullNames, isServedOnly, judged, leastServed, names, runsText } from './words.ts';

/** A part of a detail: plain text, or the word of a verdict, which is set in its colour. */
export type Part = string | { readonly verdict: 'better' | 'worse' };
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly detail: readonly Part[];
}

const value = (metric: Asked, setting: Setting): string => {
  const s = summaryOf(setting, metric.text);
  return s ? showEstimate(metric, s) : 'no value';
};

/** Characters of a fact's value: it is set large. */
const LONGEST_VALUE = 36;

/** One headline metric, by what can be said of it. */
function metricFact(study: Study, metric: Asked): Fact {
  const label = capital(phrase(metric)),
    { settings, baseline } = study,
    rows = judged(study, metric);
  if (settings.length === 1) return { label, value: value(metric, settings[0]), detail: [oneRun(study, metric, settings[0])] };
  const known = settings.filter((s) => meanOf(s, metric.text) !== null),
    at = (s: Setting): number => meanOf(s, metric.text)!;
  if (!rows.length || !baseline) {
    const low = known.reduce((a, b) => (at(b) < at(a) ? b : a)),
      high = known.reduce((a, b) => (at(b) > at(a) ? b : a));
    if (at(low) === at(high)) return { label, value: value(metric, low), detail: ['the same in every setting'] };
    if (value(metric, low) === value(metric, high))
      return { label, value: value(metric, low), detail: ['the same in every setting, within rounding'] };
    const best = metric.definition.better === 'higher' ? high : low,
      other = best === low ? high : low;
    return {
      label,
      value: value(metric, best),
      detail: [`at ${best.short}; ${value(metric, other)} at ${other.short}${study.decision.kind === 'invalid' ? '' : '; not judged'}`],
    };
  }
  const better = rows.filter((r) => r.c.verdict === 'better'),
    worse = rows.filter((r) => r.c.verdict === 'worse'),
    alike = settings.filter((s) => s === baseline || rows.some((r) => r.setting === s && (r.c.verdict === 'same' || r.c.verdict === 'equal')));
  if (better.length) {
    const pick =
      better.find((r) => r.setting === study.decision.chosen) ?? better.reduce((a, b) => (Math.abs(b.c.mean) > Math.abs(a.c.mean) ? b : a));
    return {
      label,
      value: pick.setting.name,
      detail: [
        `${value(metric, pick.setting)}; `,
        { verdict: 'better' },
        ` than ${baseline.short} ${byText(metric, pick.c)}${flatters(study, metric)}`,
      ],
    };
  }
  if (worse.length) {
    const top = worse.reduce((a, b) => (Math.abs(b.c.mean) > Math.abs(a.c.mean) ? b : a));
    return {
      label,
      value: fullNames(study, alike, { most: LONGEST_VALUE }),
      detail: [
        `${value(metric, baseline)}${alike.length > 1 ? `, ${alikeText(study, alike, [metric])}` : ''}${zeroBound(metric, baseline)}; at ${top.setting.short} `,
        { verdict: 'worse' },
        ` ${byText(metric, top.c)}${flatters(study, metric)}`,
      ],
    };
  }
  if (rows.every((r) => r.c.verdict === 'equal'))
    return { label, value: value(metric, baseline), detail: ['the same in every setting and replication'] };
  if (rows.some((r) => r.c.verdict === 'different')) {
    const top = rows.filter((r) => r.c.verdict === 'different').reduce((a, b) => (Math.abs(b.c.mean) > Math.abs(a.c.mean) ? b : a));
    return { label, value: value(metric, baseline), detail: [`at ${baseline.short}; different at ${top.setting.short}, ${byText(metric, top.c)}`] };
  }
  return { label, value: value(metric, baseline), detail: [`no setting can be told apart from ${baseline.short}`] };
}

/** Waits of served calls say little where many are never served. */
function flatters(study: Study, metric: Asked): string {
  const least = leastServed(study);
  return isServedOnly(metric) && least && least.share < 0.9995 ? `; served calls only, ${percent(1 - least.share)} never are` : '';
}

const oneRun = (study: Study, metric: Asked, setting: Setting): string =>
  study.n.high < 2 ? 'one run, no interval' : `${runsText(study)}${zeroBound(metric, setting)}`;

/** Where no run starved anybody, what that excludes. */
function zeroBound(metric: Asked, setting: Setting): string {
  return metric.definition.name === 'starved' && meanOf(setting, metric.text) === 0 && setting.cell.replications > 1
    ? `; in 0 of ${setting.cell.replications} runs (≤\u00a0${percent(noneOf(setting.cell.replications))})`
    : '';
}

function waitFact(study: Study): Fact | null {
  const total = totalWait(study);
  if (!total || study.ranked.some((m) => m.text === EVERY.text)) return null;
  if (study.settings.length === 1)
    return { label: 'Wait of a call', value: value(EVERY, total.low), detail: ['mean over every call, the unserved counted to the end'] };
  if (total.equal)
    return {
      label: 'Wait of a call',
      value: value(EVERY, total.low),
      detail: ['mean over every call; the same in every setting: waiting is moved, none is removed'],
    };
  if (value(EVERY, total.low) === value(EVERY, total.high))
    return { label: 'Wait of a call', value: value(EVERY, total.low), detail: ['mean over every call; the same in every setting, within rounding'] };
  return {
    label: 'Wait of a call',
    value: value(EVERY, total.low),
    detail: [`mean over every call, at ${total.low.short}; ${value(EVERY, total.high)} at ${total.high.short}`],
  };
}

export function conditionsFact(study: Study): Fact {
  const { summary, manifest } = study.input,
    valid = summary.valid && manifest.valid,
    unstable = study.settings.filter((s) => s.cell.stable === false),
    decided = decidedPart(study);
  const size = `${count(study.settings.length, 'cell')} × ${runsText(study)}`,
    where = manifest.target === 'sim' || manifest.target === '' ? 'simulated' : `live: ${manifest.target}`;
  const parts = [
    size,
    where,
    ...(manifest.interrupted ? ['interrupted: not every replication was run'] : []),
    ...(unstable.length && (valid || !/unstable/.test(summary.notes[0] ?? ''))
      ? [`unstable: the queue grows${unstable.length === study.settings.length ? '' : ` at ${names(study, unstable)}`}`]
      : []),
    ...(decided === null ? [] : [decided]),
  ];
  return {
    label: 'Conditions',
    value: valid ? 'valid' : 'invalid',
    detail: [...(valid ? [] : [`${(summary.valid ? manifest.verdict : summary.notes[0]) ?? manifest.verdict}; `]), parts.join('; ')],
  };
}

function thresholdFact(study: Study): Fact | null {
  const all = study.input.summary.thresholds;
  if (!all.length) return null;
  const broken = all.filter((t) => !t.held);
  if (!broken.length) return { label: 'Thresholds', value: 'all hold', detail: [[...new Set(all.map((t) => t.text))].join('; ')] };
  const first = broken[0],
    setting = study.settings.find((s) => s.cell.id === first.cell);
  return {
    label: 'Thresholds',
    value: `${broken.length} of ${all.length} broken`,
    detail: [
      `${first.text}${setting && study.settings.length > 1 ? ` at ${setting.short}` : ''}${broken.length > 1 ? ` and ${broken.length - 1} more` : ''}`,
    ],
  };
}

/** Conditions last, but first where they make the result invalid. */
export function facts(study: Study): Fact[] {
  const conditions = conditionsFact(study),
    thresholds = thresholdFact(study),
    wait = waitFact(study);
  const lead = noEffectFact(study),
    middle = [...(lead ? [lead] : []), ...(thresholds ? [thresholds] : []), ...study.ranked.map((m) => metricFact(study, m)), ...(wait ? [wait] : [])].slice(0, 4);
  return study.decision.kind === 'invalid' ? [conditions, ...middle] : [...middle, conditions];
}
