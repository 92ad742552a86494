// Shorten or move: the wait of every call decides; who pays is said by class; served calls alone are shown to flatter.
import type { Setting } from '../settings.ts';
import { list, percent } from '../numbers.ts';
import { meanOf, summaryOf, type Study } from '../study.ts';
import { showEstimate, showSize, showValue } from '../units.ts';
import { EVERY, ofClass, pairOfClasses, SERVED, totalWait, waitingClasses } from '../waits.ts';
import { forestSentence } from './forest.ts';
import { judged, leastServed, names, nText } from './words.ts';

/** Classes that a sentence tells one by one. */
const MOST_CLASSES = 4;

const wait = (s: Setting): string => showEstimate(EVERY, summaryOf(s, EVERY.text)!);

/** The first sentence: equal, told apart or not, or not judged. */
function verdict(study: Study): string {
  const total = totalWait(study)!,
    on = study.keys.length === 1 ? study.keys[0] : 'the settings';
  if (total.equal) return `It moves it. A call waits ${wait(total.low)} on average in every setting, to the last digit: no setting removes waiting.`;
  const rows = judged(study, EVERY);
  if (!rows.length && wait(total.low) === wait(total.high))
    return `A call waits ${wait(total.low)} on average in every setting, within rounding; no interval judges the difference.`;
  if (!rows.length)
    return `By the means, a call waits ${wait(total.low)} at ${total.low.short} and ${wait(total.high)} at ${total.high.short}; no interval judges the difference.`;
  const better = rows.filter((r) => r.c.verdict === 'better'),
    worse = rows.filter((r) => r.c.verdict === 'worse');
  if (!better.length && !worse.length)
    return `The mean wait of every call cannot be told apart between ${names(study, study.settings)}: ${on === 'the settings' ? 'they' : `the ${on}`} at most ${study.settings.length === 2 ? 'moves' : 'move'} waiting.`;
  return better.length
    ? `It shortens it: ${lowerFirst(forestSentence(study, EVERY))}`
    : `It lengthens it: ${lowerFirst(forestSentence(study, EVERY))}`;
}

const lowerFirst = (text: string): string => text.slice(0, 1).toLowerCase() + text.slice(1);

/** Of three classes and more: what each gains or pays between the ends of the class whose wait moves most. */
function severalPayers(study: Study): string | null {
  const classes = waitingClasses(study).slice(0, MOST_CLASSES).map((name) => ({ name, metric: ofClass(EVERY, name) })),
    known = study.settings.filter((s) => classes.every((c) => meanOf(s, c.metric.text) !== null));
  if (classes.length < 3 || known.length < 2) return null;
  const ends = classes.map((c) => {
      const at = (s: Setting): number => meanOf(s, c.metric.text)!,
        low = known.reduce((a, b) => (at(b) < at(a) ? b : a)),
        high = known.reduce((a, b) => (at(b) > at(a) ? b : a));
      return { low, high, range: at(high) - at(low) };
    }),
    { low, high, range } = ends.reduce((a, b) => (b.range > a.range ? b : a));
  if (range === 0) return 'Every class waits the same in every setting.';
  const changes = classes
    .map((c) => ({ ...c, by: meanOf(low, c.metric.text)! - meanOf(high, c.metric.text)! }))
    .sort((a, b) => a.by - b.by)
    .map(({ name, metric, by }, i) => `${i === 0 ? `each call of class ${name} waits` : `of class ${name}`} ${by === 0 ? 'the same' : `${showSize(metric, Math.abs(by), null, null)} ${by < 0 ? 'less' : 'more'}`}`);
  return `From ${high.short} to ${low.short} ${list(changes)}.`;
}

/** Who gains and who pays between the two ends of the first class. */
function payers(study: Study): string | null {
  const pair = pairOfClasses(study);
  if (!pair) return severalPayers(study);
  const [a, b] = pair.map((c) => ofClass(EVERY, c)),
    both = study.settings.filter((s) => meanOf(s, a.text) !== null && meanOf(s, b.text) !== null);
  if (both.length < 2) return null;
  const at = (s: Setting): number => meanOf(s, a.text)!,
    low = both.reduce((x, y) => (at(y) < at(x) ? y : x)),
    high = both.reduce((x, y) => (at(y) > at(x) ? y : x));
  const saved = at(high) - at(low),
    other = meanOf(low, b.text)! - meanOf(high, b.text)!;
  if (saved === 0) return `Class ${pair[0]} waits the same in every setting.`;
  const size = (x: number): string => showSize(a, Math.abs(x), null, null),
    from = `From ${high.short} to ${low.short} each call of class ${pair[0]} waits ${size(saved)} less and each of class ${pair[1]}`;
  if (other > 0) return `${from} ${size(other)} more.`;
  return other < 0 ? `${from} ${size(other)} less.` : `${from} the same.`;
}

interface Story {
  readonly setting: Setting;
  readonly callClass: string | null;
  readonly served: number;
  readonly every: number;
  readonly share: number | null;
}

/** What served calls alone say, beside every call, of each setting and class. */
function stories(study: Study): Story[] {
  const pair = pairOfClasses(study);
  return study.settings.flatMap((setting) =>
    (pair ?? [null]).flatMap((callClass): Story[] => {
      const tail = callClass === null ? '' : `[class=${callClass}]`,
        served = meanOf(setting, SERVED.text + tail),
        every = meanOf(setting, EVERY.text + tail);
      return served === null || every === null || every === 0
        ? []
        : [{ setting, callClass, served, every, share: meanOf(setting, `served_share${tail}`) }];
    }),
  );
}

/** Where the served calls flatter most: far shorter waits than those of every call. */
function flattered(study: Study): string | null {
  const least = leastServed(study);
  if (!least) return null;
  if (least.share > 0.9995) return 'Every call is served, so served calls tell the same.';
  const all = stories(study);
  if (!all.length) return null;
  const off = (s: Story): number => 1 - s.served / s.every,
    top = all.reduce((a, b) => (Math.abs(off(b)) > Math.abs(off(a)) ? b : a));
  if (Math.abs(off(top)) < 0.05)
    return `Served calls alone tell the same within ${percent(0.05)}, though up to ${percent(1 - least.share)} of the calls are never served.`;
  const who = top.callClass === null ? 'calls' : `calls of class ${top.callClass}`,
    share = top.share === null ? `served ${who}` : `the ${percent(top.share)} of the ${who} that are served`;
  return `Served calls alone tell another story: at ${top.setting.name} ${share} wait ${showValue(SERVED, top.served)} on average; all ${top.callClass === null ? 'calls' : 'calls of the class'}, the unserved included, wait ${showValue(EVERY, top.every)}.`;
}

export function movesFinding(study: Study): string[] {
  return [verdict(study), payers(study), flattered(study)].filter((s): s is string => s !== null);
}

export function movesCaption(study: Study): string[] {
  const pair = pairOfClasses(study),
    total = totalWait(study);
  return [
    'Estimand: ',
    `mean wait${pair ? ' by class' : ''}, ${study.n.high < 2 ? `one run of each setting (${nText(study)}), no intervals` : `mean over replications, ${nText(study)}; ${pair ? 'crosses' : 'bars'}: 95\u00a0% t intervals`}.`,
    'Filled marks count every call, those still waiting at the end of the window by their age; hollow marks count served calls only.',
    ...(pair && total && total.spread <= 0.005 ? ['Grey line: equal total waiting; on it, what one class gains the other pays.'] : []),
  ];
}
