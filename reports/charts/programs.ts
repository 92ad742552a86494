// Programs one by one: the same program under two settings, a lane a branch, calls and tools coloured by what they were doing.
import { programsCaption, programsFinding, programsRepeats } from '../findings/programs.ts';
import { fixed } from '../numbers.ts';
import { PATH_PARTS, type PathPart } from '../paths.ts';
import { choose, lanesOf, pathUs, type Chosen, type Side } from '../programs.ts';
import type { Study } from '../study.ts';
import type { Spec } from '../svg.ts';
import { valueColumn, type Table } from '../table.ts';
import { shorten } from '../text-width.ts';
import { INK } from '../tokens.ts';
import { durationUnit } from '../units.ts';
import { duration, keyLayers, keyOf, KEY_PX } from './bars.ts';
import type { Chart, Place } from './chart.ts';
import { fields, framed, layer, scaled, ticks, type Datum } from './parts.ts';
import { fitTicks } from './values.ts';

/** Lanes of a program that are drawn, and pieces of one. */
const MOST_LANES = 7, MOST_PIECES = 80;
const LANE_PX = 16, HEAD_PX = 20, GAP_PX = 12;

interface Piece { readonly fromS: number; readonly toS: number; readonly part: number; readonly node: number }

/** What the nodes of a lane do one after another; where that is more than can be drawn, cells of equal length with what takes most of each. */
function piecesOf({ nodes, responseS }: Side['program'], lanes: readonly number[], lane: number): Piece[] {
  const pieces: Piece[] = [];
  nodes.forEach(([, end, metUs, , spans], node) => {
    if (lanes[node] !== lane || end < 0) return;
    for (let i = 0, atUs = metUs; i < spans.length; atUs += spans[i + 1], i += 2) pieces.push({ fromS: atUs / 1e6, toS: (atUs + spans[i + 1]) / 1e6, part: spans[i], node });
  });
  pieces.sort((a, b) => a.fromS - b.fromS || a.node - b.node);
  if (pieces.length <= MOST_PIECES) return pieces;
  const width = responseS / MOST_PIECES, out: Piece[] = [];
  for (let cell = 0; cell < MOST_PIECES; cell++) {
    const fromS = cell * width, toS = fromS + width, inside = new Map<number, number>();
    for (const p of pieces) { const s = Math.min(p.toS, toS) - Math.max(p.fromS, fromS); if (s > 0) inside.set(p.part, (inside.get(p.part) ?? 0) + s); }
    if (inside.size === 0) continue;
    const part = [...inside].reduce((a, b) => (b[1] > a[1] ? b : a))[0], before = out[out.length - 1];
    if (before?.part === part && before.toS > fromS - width / 2) out[out.length - 1] = { ...before, toS };
    else out.push({ fromS, toS, part, node: -1 });
  }
  return out;
}

/** Lanes of both sides with anything on them: the path, then those on which most time passes. */
function lanesShown(sides: readonly Side[], lanes: readonly number[]): readonly number[] {
  const time = new Map<number, number>();
  for (const { program } of sides) program.nodes.forEach(([, end, , , spans], node) => { if (end >= 0) time.set(lanes[node], spans.reduce((sum, v, i) => (i % 2 ? sum + v : sum), time.get(lanes[node]) ?? 0)); });
  const order = [...time].filter(([, us]) => us > 0).sort(([a, x], [b, y]) => (a === 0 ? -1 : b === 0 ? 1 : y - x || a - b)).map(([lane]) => lane);
  return order.slice(0, MOST_LANES).sort((a, b) => a - b);
}

const branches = (lanes: readonly number[], sides: readonly Side[]): number => new Set(sides.flatMap(({ program }) => program.nodes.flatMap(([, end, , , spans], node) => (end >= 0 && spans.length > 0 ? [lanes[node]] : [])))).size;

const titleOf = ({ why, sides: [{ program }] }: Chosen): string => `Program ${fixed(program.program, 0)}${program.class === 'all' ? '' : `, ${program.class}`}: ${why.join(', ')}`;

function build(chosen: Chosen, parts: readonly (PathPart | undefined)[], { width }: Place): Spec {
  const { sides } = chosen, lanes = lanesOf(sides[0].program), shown = lanesShown(sides, lanes), all = branches(lanes, sides),
    left = 8, right = 14, plot = width - left - right, endS = Math.max(1e-6, ...sides.map(({ program }) => program.responseS)), unit = durationUnit(endS);
  const block = HEAD_PX + shown.length * LANE_PX + GAP_PX, height = sides.length * block - GAP_PX,
    x = scaled({ ...fitTicks((want) => ticks(0, endS * unit.factor, want, false), plot, 7), domain: [0, endS * unit.factor] }, { title: `time since it began, ${unit.word}` }),
    y = scaled({ domain: [0, height], values: [], decimals: 0 }, { reverse: true, hidden: true });
  const cells: Datum[] = [], joins: Datum[] = [], marks: Datum[] = [], heads: Datum[] = [], ends: Datum[] = [], used = new Set<number>();
  sides.forEach(({ setting, program }, s) => {
    const top = s * block, first = top + HEAD_PX, calls = program.nodes.filter(([kind, end]) => kind === 0 && end >= 0).length;
    heads.push({ id: setting.cell.id, y: top + 9, t: shorten(`${setting.label || 'the run'}: ${duration(program.responseS)}, alone ${duration(program.aloneS)}, ${fixed(calls, 0)} call${calls === 1 ? '' : 's'}`, plot, 12, true), color: setting.featured && sides.length > 1 ? setting.look.color : INK.text });
    ends.push({ x: program.responseS * unit.factor, y: first, y2: first + shown.length * LANE_PX });
    shown.forEach((lane, row) => {
      const at = first + row * LANE_PX;
      for (const { fromS, toS, part, node } of piecesOf(program, lanes, lane)) {
        const known = parts[part];
        if (known === undefined) continue;
        used.add(part);
        cells.push({ x: fromS * unit.factor, x2: toS * unit.factor, y: at + 1, y2: at + LANE_PX - 4, fill: known.fill, tip: `${setting.name}, ${node < 0 ? 'mostly' : `${program.nodes[node][0] === 1 ? 'tool' : program.nodes[node][0] === 2 ? 'join' : 'call'} ${node}:`} ${known.word} ${duration(toS - fromS)}` });
      }
    });
    program.nodes.forEach(([kind, end, metUs, , spans], node) => { if (kind === 2 && end === 1 && shown.includes(lanes[node]) && spans.length === 0) joins.push({ x: (metUs / 1e6) * unit.factor, y: first + shown.indexOf(lanes[node]) * LANE_PX, y2: first + shown.indexOf(lanes[node]) * LANE_PX + LANE_PX - 3 }); });
    for (const node of program.path) {
      const [, , metUs, , spans] = program.nodes[node], us = spans.reduce((sum, v, i) => (i % 2 ? sum + v : sum), 0), row = shown.indexOf(lanes[node]);
      if (us > 0 && row >= 0) marks.push({ x: (metUs / 1e6) * unit.factor, x2: ((metUs + us) / 1e6) * unit.factor, y: first + row * LANE_PX + LANE_PX - 2 });
    }
  });
  const key = keyOf(PATH_PARTS.filter((p) => parts.some((known, i) => known === p && used.has(i))), width - 8), lines = (key[key.length - 1]?.line ?? -1) + 1;
  return framed(width, {
    title: titleOf(chosen),
    ...(all > shown.length ? { subtitle: `${shown.length} of ${all} branches drawn, those on which most time passes` } : {}),
    above: lines * KEY_PX - 4, plot: height, left, right, bottom: 44,
    layers: [
      layer(cells, { type: 'rect', stroke: INK.page, strokeWidth: 0.5 }, { x: x('x'), x2: { field: 'x2' }, y: y('y'), y2: { field: 'y2' }, color: { field: 'fill', scale: null, legend: null }, tooltip: fields.tip }),
      layer(marks, { type: 'rule', color: INK.text, strokeWidth: 1.5 }, { x: x('x'), x2: { field: 'x2' }, y: y('y') }),
      layer(joins, { type: 'rule', color: INK.text, strokeWidth: 1.5 }, { x: x('x'), y: y('y'), y2: { field: 'y2' } }),
      layer(ends, { type: 'rule', color: INK.muted, strokeDash: [2, 2] }, { x: x('x'), y: y('y'), y2: { field: 'y2' } }),
      layer(heads, { type: 'text', align: 'left', fontWeight: 600 }, { x: { value: 1 - left }, y: y('y'), text: { field: 't' }, color: fields.color }),
      ...keyLayers(key, left),
    ],
  });
}

function table(study: Study): Table {
  const { chosen, parts } = choose(study)!, rows = chosen.flatMap(({ why, sides }) => sides.map((side) => ({ why, ...side, us: pathUs(side.program, parts) }))),
    unit = durationUnit(Math.max(...rows.map(({ program }) => program.responseS))), column = (of: (row: (typeof rows)[number]) => number): string[] => valueColumn(rows.map((row) => of(row) * unit.factor)),
    told = PATH_PARTS.filter(({ name }) => rows.some(({ us }) => us[parts.indexOf(name)] > 0)), responses = column((r) => r.program.responseS), alone = column((r) => r.program.aloneS), spent = told.map(({ name }) => column((r) => r.us[parts.indexOf(name)] / 1e6));
  return {
    label: 'programs one by one',
    columns: [{ head: 'program' }, { head: 'chosen as', words: true }, { head: 'setting', words: true }, { head: 'response', unit: unit.word }, { head: 'alone', unit: unit.word }, ...told.map(({ word }) => ({ head: word, unit: unit.word })), { head: 'calls' }, { head: 'output', unit: 'tokens' }],
    rows: rows.map(({ why, setting, program }, i) => ({
      id: setting.cell.id, base: setting === study.baseline,
      cells: [fixed(program.program, 0), why.join(', '), setting.label || 'the run', responses[i], alone[i], ...spent.map((c) => c[i]), fixed(program.nodes.filter(([kind, end]) => kind === 0 && end >= 0).length, 0), fixed(program.tokens, 0)],
    })),
    note: 'Parts are times along the path; they add up to the response.',
  };
}

export const programs: Chart = {
  id: 'programs',
  short: 'Single programs',
  question: (study) => (choose(study)?.other ? 'What does the same program go through under both?' : 'What does one program go through?'),
  applies: (study) => choose(study) !== undefined,
  abreast: () => 1,
  panels: (study) => {
    const { chosen, parts: names } = choose(study)!, parts = names.map((name) => PATH_PARTS.find((part) => part.name === name));
    return chosen.map((one) => ({ label: `${titleOf(one)}: what its calls and tools were doing over time, a lane a branch; times are in the table.`, build: (at: Place) => build(one, parts, at) }));
  },
  finding: programsFinding,
  repeats: programsRepeats,
  caption: programsCaption,
  table,
};
