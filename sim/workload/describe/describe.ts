// Describes a trace in one reading: arrivals, lengths, sharing, programs, fields. Memory grows with what is distinct, never with the rows.
import type { FieldFacts, ProgramFacts, TraceDescription, TraceFile } from '../../trace-results.ts';
import { toMicroseconds } from '../traces/format.ts';
import { scanTrace, type Scanned } from '../traces/scan.ts';
import type { RowSink, RowSource, TraceRow } from '../traces/sink.ts';
import { ArrivalBuilder } from './arrivals.ts';
import { SharingBuilder } from './sharing.ts';
import { Correlation, SpreadBuilder, type Weighted } from './spread.ts';

/** Distinct values of a field that are counted; of programs. */
const VALUES_MAX = 100_000;
const PROGRAMS_MAX = 4_000_000;
const TOP_VALUES = 5;
const US_PER_S = 1e6;

/** The values that fits are made from, in seconds and tokens. */
export interface TraceSamples { readonly gaps: Weighted; readonly prompt: Weighted; readonly output: Weighted }
export interface Described { readonly description: TraceDescription; readonly samples: TraceSamples }

class Describer implements RowSink {
  readonly #source: RowSource;
  readonly #arrivals: ArrivalBuilder;
  readonly #sharing: SharingBuilder;
  readonly #prompt = new SpreadBuilder();
  readonly #output = new SpreadBuilder();
  readonly #lengths = new Correlation();
  readonly #tools = new SpreadBuilder(US_PER_S);
  readonly #after = new SpreadBuilder(US_PER_S);
  readonly #programs = new Map<string, number>();
  readonly #values: Map<string, number>[] = [];
  #origin: number | undefined;
  #promptTokens = 0;
  #outputTokens = 0;
  #rows = 0;
  #alone = 0;
  #waiting = 0;
  #joins = 0;
  #clocked = 0;
  #uncounted = 0;

  constructor(path: string, source: RowSource) {
    this.#source = source;
    this.#arrivals = new ArrivalBuilder(path);
    this.#sharing = new SharingBuilder(source);
  }

  drop(): void { /* The scan counts them. */ }

  add(row: TraceRow): void {
    const { promptTokens, outputTokens, parents, afterUs } = row, waits = afterUs >= 0;
    this.#rows++;
    if (!waits) {
      this.#origin ??= row.time;
      this.#arrivals.add(toMicroseconds(row.time - this.#origin, this.#source.format.unit), row.line);
      if (parents !== undefined) this.#clocked++;
    } else {
      this.#waiting++;
      this.#after.add(afterUs);
      if (parents !== undefined && parents.length > 1) this.#joins++;
    }
    if (row.toolUs > 0) this.#tools.add(row.toolUs);
    this.#prompt.add(promptTokens);
    this.#output.add(outputTokens);
    this.#lengths.add(promptTokens, outputTokens);
    this.#promptTokens += promptTokens;
    this.#outputTokens += outputTokens;
    this.#sharing.add(row);
    this.#countFields(row);
  }

  #countFields({ texts }: TraceRow): void {
    const { names } = this.#source;
    while (this.#values.length < names.length) this.#values.push(new Map());
    for (let k = 0; k < names.length; k++) {
      const seen = this.#values[k], value = texts[k] ?? '', count = seen.get(value);
      if (count !== undefined || seen.size < VALUES_MAX) seen.set(value, (count ?? 0) + 1);
      // One more than can be counted is how it is known that there are more.
      else if (seen.size === VALUES_MAX) seen.set('\0more', 1);
    }
    const by = this.#by(), program = texts[by] ?? '';
    if (by < 0 && !this.#ownsPrograms()) return;
    // A call without a program is one of its own.
    if (program === '') { this.#alone++; return; }
    const count = this.#programs.get(program);
    if (count !== undefined || this.#programs.size < PROGRAMS_MAX) this.#programs.set(program, (count ?? 0) + 1);
    else this.#uncounted++;
  }

  /** The format has programs. */
  #ownsPrograms(): boolean { return this.#source.format.name === 'schedlab'; }
  #by(): number { const { names } = this.#source, at = names.indexOf('program'); return at >= 0 || this.#ownsPrograms() ? at : names.indexOf('session'); }

  #programFacts(): ProgramFacts | null {
    const by = this.#by();
    if (this.#programs.size === 0) return null;
    const calls = new SpreadBuilder();
    for (const count of this.#programs.values()) calls.add(count);
    for (let i = 0; i < this.#alone; i++) calls.add(1);
    return { by: this.#source.names[by], programs: this.#programs.size + this.#alone, callsPerProgram: calls.spread()!, waiting: this.#waiting, joins: this.#joins, tools: this.#tools.spread(), after: this.#after.spread(), clocked: this.#clocked };
  }

  #fields(): FieldFacts[] {
    return this.#source.names.map((name, k) => {
      const seen = this.#values[k] ?? new Map<string, number>(), isFull = seen.delete('\0more');
      // A column in which every call differs has no frequent values.
      const top = seen.size === this.#rows ? [] : [...seen].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, TOP_VALUES);
      return { name, values: isFull ? null : seen.size, top: top.map(([value, calls]) => ({ value, calls })) };
    });
  }

  describe(scanned: Scanned): Described {
    const { format, startUs } = this.#source, origin = this.#origin ?? 0;
    const arrivals = this.#arrivals.facts(format.isCalendar ? origin : startUs === undefined ? undefined : startUs + toMicroseconds(origin, format.unit));
    const sharing = this.#sharing.facts(), programs = this.#programFacts(), { drops, ...file } = scanned;
    const notes = [
      ...(arrivals.calls > 10 && arrivals.instants < arrivals.calls / 2 ? [`${arrivals.calls} calls arrive at ${arrivals.instants} instants: times were recorded in steps, and the gaps within a step are not known`] : []),
      ...(this.#uncounted > 0 ? [`programs are counted up to ${PROGRAMS_MAX}: ${this.#uncounted} calls of further ones are left out of their figures`] : []),
      ...(sharing?.isBound ? ['more contents than are remembered: the share of shared prompts is a lower bound'] : []),
    ];
    return {
      samples: { gaps: this.#arrivals.gaps(), prompt: this.#prompt.weighted(), output: this.#output.weighted() },
      description: {
        schema: 'schedlab/trace-description@1', file: fileOf(file, drops), arrivals, prompt: this.#prompt.spread()!, output: this.#output.spread()!,
        promptTokens: this.#promptTokens, outputTokens: this.#outputTokens, lengthCorrelation: this.#lengths.value(), sharing, programs, fields: this.#fields(), notes,
      },
    };
  }
}

function fileOf({ path, sha256, bytes, format, units, rowsRead, rowsDropped }: Omit<Scanned, 'drops'>, drops: Scanned['drops']): TraceFile {
  return { path, sha256, bytes, format, units, rowsRead, rowsDropped, drops: drops.map(({ what, count, line }) => ({ reason: what, rows: count, firstLine: line })) };
}

/** Describes the trace in a file, of any size. Throws what `scanTrace` throws; undefined: it was stopped. */
export async function describeTrace(path: string, options: { readonly format?: string; readonly isStopped?: () => boolean } = {}): Promise<Described | undefined> {
  let describer: Describer | undefined;
  const scanned = await scanTrace(path, (source) => { describer = new Describer(path, source); return describer; }, options);
  return options.isStopped?.() ? undefined : describer!.describe(scanned);
}
