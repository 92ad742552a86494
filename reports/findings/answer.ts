// The answer at the top: what to set, by how much, at what cost; or why nothing can be said. Every kind of decision has its wording.
import { capital, phrase, type Asked } from '../asked.ts';
import { list } from '../numbers.ts';
import { comparisonOf, meanOf, type Study } from '../study.ts';
import { costs, droppedSentence, figures, levelClause, levelSentence, moved, starting, startingNames, twins } from './clauses.ts';
import { metricSentence } from './curve.ts';
import { noEffectSentence, partSentence } from './decisions.ts';
import { byText, isServedOnly, judged, leastServed, runsText } from './words.ts';

export interface Answer {
  readonly lead: string;
  readonly rest: readonly string[];
}

const stop = (text: string): string => (/[.?!]$/.test(text) ? text : `${text}.`);

function whyInvalid(study: Study): string {
  const { summary, manifest } = study.input;
  const why =
    (!summary.valid ? summary.notes[0] : undefined) ??
    (manifest.verdict && manifest.verdict !== 'invalid' ? manifest.verdict : undefined) ??
    'the run broke a condition of its study';
  return why.replace(/^invalid:?\s*/i, '');
}

/** Where no decision differs that is said first: no figure can tell more. */
export function answer(study: Study): Answer {
  const { lead, rest } = answerOf(study), isValid = study.decision.kind !== 'invalid', without = isValid ? noEffectSentence(study) : null, part = isValid ? partSentence(study) : null;
  return { lead, rest: [...(without === null ? [] : [without]), ...rest, ...(part === null ? [] : [part])] };
}

/** Whether no setting differs from the baseline in any pair: no further replication tells more of such a metric. */
const isEqual = (study: Study, metric: Asked): boolean => judged(study, metric).every(({ c }) => c.verdict === 'equal');

const everyPair = (study: Study): string => (study.n.high < 2 ? 'in the run of each' : 'in every replication');

const doubtSentence = (study: Study, metrics: readonly Asked[]): string =>
  `On ${list(metrics.map(phrase))} every interval of a difference holds zero; ${study.n.high < 2 ? 'a longer trace' : 'more replications'} would narrow them.`;

const equalSentence = (study: Study, metrics: readonly Asked[]): string | null =>
  metrics.length ? `${capital(list(metrics.map(phrase)))}: equal ${everyPair(study)}.` : null;

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
    case 'others':
      return {
        lead: 'The settings differ in their work, and none is better at it.',
        rest: headline.slice(0, 2).map((m) => metricSentence(study, m)),
      };
    case 'equal':
      return {
        lead: `${settings.length === 2 ? 'Both settings' : `All ${settings.length} settings`} give the same results.`,
        rest: some([
          `${capital(list(decision.level.map(phrase)))}: equal ${everyPair(study)}; there is nothing to choose.`,
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
          doubtSentence(study, decision.level.filter((m) => !isEqual(study, m))),
          equalSentence(study, decision.level.filter((m) => isEqual(study, m))),
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
