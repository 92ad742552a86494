// Who asks: gives the calls of a trace to agents, where fairness is to be meant over somebody and the trace may not say over whom.
import { SchedlabError } from '../../src/errors.ts';
import type { Trace } from '../scenario.ts';
import { firstRows } from './trace-groups.ts';

/** Most agents that `hash:N` makes. */
export const HASH_AGENTS_MAX = 1_000_000;
/** Class of agents where the trace has none. */
export const NO_CLASS = 'all';
/** Most classes of calls: each has all metrics of its own. */
const CLASSES_MAX = 100;
/** Name of the agent, and of the class, of calls that leave the field empty. */
const NO_NAME = '(none)';

export type Identity =
  | { readonly kind: 'hash'; readonly count: number }
  | { readonly kind: 'field'; readonly field: string }
  | { readonly kind: 'none' };

export interface AgentAssignment {
  /** Agents by number: `hash:N` makes N, with calls or without; a field, its values in order of first arrival; `none`, nobody. */
  readonly agents: readonly { readonly name: string; readonly class: string }[];
  /** Agent of each row; 0 throughout where there are none. */
  readonly agentOf: Int32Array;
  /** What a reader of the results must know of this choice. */
  readonly assumption: string;
}

const ACCEPTED = `hash:N (N from 1 to ${HASH_AGENTS_MAX}), program, session, field:NAME or none`;

function parse(text: string): Identity | undefined {
  if (text === 'none') return { kind: 'none' };
  if (text === 'program' || text === 'session') return { kind: 'field', field: text };
  if (text.startsWith('field:') && text.length > 6) return { kind: 'field', field: text.slice(6) };
  const hash = /^hash:(\d{1,7})$/.exec(text);
  const count = hash === null ? 0 : Number(hash[1]);
  return count >= 1 && count <= HASH_AGENTS_MAX ? { kind: 'hash', count } : undefined;
}

/** What is wrong with the text of an `identity` parameter; undefined: nothing. */
export function checkIdentity(text: string): string | undefined {
  return parse(text) === undefined ? `accepts ${ACCEPTED}` : undefined;
}

/** Throws ERR_OPTION_RANGE for anything but the five forms. */
export function parseIdentity(text: string): Identity {
  const identity = parse(text);
  if (identity === undefined) throw new SchedlabError('ERR_OPTION_RANGE', `identity accepts ${ACCEPTED}, received ${JSON.stringify(text)}.`, { name: 'identity', value: text });
  return identity;
}

const UTF8 = new TextEncoder();

function fnvOfBytes(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** FNV-1a of the text's UTF-8 bytes, 32 bits (Fowler, Noll, Vo; draft-eastlake-fnv, section 2). O(length). */
export function fnv1a32(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // Ids are digits and letters nearly always: one byte each.
    if (code > 0x7f) return fnvOfBytes(UTF8.encode(text));
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash >>> 0;
}

/** The text id of a row: the trace's own where it has one, else its ordinal among the data rows of the file, from 0, in decimal. */
export function rowId(trace: Trace, row: number): string { return trace.ids?.[row] ?? String(row); }

/** The class that a text of the trace names: something, and without the bracket that ends it in names of metrics. */
export function classNamed(text: string): string { return text === '' ? NO_NAME : text.replaceAll(']', ')'); }

/** Classes of the calls of a trace in order of first arrival; empty where the trace has none. Throws ERR_TRACE_FORMAT for more than a report could tell apart. */
export function traceClasses(trace: Trace): readonly string[] {
  if (!Object.hasOwn(trace.fields, 'class')) return [];
  const classes = [...new Set(trace.fields.class)].map(classNamed);
  if (classes.length > CLASSES_MAX) throw new SchedlabError('ERR_TRACE_FORMAT', `the column "class" of the trace has ${classes.length} values, and ${CLASSES_MAX} classes of calls are the most. Give the column another name.`, { classes: classes.length });
  return [...new Set(classes)];
}

function byField(trace: Trace, field: string): AgentAssignment {
  if (!Object.hasOwn(trace.fields, field)) {
    const names = Object.keys(trace.fields).sort();
    const have = names.length === 0 ? 'it has no text fields' : `it has: ${names.join(', ')}`;
    throw new SchedlabError('ERR_OPTION_RANGE', `identity asks for the field ${JSON.stringify(field)}, which the ${trace.format} trace does not have; ${have}. Use one of them as identity=field:NAME, or identity=hash:10.`, { name: 'identity', value: field, fields: names });
  }
  const values = trace.fields[field], classes = classOf(trace);
  const numbers = new Map<string, number>();
  const agents: { name: string; class: string }[] = [];
  const agentOf = new Int32Array(trace.rows);
  for (let row = 0; row < trace.rows; row++) {
    let agent = numbers.get(values[row]);
    if (agent === undefined) {
      agent = agents.length;
      numbers.set(values[row], agent);
      agents.push({ name: values[row] === '' ? NO_NAME : values[row], class: classes(row) });
    }
    agentOf[row] = agent;
  }
  return { agents, agentOf, assumption: `Agents are the ${agents.length} values of the trace's field ${JSON.stringify(field)}.` };
}

const classOf = (trace: Trace): ((row: number) => string) =>
  Object.hasOwn(trace.fields, 'class') ? (row) => classNamed(trace.fields.class[row]) : () => NO_CLASS;

function byHash(trace: Trace, count: number): AgentAssignment {
  const classes = classOf(trace);
  const agents = Array.from({ length: count }, (_, agent) => ({ name: `agent-${agent}`, class: NO_CLASS }));
  const agentOf = new Int32Array(trace.rows);
  const seen = new Uint8Array(count);
  let used = 0;
  const first = firstRows(trace);
  for (let row = 0; row < trace.rows; row++) {
    // Calls that wait for each other have the agent of the first.
    const root = first?.[row] ?? row, agent = root < row ? agentOf[root] : fnv1a32(rowId(trace, row)) % count;
    agentOf[row] = agent;
    if (seen[agent] === 0) { seen[agent] = 1; used++; agents[agent].class = classes(row); }
  }
  return { agents, agentOf, assumption: `Agents are made up: ${count} of them, each ${trace.afterUs === undefined ? 'call' : 'program'} given to one by FNV-1a 32 of its ${trace.afterUs === undefined ? '' : "first call's "}id modulo ${count}; ${used} ${used === 1 ? 'has' : 'have'} calls.` };
}

/** Gives every row of the trace an agent. Throws ERR_OPTION_RANGE where the field is missing. O(rows). */
export function assignAgents(trace: Trace, identity: Identity | string): AgentAssignment {
  const wanted = typeof identity === 'string' ? parseIdentity(identity) : identity;
  if (wanted.kind === 'hash') return byHash(trace, wanted.count);
  if (wanted.kind === 'field') return byField(trace, wanted.field);
  return { agents: [], agentOf: new Int32Array(trace.rows), assumption: 'Calls belong to nobody (identity=none): nothing is said of fairness between agents.' };
}
