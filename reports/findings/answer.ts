// The answer at the top: what to set, by how much, at what cost; or why nothing can be said. Every kind of decision has its wording.
import { capital, phrase, type Asked } from '../asked.ts';
import { list } from '../numbers.ts';
import type { Listing } from '../setting-names.ts';
import type { Setting } from '../settings.ts';
import { comparisonOf, meanOf, summaryOf, type Study } from '../study.ts';
import { showEstimate } from '../units.ts';
import { EVERY, totalWait } from '../waits.ts';
import { metricSentence } from './curve.ts';
import { noEffectSentence, partSentence } from './decisions.ts';
import { alikeText, byText, fullNames, isServedOnly, judged, leastServed, names, runsText } from './words.ts';

export interface Answer {
  readonly lead: string;
  readonly rest: readonly string[];
}

const stop = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);

/** A setting at the start of a sentence: `Alpha 0.25`, but `loco` as it is spelled. */
export const starting = (study: Study, setting: Setting): string =>
  study.keys.some((key) => setting.name.startsWith(`${key} `)) ? capital(setting.name) : setting.name;

/** `Alpha 0 and 0.25`, `fcfs and loco`, `12 of the 60 settings`. */
export function startingNames(study: Study, settings: readonly Setting[], listing: Listing = {}): string {
  const text = fullNames(study, settings, listing);
  return /^(all|every|no) /.test(text) || study.keys.some((key) => text.startsWith(`${key} `)) ? capital(text) : text;
}

function whyInvalid(study: Study): string {
  const { summary, manifest } = study.input;
  const why =
    (!summary.valid ? summary.notes[0] : undefined) ??
    (manifest.verdict && manifest.verdict !== 'invalid' ? manifest.verdict : undefined) ??
    'the run broke a condition of its study';
  return why.replace(/^invalid:?\s*/i, '');
}

/** What the settings that were kept have in common on the metrics before the one that decided. */
function levelClause(study: Study): string {
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
function levelSentence(study: Study): string {
  const { kept, level } = study.decision,
    text = alikeText(study, kept, level);
  return `${startingNames(study, kept, { every: /^equal/.test(text) })} ${/^equal/.test(text) ? 'are ' : ''}${text} on ${list(level.map(phrase))}.`;
}

/** Settings that give the same as the chosen one, in every replication and on every headline metric. */
function twins(study: Study, chosen: Setting): string | null {
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
function costs(study: Study, chosen: Setting, by: Asked): string | null {
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
function droppedSentence(study: Study): string | null {
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
function moved(study: Study): string | null {
  const total = totalWait(study);
  return total?.equal && total.settings.length === study.settings.length && study.settings.length > 1
    ? `No setting makes the queue shorter: a call waits ${showEstimate(EVERY, summaryOf(total.low, EVERY.text)!)} on average in every one.`
    : null;
}

const figures = (setting: Setting, metrics: readonly Asked[]): string =>
  list(metrics.slice(0, 3).map((m) => `${phrase(m)} ${showEstimate(m, summaryOf(setting, m.text)!)}`));

/** Where no decision differs that is said first: no figure can tell more. */
export function answer(study: Study): Answer {
  const { lead, rest } = answerOf(study), isValid = study.decision.kind !== 'invalid', without = isValid ? noEffectSentence(study) : null, part = isValid ? partSentence(study) : null;
  return { lead, rest: [...(without === null ? [] : [without]), ...rest, ...(part === null ? [] : [part])] };
}

function answerOf(study: Study): Answer {
  const { decision, baseline, headline, settings } = study,
    some = (parts: readonly (string | null)[]): string[] => parts.filter((p): p is string => p !== null);
  switch (decision.kind) {
    case 'invalid':
      return {
        lead: stop(`This result is invalid: ${whyInvalid(study)}`),
        rest: [
          settings.length > 1
            ? 'No setting should be chosen from it; the figures below show what happened.'
            : 'The figures below show what happened, and answer nothing.',
        ],
      };
    case 'single': {
      if (!settings.length) return { lead: 'There is nothing to report: no cell has a result.', rest: [] };
      const known = headline.filter((m) => meanOf(settings[0], m.text) !== null);
      if (!known.length)
        return { lead: 'The run has finished, and no headline metric has a value.', rest: ['The table of all figures says what was counted.'] };
      return study.n.high < 2
        ? {
            lead: `One run: ${figures(settings[0], known)}.`,
            rest: [
              'One setting is compared with nothing, and one run carries no interval: sweep a key to compare, ask for replications with --reps.',
            ],
          }
        : {
            lead: `Over ${runsText(study)}: ${figures(settings[0], known)}.`,
            rest: ['One setting is compared with nothing: sweep a key to choose.'],
          };
    }
    case 'unjudged':
      return {
        lead:
          study.n.high < 2
            ? 'One run of each setting carries no interval, so no difference can be judged.'
            : 'No comparison carries an interval, so no difference can be judged.',
        rest: [...headline.slice(0, 2).map((m) => metricSentence(study, m)), 'Ask for replications with --reps.'],
      };
    case 'equal':
      return {
        lead: `${settings.length === 2 ? 'Both settings' : `All ${settings.length} settings`} give the same results.`,
        rest: some([
          `${capital(list(decision.level.map(phrase)))}: equal ${study.n.high < 2 ? 'in the run of each' : 'in every replication'}; there is nothing to choose.`,
          moved(study),
        ]),
      };
    case 'alike':
      return {
        lead:
          settings.length === 2
            ? `${startingNames(study, settings)} cannot be told apart.`
            : `None of the settings can be told apart from ${baseline!.name}.`,
        rest: some([
          `On ${list(decision.level.map(phrase))} every interval of a difference holds zero; ${study.n.high < 2 ? 'a longer trace' : 'more replications'} would narrow them.`,
          moved(study),
        ]),
      };
    case 'baseline':
      return {
        lead:
          settings.length === 2
            ? `${starting(study, decision.dropped[0])} is worse than ${baseline!.name}.`
            : `No setting is better than ${baseline!.name}.`,
        rest: some([
          droppedSentence(study),
          decision.kept.length > 1 ? levelSentence(study) : null,
          moved(study),
        ]),
      };
    case 'better': {
      const chosen = decision.chosen!,
        by = decision.by!,
        c = comparisonOf(study, chosen, by.text)!,
        size = byText(by, { ...c, mean: c.mean! });
      const [who, than] = decision.level.length ? [chosen.short, baseline!.short] : [starting(study, chosen), baseline!.name];
      // A name of several keys would run into what follows it: "guard on on".
      const gain = `${who} is better ${baseline!.words.others.length ? `on ${phrase(by)} than ${than}` : `than ${than} on ${phrase(by)}`}, ${size}${isServedOnly(by) && (leastServed(study)?.share ?? 1) < 0.9995 ? ', of served calls alone' : ''}`;
      return {
        lead: decision.level.length ? `${levelClause(study)}; ${gain}.` : `${gain}.`,
        rest: some([twins(study, chosen), costs(study, chosen, by), droppedSentence(study), moved(study)]),
      };
    }
  }
}
