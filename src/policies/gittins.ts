// Gittins: the call that is likeliest to end soon for what it has had already goes first, by a law of sizes that is given or learnt.
import type { CallSlot, CallView } from '../dispatch/calls.ts';
import type { ParamValues } from '../options.ts';
import { GittinsIndex } from './gittins-index.ts';
import { definePolicy, type Policy } from './policy.ts';
import { RankedGroups } from './ranked-groups.ts';
import { RankedPolicy, tokensServed } from './ranked-policy.ts';
import { SIZE_LAWS, sizesOf } from './size-laws.ts';

const LEARNT = 'learnt';
/** Ended calls before the first table, and between two tables. */
const FEWEST = 20, RENEWAL = 100;

/** The present table of indices; none before anything is known. */
interface Law { table: GittinsIndex | undefined }

/**
 * Least mean response among policies that know the law of sizes but no size, on one server that can stop its calls. Where calls that
 * have had much are likelier to go on, it serves who had least; where all sizes are alike, who came first. `learnt` takes the sizes
 * of the last calls that ended well, in tokens, renews its table every 100 of them, and is first come, first served until there are 20.
 * Calls that have had as much rank alike, whatever the table, and stand together: O(log n + log m) an event, O(classes met) a question, m samples,
 * and a renewal costs O(g log m + m log m), g the different services that waiting calls have had: 1 at a gate, in an engine the lengths at which calls lost their places.
 */
class Gittins extends RankedPolicy<RankedGroups> implements Policy {
  readonly #samples: Float64Array | undefined;
  readonly #law: Law;
  /** Calls that were learnt from. */
  #learnt = 0;
  protected readonly least = 'the highest index';

  constructor(calls: CallView, options: ParamValues) {
    const law: Law = { table: undefined }, name = options['sizes'] as string;
    super(calls, new RankedGroups(calls, (had) => (law.table === undefined ? 0 : 0 - law.table.at(had))));
    this.#law = law;
    if (name === LEARNT) this.#samples = new Float64Array(options['samples'] as number);
    else law.table = new GittinsIndex(sizesOf(name, options['mean'] as number) as readonly number[]);
  }

  override arrive(call: CallSlot): void { this.order.add(call, 0); }
  progress(call: CallSlot, tokens: number): void { this.order.move(call, this.order.valueOf(call) + tokens); }

  override finish(call: CallSlot, well: boolean, nowUs: number): void {
    this.order.remove(call);
    const samples = this.#samples;
    if (!well || samples === undefined) return;
    samples[this.#learnt++ % samples.length] = tokensServed(this.calls, call, this.order.valueOf(call), nowUs);
    if (this.#learnt !== FEWEST && this.#learnt % RENEWAL !== 0) return;
    this.#law.table = new GittinsIndex(samples.subarray(0, this.#learnt));
    this.order.renew();
  }

  /** Whole tokens: engines tell no parts of one. */
  budget(call: CallSlot): number { const { table } = this.#law, had = this.order.valueOf(call); return table === undefined ? Infinity : Math.ceil(table.next(had) - had); }
  explain(call: CallSlot): Readonly<Record<string, number>> { const had = this.order.valueOf(call); return { score: this.#law.table?.at(had) ?? 0, had }; }
}

export const gittins = definePolicy({
  name: 'gittins',
  title: 'the call that is likeliest to end soon, by a law of sizes, goes first',
  source: 'Gittins, 1979; for programs of agents: Hermes, arXiv 2506.14851',
  params: {
    sizes: { kind: 'text', default: LEARNT, suggest: [LEARNT, ...SIZE_LAWS], help: `law of sizes: learnt from calls that ended, or by name: ${SIZE_LAWS.join(', ')}`, check: (text) => { const found = text === LEARNT ? [] : sizesOf(text, 1); return typeof found === 'string' ? found : undefined; } },
    mean: { kind: 'number', default: 1000, min: 1e-6, max: 1e12, unit: 'tokens', help: 'mean of a law that is named; a millisecond in service counts as a token where calls have none (ours)' },
    samples: { kind: 'number', default: 1000, min: 20, max: 100_000, integer: true, unit: 'calls', help: 'ended calls that learnt looks back on (ours)' },
  },
  knowledge: 'none',
  decision: 'O(log n)',
  create: ({ calls, options }) => new Gittins(calls, options),
});
