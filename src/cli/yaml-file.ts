// A scenario file in YAML: data, no code. Keeps the place of every key and value, so that an error can point at it.
import { readFileSync, statSync } from 'node:fs';
import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Document, Node, Pair, YAMLMap } from 'yaml';
import { SchedlabError } from '../errors.ts';
import { unknownName } from '../options.ts';
import { parseValues } from './grammar.ts';
import type { Place } from './say.ts';

const MAX_BYTES = 4_000_000;
/** So many opening brackets in a row are no scenario. */
const DEEP = /(?:[[{][ \t]*){50}/;
const KEYS = ['scenario', 'params', 'sweep', 'zip', 'also', 'reps', 'seed', 'until', 'maxReps', 'baseline', 'metrics', 'thresholds'] as const;

/** A value with the place it stands at, and how that place is told: `params (fairness.yaml:3:10)`. */
export interface Located { readonly value: unknown; readonly where: string }
export interface LocatedList { readonly key: string; readonly values: readonly unknown[]; readonly text?: string; readonly where: string }

export interface ScenarioFile {
  readonly file: string;
  readonly scenario: Located;
  readonly params: Readonly<Record<string, Located>>;
  readonly sweep: readonly LocatedList[];
  readonly zip: readonly LocatedList[];
  readonly also: readonly Readonly<Record<string, unknown>>[];
  /** reps, seed, until, maxReps, baseline: as written. */
  readonly settings: Readonly<Record<string, Located>>;
  /** Names of metrics, and files that define one, to show first. */
  readonly metrics: readonly string[];
  readonly thresholds: readonly string[];
  /** Every place that was told of, so that an error that names one can show its line. */
  readonly places: readonly Place[];
}

/** Reads one file. `shown` is its name in messages. Throws ERR_SCENARIO_FILE with the place. */
export function readScenarioFile(path: string, shown: string): ScenarioFile {
  const reader = new Reader(path, shown);
  try { return reader.read(); } catch (error) { throw withPlace(error, reader.places); }
}

/** Adds the line and the caret to an error that names one of the places. */
export function withPlace(error: unknown, places: readonly Place[]): unknown {
  if (!(error instanceof SchedlabError) || error.details.place) return error;
  const place = places.find((p) => error.message.includes(`${p.file}:${p.line}:${p.column})`));
  return place ? new SchedlabError(error.code, error.message, { ...error.details, place }) : error;
}

class Reader {
  readonly #shown: string;
  readonly #text: string;
  readonly #lines = new LineCounter();
  readonly #doc: Document.Parsed;
  readonly places: Place[] = [];

  constructor(path: string, shown: string) {
    this.#shown = shown;
    if (statSync(path).size > MAX_BYTES) throw new SchedlabError('ERR_SCENARIO_FILE', `${shown} is larger than ${MAX_BYTES / 1e6} MB, too large for a scenario file. Put data into a trace and name it in params.`);
    this.#text = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    this.#doc = this.#parsed();
    const [error] = this.#doc.errors, [warning] = this.#doc.warnings;
    if (error?.code === 'MULTIPLE_DOCS') throw this.#fault('a second document begins, and a scenario file is one', '', error.pos[0], 3, 'Put it into a file of its own, or take the line --- away.');
    if (error && /call stack/.test(error.message)) throw this.#tooDeep(error.pos[0]);
    if (error) throw this.#fault(error.message.replace(/\s+/g, ' ').replace(/\.$/, ''), '', error.pos[0], 1, 'Correct the YAML there.');
    // What the parser only warns of, it leaves out: a tag that it does not know, a directive.
    if (warning) {
      const [from, to] = warning.pos, text = this.#text.slice(from, to).trim();
      throw this.#fault(warning.code === 'TAG_RESOLVE_FAILED' ? `unknown tag ${text}` : warning.message.replace(/\s+/g, ' '), '', from, Math.max(1, text.length), 'A scenario file is plain data: take it away.');
    }
  }

  /** The parser calls itself at every bracket, and takes its time over millions of them: a run of them is refused before. */
  #parsed(): Document.Parsed {
    const brackets = DEEP.exec(this.#text);
    if (brackets !== null) throw this.#tooDeep(brackets.index);
    try { return parseDocument(this.#text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: true }); } catch (error) { throw error instanceof RangeError ? this.#tooDeep(0) : error; }
  }

  #tooDeep(offset: number): SchedlabError {
    const before = this.#text.slice(0, offset).split(/\r\n|\n|\r/), place = { file: this.#shown, line: before.length, column: before.at(-1)!.length + 1, text: this.#text.split(/\r\n|\n|\r/, before.length)[before.length - 1] ?? '', length: 1 };
    return new SchedlabError('ERR_SCENARIO_FILE', `lists and tables are nested too deeply (${place.file}:${place.line}:${place.column}). A scenario file needs three levels; correct the brackets or the indentation there.`, { place });
  }

  read(): ScenarioFile {
    const top = this.#doc.contents;
    if (!isMap(top)) throw this.#fault('a scenario file is a table', '', 0, 1, 'Write keys and values, such as scenario: loco-fairness.');
    const entries = new Map<string, { key: Node; value: Node | null }>();
    for (const pair of top.items as Pair<Node, Node | null>[]) {
      const name = this.#keyName(pair.key, 'the file');
      if (!(KEYS as readonly string[]).includes(name)) throw unknownName('key', name, KEYS, this.#where('the file', pair.key, name.length), 'ERR_SCENARIO_FILE');
      entries.set(name, { key: pair.key, value: this.#real(pair.value, name) });
    }
    const scenario = entries.get('scenario');
    if (!scenario) throw new SchedlabError('ERR_SCENARIO_FILE', `${this.#shown} names no scenario. Add a line such as scenario: loco-fairness; schedlab list scenarios tells which there are.`);
    const settings: Record<string, Located> = {};
    for (const name of ['reps', 'seed', 'until', 'maxReps', 'baseline']) {
      const entry = entries.get(name);
      if (entry) settings[name] = this.#scalar(entry.value, name, entry.key);
    }
    return {
      file: this.#shown,
      scenario: this.#scalar(scenario.value, 'scenario', scenario.key),
      params: Object.fromEntries(this.#table(entries.get('params'), 'params').map(([name, value, key]) => [name, this.#scalar(value, 'params', key)])),
      sweep: this.#table(entries.get('sweep'), 'sweep').map(([name, value, key]) => this.#list(name, value, 'sweep', key)),
      zip: this.#table(entries.get('zip'), 'zip').map(([name, value, key]) => this.#list(name, value, 'zip', key)),
      also: this.#items(entries.get('also'), 'also').map((it) => {
        const item = this.#real(it, 'also');
        if (!isMap(item)) throw this.#at('also', item, 'each cell beside the grid is a table of keys and values', 'Write - {policy: fcfs}.');
        return Object.fromEntries(this.#pairs(item as YAMLMap<Node, Node | null>, 'also').map(([name, value, key]) => [name, this.#scalar(value, 'also', key).value]));
      }),
      settings,
      metrics: this.#items(entries.get('metrics'), 'metrics').map((item) => String(this.#scalar(item, 'metrics', item).value)),
      thresholds: this.#items(entries.get('thresholds'), 'thresholds').map((item) => String(this.#scalar(item, 'thresholds', item).value)),
      places: this.places,
    };
  }

  #table(entry: { key: Node; value: Node | null } | undefined, name: string): (readonly [string, Node | null, Node])[] {
    if (!entry || entry.value === null || (isScalar(entry.value) && entry.value.value === null)) return [];
    if (!isMap(entry.value)) throw this.#at(name, entry.key, `${name} is a table of keys and values`, `Write ${name}: {alpha: 0.25}.`);
    return this.#pairs(entry.value as YAMLMap<Node, Node | null>, name);
  }

  #pairs(map: YAMLMap<Node, Node | null>, name: string): (readonly [string, Node | null, Node])[] {
    return map.items.map((pair) => [this.#keyName(pair.key, name), this.#real(pair.value, name), pair.key] as const);
  }

  #items(entry: { key: Node; value: Node | null } | undefined, name: string): Node[] {
    if (!entry || entry.value === null) return [];
    if (!isSeq(entry.value)) throw this.#at(name, entry.key, `${name} is a list`, 'Write one item a line, each after a dash.');
    return entry.value.items as Node[];
  }

  /** One value. Where the key stands is told, because the key is what an error names. */
  #scalar(node: Node | null, name: string, key: Node): Located {
    const found = this.#real(node, name);
    const where = this.#where(name, key, this.#width(key));
    if (!isScalar(found) || found.value === null || !['string', 'number', 'boolean'].includes(typeof found.value)) {
      throw new SchedlabError('ERR_SCENARIO_FILE', `one value is expected in ${where}. Write a number, a word, on or off${isSeq(found) ? '; lists stand under sweep' : ''}.`);
    }
    if (typeof found.value === 'number' && !Number.isFinite(found.value)) throw this.#at(name, found, `${found.source ?? String(found.value)} is no finite number`, 'Write a number, or the word that the parameter knows.');
    return { value: found.value, where };
  }

  /** What an alias stands for; any other node is itself. */
  #real<T extends Node | null>(node: T, name: string): T {
    if (!isAlias(node)) return node;
    const found = node.resolve(this.#doc);
    if (found === undefined) throw this.#at(name, node, `*${node.source} stands for nothing: no anchor &${node.source} stands before it`, 'Write the value itself.');
    return found as Node as T;
  }

  #list(key: string, node: Node | null, name: string, keyNode: Node): LocatedList {
    const where = this.#where(name, keyNode, this.#width(keyNode));
    if (isSeq(node)) {
      const values = (node.items as Node[]).map((item) => this.#scalar(item, name, item).value);
      if (values.length === 0) throw new SchedlabError('ERR_SCENARIO_FILE', `${key} has no values in ${where}. Write ${key}: [0, 0.25].`);
      return { key, values, where };
    }
    const { value } = this.#scalar(node, name, keyNode);
    if (typeof value !== 'string') return { key, values: [value], where };
    try {
      return { key, values: parseValues(key, value).values, text: value, where };
    } catch (error) {
      if (error instanceof SchedlabError) throw new SchedlabError(error.code, error.message.replace(/\. /, ` in ${where}. `), error.details);
      throw error;
    }
  }

  #keyName(node: unknown, name: string): string {
    if (isScalar(node) && typeof node.value === 'string' && node.value !== '') {
      if (node.value !== '__proto__') return node.value;
      // No object of ours can carry this key, so that it would be lost on its way to where keys are checked.
      throw new SchedlabError('ERR_OPTION_UNKNOWN', `unknown key "__proto__" in ${this.#where(name, node, this.#width(node))}. Take it away; schedlab list tells what there is.`, { name: '__proto__' });
    }
    throw this.#at(name, node as Node, 'a key is a word', 'Write key: value.');
  }

  #width(node: Node): number { return Math.max(1, (node.range?.[1] ?? 0) - (node.range?.[0] ?? 0)); }

  #where(name: string, node: Node, length: number): string {
    const place = this.#place(node.range?.[0] ?? 0, length);
    return `${name} (${place.file}:${place.line}:${place.column})`;
  }

  #place(offset: number, length: number): Place {
    const { line, col } = this.#lines.linePos(Math.min(offset, this.#text.length));
    const place = { file: this.#shown, line: Math.max(1, line), column: Math.max(1, col), text: this.#text.split(/\r\n|\n|\r/)[Math.max(1, line) - 1] ?? '', length };
    this.places.push(place);
    return place;
  }

  #at(name: string, node: Node, what: string, next: string): SchedlabError {
    return this.#fault(what, name, node?.range?.[0] ?? 0, node?.range ? this.#width(node) : 1, next);
  }

  #fault(what: string, name: string, offset: number, length: number, next: string): SchedlabError {
    const place = this.#place(offset, length);
    return new SchedlabError('ERR_SCENARIO_FILE', `${what}${name ? ` in ${name}` : ''} (${place.file}:${place.line}:${place.column}). ${next}`, { place });
  }
}
