// One engine in front of a scripted server, and a record of all that it reports.
import { SystemClock } from '../../src/clock.ts';
import { CallTable, type CallSlot } from '../../src/dispatch/calls.ts';
import type { EngineEvents } from '../../src/engines/engine.ts';
import { VllmEngine, type VllmOptions } from '../../src/engines/vllm.ts';
import { ScriptedServer, wait, type Answer, type Seen } from './server.ts';

export type Report =
  | { readonly what: 'scheduled' | 'preempted'; readonly call: CallSlot; readonly atUs: number }
  | { readonly what: 'tokens'; readonly call: CallSlot; readonly total: number; readonly atUs: number }
  | { readonly what: 'finished'; readonly call: CallSlot; readonly outputTokens: number; readonly cachedTokens: number; readonly atUs: number }
  | { readonly what: 'failed'; readonly call: CallSlot; readonly reason: string; readonly atUs: number };

export class Reports implements EngineEvents {
  readonly all: Report[] = [];
  scheduled(_engine: number, call: CallSlot, atUs: number): void { this.all.push({ what: 'scheduled', call, atUs }); }
  preempted(_engine: number, call: CallSlot, atUs: number): void { this.all.push({ what: 'preempted', call, atUs }); }
  tokens(_engine: number, call: CallSlot, total: number, atUs: number): void { this.all.push({ what: 'tokens', call, total, atUs }); }
  finished(_engine: number, call: CallSlot, atUs: number, outputTokens: number, cachedTokens: number): void { this.all.push({ what: 'finished', call, outputTokens, cachedTokens, atUs }); }
  failed(_engine: number, call: CallSlot, atUs: number, reason: string): void { this.all.push({ what: 'failed', call, reason, atUs }); }
  get ended(): number { return this.all.filter((report) => report.what === 'finished' || report.what === 'failed').length; }
  /** The reports without their times. */
  get plain(): object[] { return this.all.map((report) => Object.fromEntries(Object.entries(report).filter(([name]) => name !== 'atUs'))); }
}

export class Rig {
  readonly clock = new SystemClock();
  readonly calls = new CallTable();
  readonly reports = new Reports();
  readonly engine: VllmEngine;
  readonly server: ScriptedServer | undefined;
  #programs = 0;

  constructor(server: ScriptedServer | undefined, baseUrl: string, more: Partial<VllmOptions>) {
    this.server = server;
    this.engine = new VllmEngine({ baseUrl, engine: 3, clock: this.clock, events: this.reports, calls: this.calls, request: () => ({ prompt: [1, 2, 3], maxTokens: 8, model: 'tiny' }), ...more });
  }

  static async with(answer: (request: Seen, number: number) => Answer, more: Partial<VllmOptions> = {}): Promise<Rig> {
    const server = new ScriptedServer(answer);
    return new Rig(server, await server.start(), more);
  }

  submit(promptTokens = 35): CallSlot {
    const call = this.calls.allocate(this.#programs++, 0, 0);
    this.calls.promptTokens[call] = promptTokens;
    this.engine.submit(call, this.clock.now());
    return call;
  }

  /** Until as many calls have ended. */
  async ended(count: number, limitMs = 5000): Promise<void> { await until(() => this.reports.ended >= count, limitMs); }

  async close(): Promise<void> {
    await this.engine.close();
    await this.server?.stop();
  }
}

export async function until(holds: () => boolean, limitMs = 5000): Promise<void> {
  for (let waitedMs = 0; !holds(); waitedMs += 2) {
    if (waitedMs > limitMs) throw new Error('it did not come to pass in time');
    await wait(2);
  }
}
