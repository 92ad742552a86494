// Agents written as plain async functions: the context that they are handed, in virtual time and live alike.
import type { Clock } from '../../src/clock.ts';
import type { AcquireRequest } from '../../src/dispatch/dispatcher.ts';
import type { Lease } from '../../src/dispatch/lease.ts';
import { SchedlabError } from '../../src/errors.ts';
import type { Work } from '../engine/work.ts';
import type { Streams } from '../random/streams.ts';
import type { Model } from '../scenario.ts';
import type { AgentContext, AgentScript } from '../workload/workload.ts';
import { ScriptLife, type ScriptEnd } from './script-life.ts';

const US_PER_MS = 1000;
/** Prompt and output tokens a second of a slot, where scripts give tokens. */
const PREFILL_RATE = 8000;
const DECODE_RATE = 50;

export interface ScriptWorld {
  readonly scripts: readonly AgentScript[];
  readonly model: Model;
  readonly clock: Clock;
  readonly streams: Streams;
  readonly work: Work;
  acquire(request: AcquireRequest): Promise<Lease>;
  /** Resolves true when the engine has served the call of the lease to its end. */
  serve(lease: Lease): Promise<boolean>;
  onFailure(error: unknown): void;
  /** Programs that ended are added. */
  readonly ends: ScriptEnd[];
  /** Programs that have not ended yet, with their classes. */
  readonly open: Map<ScriptLife, number>;
}

/** Starts every agent, and resolves when all have ended; program number = agent number, calls are numbered in the order in which the agent asks. */
export async function runScripts(world: ScriptWorld): Promise<void> {
  const { clock, streams, work, model } = world;
  await Promise.all(world.scripts.map((script, agent) => {
    // Draws of an agent come in the agent's own order, interleaved with others': each needs a sequence of its own.
    const own = streams.stream(`agents/${agent}`), life = new ScriptLife(), callClass = Math.max(0, model.classes.indexOf(model.agents[agent]?.class ?? ''));
    let ordinal = 0;
    world.open.set(life, callClass);
    const context: AgentContext = {
      agent,
      name: model.agents[agent]?.name ?? `agent ${agent}`,
      now: () => clock.now() / 1e6,
      random: () => own.next(),
      tool: async (durationMs) => {
        check('durationMs', durationMs, durationMs >= 0 && durationMs < Infinity, 'a number from 0', agent);
        await new Promise<void>((resolve) => { clock.setTimer(durationMs * US_PER_MS, resolve); });
      },
      async llm({ promptTokens, outputTokens, weight, timeoutMs, signal }) {
        for (const [name, value] of [['promptTokens', promptTokens], ['outputTokens', outputTokens]] as const) check(name, value, Number.isSafeInteger(value) && value >= 0, 'a whole number from 0', agent);
        const serviceUs = Math.max(1, Math.round((promptTokens / PREFILL_RATE + outputTokens / DECODE_RATE) * 1e6));
        const firstTokenUs = Math.min(serviceUs, Math.round((promptTokens / PREFILL_RATE + 1 / DECODE_RATE) * 1e6));
        const askedUs = clock.now();
        life.begin(askedUs);
        let isServed = false, lease: Lease;
        try {
          lease = await world.acquire({
            program: agent, ordinal: ordinal++, agent, promptTokens, callClass,
            ...(weight === undefined ? {} : { weight }), ...(timeoutMs === undefined ? {} : { timeoutMs }), ...(signal ? { signal } : {}),
            onSubmit: (call) => { work.set(call, serviceUs, firstTokenUs, outputTokens); },
          });
          isServed = await world.serve(lease);
        } finally {
          if (isServed) life.served(askedUs, clock.now(), serviceUs, outputTokens);
          else life.lost(clock.now());
        }
        if (lease.isHeld) lease.release({ outputTokens });
        if (!isServed) throw new SchedlabError('ERR_ENGINE', 'the engine did not serve the call to its end', { agent, engine: lease.engine });
        return { outputTokens, engine: lease.engine, waitMs: lease.waitMs };
      },
    };
    return script(context).then(() => {
      world.open.delete(life);
      const end = life.end(agent, callClass);
      if (end) world.ends.push(end);
    }, (error: unknown) => { world.onFailure(error); });
  }));
}

/** What a script asks for is checked where it asks, so that the error has its line. */
function check(name: string, value: unknown, holds: boolean, accepted: string, agent: number): void {
  if (!holds) throw new SchedlabError('ERR_OPTION_RANGE', `${name} that agent ${agent} asks for accepts ${accepted}, received ${String(value)}.`, { name, agent });
}
