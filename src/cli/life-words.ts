// One call's life in words: what happened when, behind whom it waited, what the scores were, and why it was its turn at last.
import type { Life, PassedOver, Stretch } from '../../sim/experiment/life.ts';
import type { DecisionLine } from '../../sim/results.ts';
import { percent } from '../../reports/numbers.ts';
import { entry, hang } from './fold.ts';
import { apart, figure, isCall, margin, shortWho, time, who } from './receipt-words.ts';
import { droppedSentence, layout, width } from './table.ts';

/** Rows of the table of those that went first; a longer one leaves out its middle. */
const MOST_ROWS = 16;
/** Where text is folded that goes to a file. */
const FILE_COLUMNS = 100;
/** Agents named in a sentence. */
const MOST_AGENTS = 4;

const length = ({ from, to }: Stretch): number => Number((to - from).toFixed(6));
const total = (life: Life, what: Stretch['what']): number => Number(life.stretches.filter((one) => one.what === what).reduce((sum, one) => sum + length(one), 0).toFixed(6));
const many = (n: number, what: string): string => `${figure(n)} ${what}${n === 1 ? '' : 's'}`;

const ENDS: Readonly<Record<string, string>> = {
  completed: 'completes', unfinished: 'is still there when the window ends', failed: 'fails', cancelled: 'is withdrawn', expired: 'is refused: it waited too long', backpressure: 'is refused: too many calls waited', shutdown: 'is refused: the dispatcher closed', unroutable: 'is refused: no engine may serve it',
};

/** The whole of it in one sentence. */
export function summary(life: Life): string {
  const waited = Number((total(life, 'gate') + total(life, 'queue')).toFixed(6)), served = total(life, 'service'), all = Number((life.end - life.arrival).toFixed(6));
  const share = all > 0 ? ` (${percent(waited / all)})`.replaceAll('\u00a0', ' ') : '';
  const parts = [waited === 0 ? 'none of it waiting' : `${time(waited)} of it waiting${share}`, served > 0 || life.stretches.some((one) => one.what === 'service') ? `${time(served)} in service` : 'never served'];
  return `${life.outcome}: ${time(all)} in all, ${parts.join(', ')}${life.preemptions > 0 ? `, interrupted ${life.preemptions === 1 ? 'once' : `${life.preemptions} times`}` : ''}`;
}

/** Who went first, those most often first: `3 of quiet 2, 2 of its own agent`. */
function overtakers(passed: readonly PassedOver[], life: Life): string {
  const counts = new Map<string, number>();
  for (const { line } of passed) counts.set(line.agent, (counts.get(line.agent) ?? 0) + 1);
  if (counts.size === 1 && counts.has('')) return '';
  const sorted = [...counts].sort((a, b) => b[1] - a[1]), named = sorted.slice(0, MOST_AGENTS).map(([agent, n]) => `${figure(n)} of ${agent === life.agent ? 'its own agent' : agent || 'no agent'}`);
  return `: ${named.join(', ')}${sorted.length > MOST_AGENTS ? `, and ${figure(sorted.slice(MOST_AGENTS).reduce((sum, [, n]) => sum + n, 0))} of ${sorted.length - MOST_AGENTS === 1 ? 'another' : many(sorted.length - MOST_AGENTS, 'other')}` : ''}`;
}

/** What happened, in order of time. */
function events(life: Life): (readonly [atS: number, text: string])[] {
  const out: (readonly [number, string])[] = [[life.arrival, `arrives; ${life.waitingBefore === 0 ? 'nobody waits' : `${many(life.waitingBefore, 'call')} wait${life.waitingBefore === 1 ? 's' : ''} already${life.agent === '' ? '' : `, ${life.ownBefore === 0 ? 'none' : figure(life.ownBefore)} of ${life.agent}`}`}`]];
  for (const stretch of life.stretches) {
    if (stretch.what === 'service') { out.push([stretch.from, `service begins on engine ${stretch.engine}, and lasts ${time(length(stretch))}`]); continue; }
    if (stretch.to === stretch.from) continue;
    const passed = life.passedOver.filter(({ line }) => line.time >= stretch.from && line.time <= stretch.to && (line.place === 'engine') === (stretch.what === 'queue'));
    out.push([stretch.from, `waits ${time(length(stretch))} ${stretch.what === 'gate' ? 'at the gate' : `inside engine ${stretch.engine}`}${passed.length === 0 ? ', and nobody goes first' : `, while ${many(passed.length, 'other')} ${passed.length === 1 ? 'goes' : 'go'} first${overtakers(passed, life)}`}`]);
  }
  for (const line of life.own) out.push([line.time, did(line)]);
  if (life.firstToken !== null && life.firstToken > life.arrival && life.firstToken < life.end) out.push([life.firstToken, 'its first token is there']);
  out.push([life.end, ENDS[life.outcome] ?? life.outcome]);
  // What happens at one instant stays in the order of a life: arrival, wait, decision, service, end.
  return out.map((one, i) => [one, i] as const).sort(([a, i], [b, j]) => a[0] - b[0] || rank(a[1]) - rank(b[1]) || i - j).map(([one]) => one);
}

const ORDER = ['arrives', 'is sent', 'loses', 'waits', 'is granted', 'service', 'its first'];
function rank(text: string): number { const at = ORDER.findIndex((word) => text.startsWith(word)); return at < 0 ? ORDER.length : at; }

/** A decision as something that the call met. */
function did(line: DecisionLine): string {
  const numbers = line.kind === 'preempt' ? lost(line) : margin(line), why = [line.reason, numbers].filter((text) => text !== '').join('; ');
  if (line.kind === 'route') return `is sent to engine ${line.engine}: ${why}`;
  if (line.kind === 'preempt') return `loses its place on engine ${line.engine}${line.chosen === null ? '' : ` to call ${line.chosen}`}: ${why}`;
  if (line.kind === 'refuse') return `is refused: ${line.reason}`;
  return `is granted ${line.place === 'engine' ? `a place inside engine ${line.engine}` : `on engine ${line.engine}`}: ${why}`;
}

/** The score of a call that lost its place, beside that of the call that took it. */
function lost(line: DecisionLine): string {
  const mine = line.candidates.find((one) => isCall(one) && one.program === line.program && one.ordinal === line.ordinal)?.score, other = line.candidates.find((one) => isCall(one) && one.call === line.chosen)?.score;
  if (mine === null || mine === undefined || other === null || other === undefined || mine === other) return '';
  const [own, its] = apart(mine, other);
  return `its score ${own} against ${its}`;
}

/** Who went first, one row each, with both scores; the own terms after them. */
function overtaken(life: Life, columns: number): string[] {
  const all = life.passedOver, shown = all.length <= MOST_ROWS ? all : [...all.slice(0, MOST_ROWS / 2), ...all.slice(-MOST_ROWS / 2)];
  if (all.length === 0) return [];
  const scored = all.some(({ line, own }) => own?.score !== null && own !== null || line.candidates[0]?.score != null);
  // A term that never changes is said once.
  const told = [...new Set(shown.flatMap(({ own }) => Object.keys(own?.terms ?? {})))], constant = told.filter((term) => all.length > 1 && all.every(({ own }) => own?.terms[term] === all[0].own?.terms[term]));
  const terms = told.filter((term) => !constant.includes(term)), value = (x: number | null | undefined): string => (x === null || x === undefined ? '–' : figure(x));
  const table = layout([
    { head: 'time', align: 'decimal', cells: shown.map(({ line }) => time(line.time)) },
    { head: 'went first', align: 'left', cells: shown.map(({ line }) => shortWho(line)) },
    ...(scored ? [{ head: 'its score', align: 'decimal' as const, cells: shown.map(({ line }) => value(line.candidates[0]?.score)) }, { head: `score of ${life.call}`, align: 'decimal' as const, cells: shown.map(({ own }) => value(own?.score)) }] : []),
    ...terms.map((term) => ({ head: term, align: 'decimal' as const, cells: shown.map(({ own }) => value(own?.terms[term])) })),
    { head: 'because', align: 'left', cells: shown.map(({ line }) => line.reason) },
  ], columns);
  const [head, ...rows] = table.lines, dropped = droppedSentence(table, columns);
  const half = MOST_ROWS / 2, lines = all.length <= MOST_ROWS ? rows : [...rows.slice(0, half), `… ${figure(all.length - MOST_ROWS)} more; --json tells them all`, ...rows.slice(half)];
  const always = constant.map((term) => `${term} ${value(all[0].own?.terms[term])}`).join(', ');
  return ['', head, ...lines, ...(always === '' ? [] : [hang(`all the time: ${always}`, columns)]), ...(dropped === '' ? [] : [hang(dropped, columns)])];
}

/** All of it for a terminal of so many columns; undefined: for a file, whose tables are as wide as they are. */
export function lifeText(life: Life, place: string, terminal?: number): string[] {
  const columns = terminal ?? FILE_COLUMNS;
  const told = events(life), left = Math.max(...told.map(([at]) => width(time(at)))) + 2;
  return [
    hang(`${who(life)}${life.class === '' || life.class === 'all' ? '' : `, class ${life.class}`} · ${place}`, columns), hang(summary(life), columns), '',
    ...told.map(([at, text]) => entry(time(at), text, left, columns)), ...overtaken(life, terminal ?? Infinity),
  ].flatMap((text) => text.split('\n'));
}
