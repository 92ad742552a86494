// Two receipts of one decision: in a sentence or two, and as columns A and B; below each other where a terminal is narrow.
import type { DecisionCandidate, DecisionLine } from '../../sim/results.ts';
import { fold, hang } from './fold.ts';
import { apart, deed, figure, isCall, keyOf, margin, nameOf, shortWho, tieText, time, who } from './receipt-words.ts';
import { droppedSentence, layout, padEnd, width, type Column } from './table.ts';

/** Narrower than this, B stands below A. */
const ABREAST = 64;
/** The mark of the chosen candidate. */
const CHOSEN = '▸';

const SIDES = ['A', 'B'] as const;
type Pair = readonly [DecisionLine | null, DecisionLine | null];

/** Why they parted, as far as the receipts tell: another instant, another queue, other numbers, another draw. */
export function because([a, b]: Pair): string[] {
  if (a === null || b === null) return [];
  if (a.kind !== b.kind) return [];
  if (a.time !== b.time) return [`The instants differ: ${time(a.time)} in A, ${time(b.time)} in B.`];
  const out: string[] = [];
  const [x, y] = [a, b].map((line) => new Map(line.candidates.map((one) => [keyOf(one), one])));
  const rivals = [x.get(keyOf(a.candidates[0])), y.get(keyOf(b.candidates[0]))];
  if (rivals[0] !== undefined && rivals[1] !== undefined && keyOf(rivals[0]) !== keyOf(rivals[1])) {
    for (const [side, mine, other] of [['A', x, rivals[1]], ['B', y, rivals[0]]] as const) {
      const chosen = side === 'A' ? rivals[0] : rivals[1], lost = mine.get(keyOf(other));
      out.push(lost === undefined ? `In ${side}, ${named(other)} is not among the candidates listed.` : verdict(side, chosen, lost));
    }
  }
  const changed = termsThatDiffer(x, y);
  if (changed.length > 0) out.push(`What the rule looked at differs: ${changed.slice(0, 3).join('; ')}${changed.length > 3 ? `; and ${changed.length - 3} more` : ''}.`);
  else if (a.waiting === b.waiting && sharesTerms(x, y)) out.push('What the rule looked at is the same for every candidate listed: the rule itself, or its draw, differs.');
  if (a.waiting !== b.waiting) out.push(`The queues differ: ${a.waiting} waiting in A, ${b.waiting} in B.`);
  return out;
}

const named = (one: DecisionCandidate): string => (isCall(one) ? who(one) : nameOf(one));

function verdict(side: string, chosen: DecisionCandidate, lost: DecisionCandidate): string {
  if (chosen.score === null || lost.score === null) return `In ${side}, ${named(chosen)} stands before ${named(lost)}.`;
  if (chosen.score === lost.score) return `In ${side}, both score ${figure(chosen.score)}, and the tie went to ${named(chosen)}.`;
  const [mine, its] = apart(chosen.score, lost.score);
  return `In ${side}, ${named(chosen)} scores ${mine}, ${named(lost)} ${its}.`;
}

/** Some candidate is in both receipts, and both rules looked at the same of it. */
const sharesTerms = (x: ReadonlyMap<string, DecisionCandidate>, y: ReadonlyMap<string, DecisionCandidate>): boolean =>
  [...x].some(([key, one]) => Object.keys(one.terms).length > 0 && Object.keys(one.terms).every((term) => y.get(key)?.terms[term] !== undefined));

/** `alpha is 0.25 in A and 0.5 in B`: once for a term that differs alike for all who are in both, else with the first of them. */
function termsThatDiffer(x: ReadonlyMap<string, DecisionCandidate>, y: ReadonlyMap<string, DecisionCandidate>): string[] {
  const found = new Map<string, { readonly who: string; readonly a: number; readonly b: number }[]>();
  for (const [key, one] of x) {
    const other = y.get(key);
    if (other === undefined) continue;
    for (const [term, value] of Object.entries(one.terms)) if (other.terms[term] !== undefined && other.terms[term] !== value) found.set(term, [...found.get(term) ?? [], { who: named(one), a: value, b: other.terms[term] }]);
  }
  return [...found].map(([term, all]) => {
    const isOne = all.length === [...x.keys()].filter((key) => y.has(key)).length && all.every(({ a, b }) => a === all[0].a && b === all[0].b), [a, b] = apart(all[0].a, all[0].b);
    return `${term}${isOne ? '' : ` of ${all[0].who}`} is ${a} in A and ${b} in B`;
  });
}

/** The lines below the sentences. */
export function sideBySide(pair: Pair, columns: number): string[] {
  return columns >= ABREAST ? abreast(pair, columns) : SIDES.flatMap((side, i) => [side, ...alone(pair[i], columns - 2).map((line) => `  ${line}`)]);
}

const FACTS: readonly (readonly [head: string, of: (line: DecisionLine) => string])[] = [
  ['time', (line) => time(line.time)],
  ['kind', (line) => `${line.kind} ${line.place === 'gate' ? 'at the gate' : `inside engine ${line.engine}`}`],
  ['call', shortWho],
  ['engine', (line) => (line.engine === null ? 'none' : String(line.engine))],
  ['waiting', (line) => String(line.waiting)],
  ['tie', tieText],
  ['reason', (line) => line.reason],
];

/** Facts in two columns, each text folded in its own. */
function abreast(pair: Pair, columns: number): string[] {
  const head = Math.max(...FACTS.map(([name]) => width(name))) + 2;
  const texts = FACTS.map(([, of]) => pair.map((line) => (line === null ? '–' : of(line))));
  const left = Math.min(Math.floor((columns - head - 2) / 2), Math.max(1, ...texts.map(([a]) => width(a)))), right = columns - head - left - 2;
  const rows = [['', ['A'], ['B']] as const, ...FACTS.map(([name], i) => [name, fold(texts[i][0], left), fold(texts[i][1], right)] as const)];
  const facts = rows.flatMap(([name, a, b]) => Array.from({ length: Math.max(a.length, b.length) }, (_, k) => `${padEnd(k === 0 ? name : '', head)}${padEnd(a[k] ?? '', left)}  ${b[k] ?? ''}`.trimEnd()));
  const candidates = candidateTable(pair, columns);
  return [...facts, ...(candidates.length > 0 ? ['', ...candidates] : [])];
}

/** Candidates of both, each once; a value that differs is shown as A · B. */
function candidateTable([a, b]: Pair, columns: number): string[] {
  const all = new Map<string, DecisionCandidate>();
  for (const line of [a, b]) for (const one of line?.candidates ?? []) if (!all.has(keyOf(one))) all.set(keyOf(one), one);
  if (all.size === 0) return [];
  const of = (line: DecisionLine | null, key: string): DecisionCandidate | undefined => line?.candidates.find((one) => keyOf(one) === key);
  const keys = [...all.keys()], hasScores = (line: DecisionLine | null): boolean => line?.candidates.some((one) => one.score !== null) === true;
  // Where a rule has no numbers, the place in its order says as much.
  const rank = (line: DecisionLine | null): { head: string; cells: string[] } => ({
    head: `  ${hasScores(line) ? 'score' : 'place'} ${line === a ? 'A' : 'B'}`,
    cells: keys.map((key) => {
      const at = line?.candidates.findIndex((one) => keyOf(one) === key) ?? -1, value = line?.candidates[at]?.score;
      return at < 0 ? '  –' : `${at === 0 ? CHOSEN : ' '} ${value === null || value === undefined ? at + 1 : figure(value)}`;
    }),
  });
  const terms = [...new Set([...all.values(), ...(b?.candidates ?? [])].flatMap((one) => Object.keys(one.terms)))];
  const both = (key: string, value: (one: DecisionCandidate) => number | undefined): string => {
    const [x, y] = [of(a, key), of(b, key)].map((one) => (one === undefined ? undefined : value(one)));
    if (x === undefined && y === undefined) return '–';
    if (x === undefined || y === undefined || x === y) return figure((x ?? y) as number);
    return apart(x, y).join(' · ');
  };
  const found = layout([
    { head: 'candidate', align: 'left', cells: keys.map((key) => nameOf(all.get(key)!)) },
    { align: 'left', ...rank(a) }, { align: 'left', ...rank(b) },
    ...([...all.values()].some(isCall) ? [{ head: 'waited', unit: 's', align: 'decimal' as const, cells: keys.map((key) => both(key, (one) => (isCall(one) ? one.waited : undefined))) }] : []),
    ...terms.map((term): Column => ({ head: term, align: 'decimal', cells: keys.map((key) => both(key, (one) => one.terms[term])) })),
  ], columns);
  const dropped = droppedSentence(found, columns);
  return [...found.lines, ...(dropped === '' ? [] : [hang(dropped, columns)])];
}

/** One receipt by itself. */
function alone(line: DecisionLine | null, columns: number): string[] {
  if (line === null) return ['no further decision'];
  const numbers = margin(line);
  return [
    ...hang(`${time(line.time)}: ${deed(line)}`, columns).split('\n'),
    ...hang(`${line.reason}${numbers === '' ? '' : `; ${numbers}`}; ${line.waiting} waiting`, columns).split('\n'),
    ...line.candidates.flatMap((one, i) => {
      const [first, ...rest] = hang([nameOf(one), ...(one.score === null ? [] : [`score ${figure(one.score)}`]), ...Object.entries(one.terms).map(([term, value]) => `${term} ${figure(value)}`)].join(', '), columns - 2).split('\n');
      return [`${i === 0 ? CHOSEN : ' '} ${first}`, ...rest.map((text) => `  ${text}`)];
    }),
  ];
}
