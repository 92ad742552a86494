// The clauses that answers are made of: who is level, what a choice costs, who is worse, who does the same, what no setting changes.
import { capital, phrase, type Asked } from '../asked.ts';
import { list } from '../numbers.ts';
import type { Listing } from '../setting-names.ts';
import type { Setting } from '../settings.ts';
import { comparisonOf, meanOf, summaryOf, type Study } from '../study.ts';
import { showEstimate } from '../units.ts';
import { EVERY, totalWait } from '../waits.ts';
import { alikeText, byText, fullNames, isServedOnly, judged, leastServed, names } from './words.ts';

/** A setting at the start of a sentence: `Alpha 0.25`, but `loco` as it is spelled. */
export const starting = (study: Study, setting: Setting): string =>
  study.keys.some((key) => setting.name.startsWith(`${key} `)) ? capital(setting.name) : setting.name;

/** `Alpha 0 and 0.25`, `fcfs and loco`, `12 of the 60 settings`. */
export function startingNames(study: Study, settings: readonly Setting[], listing: Listing = {}): string {
  const text = fullNames(study, settings, listing);
  return /^(all|every|no) /.test(text) || study.keys.some((key) => text.startsWith(`${key} `)) ? capital(text) : text;
}

/** What the settings that were kept have in common on the metrics before the one that decided. */
export function levelClause(study: Study): string {
  const { kept, level } = study.decision,
    metric = level[0];
  if (metric.definition.name === 'starved' && kept.every((s) => meanOf(s, metric.text) === 0))
    return kept.length === study.settings.length
      ? 'No setting leaves an agent without a completion'
      : `${startingNames(study, kept)} ${kept.length === 1 || /^every [^,]*$/.test(fullNames(study, kept)) ? 'leaves' : 'leave'} no agent without a completion`;
  const text = alikeText(study, kept, level);
  return `On ${list(level.map(phrase))}, ${names(study, kept, { every: /^equal/.test(text) })} ${/^equal/.test(text) ? 'are ' : ''}${text}`;
}

/** `Alpha 0.25 and 0 cannot be told apart on starved agents.` */
export function levelSentence(study: Study): string {
  const { kept, level } = study.decision,
    text = alikeText(study, kept, level);
  return `${startingNames(study, kept, { every: /^equal/.test(text) })} ${/^equal/.test(text) ? 'are ' : ''}${text} on ${list(level.map(phrase))}.`;
}

/** Settings that give the same as the chosen one, in every replication and on every headline metric. */
export function twins(study: Study, chosen: Setting): string | null {
  const same = study.settings.filter(
    (s) =>
      s !== chosen &&
      s !== study.baseline &&
      s.runs.length > 0 &&
      s.runs.length === chosen.runs.length &&
      s.runs.every((run, i) => study.headline.every((m) => (run.metrics[m.text] ?? null) === (chosen.runs[i].metrics[m.text] ?? null))),
  );
  return same.length ? `${startingNames(study, same)} ${same.length === 1 ? 'does' : 'do'} the same, in every replication.` : null;
}

/** Later headline metrics on which the chosen setting is worse: what it costs. */
export function costs(study: Study, chosen: Setting, by: Asked): string | null {
  const worse = study.headline
    .filter((m) => m.text !== by.text)
    .flatMap((m) => {
      const c = comparisonOf(study, chosen, m.text);
      return c && c.mean !== null && c.method !== 'none' && c.verdict === 'worse' ? [{ m, c: { ...c, mean: c.mean } }] : [];
    });
  if (!worse.length) return null;
  const least = leastServed(study),
    flatter =
      worse.some(({ m }) => isServedOnly(m)) && least && least.share < 0.9995
        ? '; served calls alone flatter whoever leaves the others unserved'
        : '';
  return `The price of ${chosen.short}: worse on ${list(worse.map(({ m, c }) => `${phrase(m)}, ${byText(m, c)}`))}${flatter}.`;
}

/** Settings dropped because they are worse than the baseline on a metric that comes first. */
export function droppedSentence(study: Study): string | null {
  const { dropped, level } = study.decision;
  if (!dropped.length || !level.length) return null;
  const metric = level.find((m) => judged(study, m).some((r) => r.c.verdict === 'worse'))!,
    rows = judged(study, metric).filter((r) => r.c.verdict === 'worse'),
    top = rows.reduce((a, b) => (Math.abs(b.c.mean) > Math.abs(a.c.mean) ? b : a));
  return `${startingNames(
    study,
    rows.map((r) => r.setting),
  )} ${rows.length === 1 ? 'is' : 'are'} worse on ${phrase(metric)}${rows.length === 1 ? '' : `, most of all ${top.setting.short}`}, ${byText(metric, top.c)}.`;
}

/** What no setting can change is said, and was checked. */
export function moved(study: Study): string | null {
  const total = totalWait(study);
  return total?.equal && total.settings.length === study.settings.length && study.settings.length > 1
    ? `No setting makes the queue shorter: a call waits ${showEstimate(EVERY, summaryOf(total.low, EVERY.text)!)} on average in every one.`
    : null;
}

export const figures = (setting: Setting, metrics: readonly Asked[]): string =>
  list(metrics.slice(0, 3).map((m) => `${phrase(m)} ${showEstimate(m, summaryOf(setting, m.text)!)}`));
