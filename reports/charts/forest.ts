// Paired differences from the baseline: thick the single interval, thin the one of the family, which decides the word.
import { capital, direction, phrase, type Asked } from '../asked.ts';
import { forestCaption, forestFinding } from '../findings/forest.ts';
import { judged, judgedMetrics, keysHead } from '../findings/words.ts';
import { comparisonOf, type Study } from '../study.ts';
import type { Setting } from '../settings.ts';
import { fixed, range } from '../numbers.ts';
import { differenceDecimals, signedColumn, type Column, type Table } from '../table.ts';
import { shorten, textWidth } from '../text-width.ts';
import { INK } from '../tokens.ts';
import { differenceWord, showDifference, unitOf } from '../units.ts';
import type { Chart, Panel, Place } from './chart.ts';
import { pixelOf } from './labels.ts';
import { fitTicks, labelRoom, longNames, rowsShown } from './values.ts';
import { fields, framed, layer, lit, rowLabels, scaled, ticks } from './parts.ts';
import type { Spec } from '../svg.ts';

const MARKS = {
  better: { color: INK.c3, shape: 'triangle-up' },
  worse: { color: INK.c4, shape: 'triangle-down' },
  different: { color: INK.text, shape: 'diamond' },
  same: { color: INK.c8, shape: 'circle' },
  equal: { color: INK.c8, shape: 'circle' },
} as const;
/** An equals sign in the square of a mark. */
const EQUALS = 'M-1,-0.5H1M-1,0.5H1';
export const VERDICT_WORDS = { better: 'better', worse: 'worse', different: 'different', same: 'cannot be told apart', equal: 'equal' } as const;

/** Metrics in which some setting differs; where none does, all. */
function drawn(study: Study): readonly Asked[] {
  const all = judgedMetrics(study),
    differing = all.filter((m) => judged(study, m).some(({ c }) => c.verdict !== 'equal'));
  return (differing.length ? differing : all).slice(0, 3);
}

const rowsOf = (study: Study): readonly Setting[] =>
  rowsShown(
    study,
    drawn(study)[0],
    study.settings.filter((s) => s !== study.baseline),
  );

function panel(study: Study, metric: Asked, { width, narrow, first }: Place, labelled: boolean): Spec {
  const shown = rowsOf(study),
    all = judged(study, metric),
    unit = unitOf(metric.definition, Math.max(0, ...all.map(({ c }) => Math.max(Math.abs(c.familyLow ?? c.mean), Math.abs(c.familyHigh ?? c.mean)))));
  const rows = all
    .filter(({ setting }) => shown.includes(setting))
    .map(({ setting, c }) => {
      const f = unit.factor,
        mean = c.mean * f;
      return {
        ...MARKS[c.verdict],
        verdict: c.verdict,
        id: setting.cell.id,
        row: shown.indexOf(setting),
        mean,
        low: (c.low ?? c.mean) * f,
        high: (c.high ?? c.mean) * f,
        low2: (c.familyLow ?? c.mean) * f,
        high2: (c.familyHigh ?? c.mean) * f,
        tip: `${setting.name} − ${study.baseline!.name}: ${showDifference(metric, c.mean, c.familyLow, c.familyHigh)}, ${VERDICT_WORDS[c.verdict]}`,
      };
    });
  const equal = rows.filter((r) => r.verdict === 'equal');
  const labels = narrow || first || labelled,
    left = labels ? labelRoom(shown, width) : 12,
    right = 20,
    plot = width - left - right,
    height = Math.max(30, shown.length * (shown.length > 12 ? 19 : 24));
  const from = Math.min(0, ...rows.map((r) => r.low2)),
    to = Math.max(0, ...rows.map((r) => r.high2)),
    margin = (to - from) * 0.04;
  const of = fitTicks(
      (want) => ({ ...ticks(from, to, want, false), ...(from === to ? {} : { domain: [from - margin, to + margin] as const }) }),
      plot * 0.86,
      5,
    ),
    x = scaled(of, { signed: true, title: ['difference', differenceWord(unit)].filter(Boolean).join(', ') });
  const y = scaled({ domain: [-0.6, shown.length - 0.4], values: [], decimals: 0 }, { reverse: true, hidden: true });
  const name = shorten(study.baseline!.label, width * 0.7, 12, true),
    half = textWidth(name, 12, true) / 2,
    zero = pixelOf(0, of.domain, plot);
  const nameAt = Math.min(Math.max(zero, half - left + 2), plot + right - half - 2),
    missing = shown.filter((s) => !rows.some((r) => r.id === s.cell.id)).map((s) => ({ row: shown.indexOf(s), t: 'no value' }));
  return framed(width, {
    title: capital(phrase(metric)),
    subtitle: direction(metric) || 'no direction is better',
    plot: height,
    left,
    right,
    above: 20,
    layers: [
      layer(
        shown.map((_, row) => ({ row })),
        { type: 'rule', color: INK.grid },
        { x: { value: 0 }, x2: { value: plot }, y: y('row') },
      ),
      layer([{ z: 0 }], { type: 'rule', color: INK.c2, strokeWidth: 1.5, strokeDash: [7, 3] }, { x: x('z'), y: { value: 0 }, y2: { value: height } }),
      layer(
        [{ t: name }],
        { type: 'text', align: 'center', color: INK.c2, fontWeight: 600 },
        { x: { value: nameAt }, y: { value: -10 }, text: { field: 't' } },
      ),
      layer(rows, { type: 'rule', strokeWidth: 1 }, { x: x('low2'), x2: { field: 'high2' }, y: y('row'), color: fields.color, opacity: lit() }),
      layer(rows, { type: 'rule', strokeWidth: 3 }, { x: x('low'), x2: { field: 'high' }, y: y('row'), color: fields.color, opacity: lit() }),
      layer(
        rows.filter((r) => r.verdict !== 'same' && r.verdict !== 'equal'),
        { type: 'point', size: 84 },
        { x: x('mean'), y: y('row'), color: fields.color, shape: fields.shape, opacity: lit(), tooltip: fields.tip },
      ),
      layer(
        rows.filter((r) => r.verdict === 'same'),
        { type: 'point', fill: INK.page, stroke: INK.c8, strokeWidth: 1.6, size: 52 },
        { x: x('mean'), y: y('row'), opacity: lit(), tooltip: fields.tip },
      ),
      // The sign on a clear ground, so that the baseline's line does not run through it.
      layer(equal, { type: 'point', shape: 'square', color: INK.page, size: 130 }, { x: x('mean'), y: y('row') }),
      layer(
        equal,
        { type: 'point', shape: EQUALS, filled: false, stroke: INK.c8, strokeWidth: 2, size: 64 },
        { x: x('mean'), y: y('row'), opacity: lit(), tooltip: fields.tip },
      ),
      ...(missing.length ? [layer(missing, { type: 'text' }, { x: { value: 6 }, y: y('row'), text: { field: 't' } })] : []),
      ...(labels ? [rowLabels(shown, left, y)] : []),
    ],
  });
}

function table(study: Study): Table {
  const metrics = judgedMetrics(study),
    others = study.settings.filter((s) => s !== study.baseline),
    columns: Column[] = [],
    cells: string[][] = [];
  for (const metric of metrics) {
    const of = others.map((s) => comparisonOf(study, s, metric.text)),
      unit = unitOf(metric.definition, Math.max(0, ...of.map((c) => Math.abs(c?.mean ?? 0)))),
      f = unit.factor;
    const halves = of.map((c) => (c && c.familyLow !== null && c.familyHigh !== null ? ((c.familyHigh - c.familyLow) / 2) * f : null)),
      means = of.map((c) => (c && c.mean !== null ? c.mean * f : null)),
      decimals = differenceDecimals(means, halves);
    columns.push(
      { head: phrase(metric), unit: differenceWord(unit) || 'difference' },
      { head: 'interval', unit: 'family 95\u00a0%' },
      { head: 'word', words: true },
    );
    cells.push(
      signedColumn(means, halves),
      of.map((c, i) =>
        !c || c.familyLow === null || c.familyHigh === null
          ? 'none'
          : c.verdict === 'equal'
            ? `equal in ${c.n} of ${c.n}`
            : c.familyLow === c.familyHigh
              ? fixed(c.familyLow * f, decimals[i])
              : range(c.familyLow * f, c.familyHigh * f, decimals[i]),
      ),
      of.map((c) => (c && c.mean !== null && c.method !== 'none' ? VERDICT_WORDS[c.verdict] : 'not judged')),
    );
  }
  return {
    label: `differences from ${study.baseline!.name}`,
    columns: [{ head: keysHead(study), words: true }, ...columns],
    rows: others.map((s, i) => ({ id: s.cell.id, cells: [s.label, ...cells.map((column) => column[i])] })),
  };
}

export const forest: Chart = {
  id: 'forest',
  short: 'Which differ?',
  question: (study) =>
    study.settings.length === 2
      ? `Does ${study.settings.find((s) => s !== study.baseline)!.name} differ from ${study.baseline!.name}?`
      : `Which settings differ from ${study.baseline!.name}?`,
  applies: (study) => study.baseline !== null && judgedMetrics(study).length > 0,
  abreast: (study) => (longNames(rowsOf(study)) ? 1 : (Math.min(3, drawn(study).length) as 1 | 2 | 3)),
  panels: (study) =>
    drawn(study).map((metric): Panel => ({
      label: `${capital(phrase(metric))}: difference of each setting from ${study.baseline!.name}, with intervals; the numbers and words are in the table.`,
      build: (at) => panel(study, metric, at, longNames(rowsOf(study))),
    })),
  finding: forestFinding,
  caption: forestCaption,
  verdictMarks: true,
  table,
};
