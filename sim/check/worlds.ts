// Small worlds in which a policy or a balancer is played through both shells, everything turned that nobody promised: the digests must be equal.
import fc from 'fast-check';
import { fcfs } from '../../src/policies/fcfs.ts';
import { knowledgeAsked } from '../../src/policies/policy.ts';
import { leastLoaded } from '../../src/balancers/least-loaded.ts';
import { powerOfD } from '../../src/balancers/power-of-d.ts';
import { roundRobin } from '../../src/balancers/round-robin.ts';
import { resolveOptions } from '../../src/options.ts';
import { seededRandom } from '../../src/random.ts';
import type { CallLine, ReplicationRecord } from '../results.ts';
import type { Model } from '../scenario.ts';
import type { ProgramDraft, Workload } from '../workload/workload.ts';
import type { Perturbation } from '../worlds/promise-shell.ts';
import { runReplication } from '../worlds/virtual.ts';
import { Violation } from './clauses.ts';
import { searchLater, type Outcome, type Search, type Shown } from './search.ts';

const MS = 1000;
const BALANCERS = [roundRobin, leastLoaded, powerOfD];

interface WorldCall { readonly serviceMs: number; readonly thinkMs: number; readonly tokens: number; readonly pin: boolean; readonly timeoutMs: number; readonly cancelMs: number }
interface WorldProgram { readonly atMs: number; readonly agent: number; readonly weight: number; readonly calls: readonly WorldCall[] }
interface World { readonly engines: number; readonly slots: number; readonly place: 'gate' | 'engine'; readonly dispatch: 'late' | 'immediate'; readonly window: 'slots' | 'all'; readonly maxWaiters: number; readonly balancer: number; readonly staleMs: number; readonly endMs: number; readonly programs: readonly WorldProgram[] }

const nothing = (weight: number, of: fc.Arbitrary<number>): fc.Arbitrary<number> => fc.oneof({ weight, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: of });
const call: fc.Arbitrary<WorldCall> = fc.record({ serviceMs: fc.nat(4), thinkMs: nothing(1, fc.nat(3)), tokens: fc.nat(3), pin: fc.constantFrom(false, false, false, true), timeoutMs: nothing(3, fc.integer({ min: 1, max: 4 })), cancelMs: nothing(3, fc.integer({ min: 1, max: 5 })) });
const program: fc.Arbitrary<WorldProgram> = fc.record({ atMs: fc.nat(12), agent: fc.nat(4), weight: fc.constantFrom(1, 1, 0, 3), calls: fc.array(call, { minLength: 1, maxLength: 4 }) });
const world: fc.Arbitrary<World> = fc.record({
  engines: fc.integer({ min: 1, max: 3 }), slots: fc.integer({ min: 1, max: 2 }), place: fc.constantFrom('gate' as const, 'gate' as const, 'engine' as const), dispatch: fc.constantFrom('late' as const, 'immediate' as const), window: fc.constantFrom('slots' as const, 'slots' as const, 'all' as const),
  maxWaiters: fc.constantFrom(Infinity, Infinity, 2), balancer: fc.nat(2), staleMs: fc.constantFrom(0, 0, 3), endMs: fc.constantFrom(Infinity, Infinity, 9), programs: fc.array(program, { maxLength: 20, size: 'max' }),
});

type Subject = Partial<Pick<Model, 'policy' | 'policyOptions' | 'balancer' | 'balancerOptions'>>;

class Programs implements Workload {
  readonly #world: World;
  readonly #programs: readonly WorldProgram[];
  #made = 0;
  constructor(of: World) { this.#world = of; this.#programs = [...of.programs].sort((a, b) => a.atMs - b.atMs); }

  next(draft: ProgramDraft): boolean {
    const made = this.#programs[this.#made];
    if (made === undefined) return false;
    draft.ensure(made.calls.length);
    draft.program = this.#made++;
    draft.arrivalUs = made.atMs * MS;
    draft.agent = made.agent;
    draft.callClass = 0;
    draft.weight = made.weight;
    draft.length = made.calls.length;
    made.calls.forEach((one, k) => {
      draft.thinkUs[k] = one.thinkMs * MS; draft.serviceUs[k] = one.serviceMs * MS; draft.firstTokenUs[k] = Math.min(one.serviceMs, 1) * MS;
      draft.promptTokens[k] = one.tokens * 10; draft.outputTokens[k] = one.tokens; draft.pin[k] = one.pin ? made.agent % this.#world.engines : -1;
      draft.timeoutUs[k] = one.timeoutMs * MS; draft.cancelUs[k] = one.cancelMs * MS;
    });
    return true;
  }
}

function modelOf(of: World, subject: Subject): Model {
  const inEngine = of.place === 'engine', balancer = subject.balancer ?? BALANCERS[of.balancer];
  return {
    engines: { kind: 'slots', count: of.engines, slots: of.slots, discipline: inEngine ? 'preempt-resume' : 'nonpreemptive' },
    dispatch: inEngine ? 'immediate' : of.dispatch, place: of.place, window: of.window === 'slots' && !inEngine ? of.slots : Infinity, maxWaiters: of.maxWaiters,
    policy: subject.policy ?? fcfs, policyOptions: subject.policyOptions ?? {}, balancer, balancerOptions: subject.balancerOptions ?? resolveOptions(balancer.params, {}, balancer.name),
    viewRefreshUs: of.staleMs * MS, endUs: of.endMs * MS, tickUs: 0, study: 'terminating', knowledge: knowledgeAsked(subject.policy ?? fcfs, subject.policyOptions ?? {}),
    agents: Array.from({ length: 5 }, (_, a) => ({ name: `agent ${a}`, class: 'all' })), classes: ['all'],
    workload: () => new Programs(of),
  };
}

/** What is turned in the second run: extra turns of the promise queue, programs of one instant in reverse, ties of the kernel shuffled. */
const turned = (): Perturbation => { const draw = seededRandom('check/turns'); return { extraMicrotasks: () => Math.floor(draw() * 6), reversed: true, ties: 'shuffle' }; };
const WAYS: readonly { readonly name: string; readonly shell: 'event' | 'promise'; readonly turn: boolean }[] = [
  { name: 'through the promise shell', shell: 'promise', turn: false }, { name: 'through the promise shell, with extra microtasks and programs created in reverse', shell: 'promise', turn: true }, { name: 'with ties shuffled', shell: 'event', turn: true },
];

interface Ran { readonly record: ReplicationRecord | undefined; readonly calls: ReadonlyMap<string, CallLine>; readonly error: string }

async function run(model: Model, shell: 'event' | 'promise', perturb: Perturbation | undefined): Promise<Ran> {
  const calls = new Map<string, CallLine>();
  try {
    const record = await runReplication(model, { seed: 'check', replication: 0, shell, params: {}, cell: 'check', callLine: (line) => { calls.set(line.id, line); }, ...(perturb ? { perturb } : {}) });
    return { record, calls, error: '' };
  } catch (error) { return { record: undefined, calls, error: error instanceof Error ? error.message : String(error) }; }
}

async function outcome(of: World, subject: Subject): Promise<Outcome> {
  const model = modelOf(of, subject), plain = await run(model, 'event', undefined);
  for (const way of WAYS) {
    const other = await run(model, way.shell, way.turn ? turned() : undefined);
    if (plain.error === other.error && plain.record?.orderDigest === other.record?.orderDigest && plain.record?.resultDigest === other.record?.resultDigest) continue;
    return { violation: new Violation('shells', firstDifference(plain, other, way.name)), lines: tell(of) };
  }
  return undefined;
}

const time = (seconds: number | null): string => (seconds === null ? 'never' : `at ${seconds * 1000} ms`);

function firstDifference(plain: Ran, other: Ran, how: string): string {
  if (plain.error !== other.error) return `through the event shell it ${plain.error ? `stops: ${plain.error}` : 'ends well'}; ${how} it ${other.error ? `stops: ${other.error}` : 'ends well'}`;
  for (const [id, line] of [...plain.calls].sort(([, a], [, b]) => (a.granted ?? Infinity) - (b.granted ?? Infinity))) {
    const twin = other.calls.get(id);
    if (twin && (twin.granted !== line.granted || twin.engine !== line.engine)) return `call ${id} is granted ${time(line.granted)} through the event shell; ${how} ${time(twin.granted)}`;
  }
  return `the digests differ ${how}, though every call is granted at the same time`;
}

function tell(of: World): string[] {
  const head = `${of.engines} engine${of.engines === 1 ? '' : 's'} of ${of.slots} place${of.slots === 1 ? '' : 's'}, ${of.place === 'engine' ? 'the policy inside' : of.dispatch === 'late' ? 'one queue' : 'a queue for each'}${of.endMs === Infinity ? '' : `, until ${of.endMs} ms`}`;
  const callText = (one: WorldCall, k: number): string => `${one.thinkMs > 0 ? `after ${one.thinkMs} ms ` : ''}call ${k} of ${one.serviceMs} ms${one.pin ? ', pinned' : ''}${one.timeoutMs > 0 ? `, waits ${one.timeoutMs} ms at most` : ''}${one.cancelMs > 0 ? `, withdrawn after ${one.cancelMs} ms` : ''}`;
  return [head, ...[...of.programs].sort((a, b) => a.atMs - b.atMs).map((one, p) => `${String(one.atMs).padStart(3)} ms  program ${p} of agent ${one.agent}: ${one.calls.map(callText).join('; ')}`)];
}

/** The smallest world found whose digests differ between two ways of playing it. */
export function differingShells(subject: Subject, options: Search): Promise<Shown | undefined> {
  return searchLater('shells', world, (of) => outcome(of, subject), { ...options, histories: Math.ceil(options.histories / 4) });
}
