// A core with its parts in the open: what a test submits, what comes out, and what the lifecycle was told.
import { BALANCERS } from '../../src/balancers/registry.ts';
import type { Balancer } from '../../src/balancers/balancer.ts';
import { CALL_ENDED, CallTable, type CallSlot } from '../../src/dispatch/calls.ts';
import { OP_ABORT, OP_GRANT, OP_REJECT } from '../../src/dispatch/commands.ts';
import { DispatchCore } from '../../src/dispatch/core.ts';
import type { CoreOptions } from '../../src/dispatch/core-options.ts';
import { DROP_NAMES, type Lifecycle, type Receipt } from '../../src/observe/lifecycle.ts';
import { resolveOptions } from '../../src/options.ts';
import { KNOWS_NOTHING, type Policy } from '../../src/policies/policy.ts';
import { POLICIES } from '../../src/policies/registry.ts';
import { seededRandom } from '../../src/random.ts';

export interface RigOptions {
  readonly windows?: readonly number[];
  readonly dispatch?: 'late' | 'immediate';
  readonly policy?: string | ((calls: CallTable, engine: number) => Policy);
  readonly policyOptions?: Readonly<Record<string, unknown>>;
  readonly balancer?: string | Balancer;
  readonly maxWaiters?: number;
  readonly viewRefreshUs?: number;
  readonly receipts?: Receipt[];
  readonly seed?: string;
}

export interface Ask { readonly agent?: number; readonly ordinal?: number; readonly pin?: number; readonly weight?: number; readonly deadlineUs?: number; readonly atUs?: number }

export class Rig {
  readonly calls = new CallTable(4);
  readonly core: DispatchCore;
  /** What the lifecycle was told: `12 grant p0.0 on 1`. */
  readonly log: string[] = [];

  constructor(options: RigOptions = {}) {
    const { policy = 'fcfs', balancer = 'least-loaded', seed = '1' } = options, { calls } = this;
    const named = typeof policy === 'string' ? POLICIES[policy]! : undefined;
    const core: CoreOptions = {
      calls, dispatch: options.dispatch ?? 'late', windows: options.windows ?? [1], maxWaiters: options.maxWaiters ?? Infinity,
      createPolicy: (engine) => (typeof policy === 'string'
        ? named!.create({ calls, random: seededRandom(`${seed}/p${engine}`), knowledge: KNOWS_NOTHING, options: resolveOptions(named!.params, options.policyOptions ?? {}, 'policy') })
        : policy(calls, engine)),
      balancer: typeof balancer === 'string' ? BALANCERS[balancer]!.create({ calls, random: seededRandom(`${seed}/b`), options: resolveOptions(BALANCERS[balancer]!.params, {}, 'balancer') }) : balancer,
      viewRefreshUs: options.viewRefreshUs ?? 0, lifecycle: this.#lifecycle(),
      ...(options.receipts ? { receipts: (receipt) => { options.receipts!.push(receipt); } } : {}),
    };
    this.core = new DispatchCore(core);
  }

  /** Submits a call of a program; answers its slot. */
  submit(program: number, { agent = 0, ordinal = 0, pin = -1, weight = 1, deadlineUs = Infinity, atUs = 0 }: Ask = {}): CallSlot {
    const call = this.calls.allocate(program, ordinal, agent);
    this.calls.pin[call] = pin;
    this.calls.weight[call] = weight;
    this.calls.deadlineUs[call] = deadlineUs;
    this.core.submit(call, atUs);
    return call;
  }

  /** Flushes, and answers the commands as text: `grant p0.0 on 1`. */
  flush(nowUs = 0, decide = true): string[] {
    this.core.flush(nowUs, decide);
    return this.commands();
  }

  commands(): string[] {
    const { op, call, engine, count } = this.core.commands;
    return Array.from({ length: count }, (_, i) => {
      const name = this.name(call[i]!), detail = engine[i]!;
      return op[i] === OP_GRANT ? `grant ${name} on ${detail}` : op[i] === OP_REJECT ? `reject ${name} ${DROP_NAMES[detail]}` : op[i] === OP_ABORT ? `abort ${name} on ${detail}` : 'unknown';
    });
  }

  name(call: CallSlot): string { return `p${this.calls.program[call]}.${this.calls.ordinal[call]}`; }

  /** Every counter that must be zero when nothing is left. */
  residue(): Record<string, number> {
    const { core, calls } = this;
    return {
      waiting: core.waiting, running: core.running, pending: core.pending, open: calls.open - core.endedCount,
      live: calls.state.filter((state) => state !== 0 && state !== CALL_ENDED).length,
      queued: core.board.queuedNow.reduce((a, b) => a + Math.abs(b), 0), inService: core.board.runningNow.reduce((a, b) => a + Math.abs(b), 0),
      inPolicies: core.policies.reduce((n, p) => n + p.waiting, 0), deadlines: core.wakeUs === Infinity ? 0 : 1,
    };
  }

  #lifecycle(): Lifecycle {
    const note = (nowUs: number, text: string): void => { this.log.push(`${nowUs} ${text}`); };
    return {
      arrive: (call, nowUs) => { note(nowUs, `arrive ${this.name(call)}`); },
      grant: (call, engine, nowUs) => { note(nowUs, `grant ${this.name(call)} on ${engine}`); },
      schedule: (call, engine, nowUs) => { note(nowUs, `schedule ${this.name(call)} on ${engine}`); },
      firstToken: (call, engine, nowUs) => { note(nowUs, `first token ${this.name(call)} on ${engine}`); },
      preempt: (call, engine, nowUs) => { note(nowUs, `preempt ${this.name(call)} on ${engine}`); },
      finish: (call, engine, nowUs) => { note(nowUs, `finish ${this.name(call)} on ${engine}`); },
      drop: (call, reason, wasRunning, nowUs) => { note(nowUs, `drop ${this.name(call)} ${DROP_NAMES[reason]} ${wasRunning ? 'running' : 'waiting'}`); },
    };
  }
}

export const NOTHING_LEFT = { waiting: 0, running: 0, pending: 0, open: 0, live: 0, queued: 0, inService: 0, inPolicies: 0, deadlines: 0 };
