// The live world against a scripted server: every call answered, the window kept, faults counted, secrets kept, and the decisions of the simulator taken.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { POLICIES } from '../../src/policies/registry.ts';
import type { CallLine, DecisionLine, ReplicationRecord, SummaryFile } from '../../sim/results.ts';
import type { Model } from '../../sim/scenario.ts';
import { runLive } from '../../sim/worlds/live.ts';
import { runReplication } from '../../sim/worlds/virtual.ts';
import { main } from '../../src/cli/front.ts';
import { fakeIo } from '../cli/fake-io.ts';
import { ScriptedServer, failure, models, tokens, type Act, type Answer, type Seen } from '../engines/server.ts';
import { scenarioModel } from '../scenarios/setup.ts';
import { modelOf } from './scripted-model.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-live-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

const servers: ScriptedServer[] = [];
afterEach(async () => { await Promise.all(servers.splice(0).map((server) => server.stop())); });

interface Completion { readonly model: string; readonly prompt: string; readonly max_tokens: number }
const completion = (seen: Seen): Completion => seen.body as Completion;
const wordsIn = (prompt: string): number => prompt.split(' ').length;
/** As many tokens as were asked for, after so many milliseconds. */
const answered = (seen: Seen, ms = 2): Act[] => [{ waitMs: ms }, ...tokens(completion(seen).max_tokens, wordsIn(completion(seen).prompt), 1)];

/** A server of one model; `answer` is asked for each call, numbered from 0. */
async function serve(answer: (seen: Seen, call: number) => Answer): Promise<{ server: ScriptedServer; url: string }> {
  let calls = 0;
  const server = new ScriptedServer((seen) => (seen.method === 'GET' ? models() : answer(seen, calls++)));
  servers.push(server);
  return { server, url: await server.start() };
}

let runs = 0;
interface Ran { readonly code: number; readonly exit: number; readonly err: string; readonly out: string; readonly dir: string; readonly lines: readonly CallLine[]; readonly summary: SummaryFile }
async function schedlab(args: readonly string[], env: Record<string, string> = {}): Promise<Ran> {
  const io = fakeIo({ cwd, env }), dir = path.join(cwd, `out${runs++}`), calls = `${dir}.jsonl`;
  const exit = await main([...args, '--reps', '1', '-o', dir, '--calls', calls], io);
  const summary = JSON.parse(readFileSync(path.join(dir, 'summary.json'), 'utf8')) as SummaryFile;
  return {
    // A busy machine may be late: one test below is about that, the others do not judge it.
    code: exit === 3 && !summary.notes.some((note) => note.includes('calls failed')) ? 0 : exit, exit, out: io.out(), err: io.err(), dir,
    lines: readFileSync(calls, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as CallLine),
    summary,
  };
}
const metric = (ran: Ran, name: string): number | null | undefined => ran.summary.cells[0].metrics[name]?.mean;

function trace(rows: number, gapS = 0.004): string {
  const file = path.join(cwd, `t${runs}.csv`);
  writeFileSync(file, `arrival,prompt_tokens,output_tokens\n${Array.from({ length: rows }, (_, i) => `${(i * gapS).toFixed(4)},${5 + i},${1 + (i % 4)}`).join('\n')}\n`);
  return `trace=${file}`;
}

interface Played { readonly record: ReplicationRecord; readonly lines: CallLine[]; readonly decisions: DecisionLine[] }
async function live(model: Model, target: string, seed = 'live/0'): Promise<Played> {
  const lines: CallLine[] = [], decisions: DecisionLine[] = [];
  const record = await runLive(model, { seed, replication: 0, shell: 'auto', params: {}, cell: 'live', target, callLine: (line) => { lines.push(line); }, decisionLine: (line) => { decisions.push(line); } });
  return { record, lines, decisions };
}
async function simulated(model: Model, seed = 'live/0'): Promise<Played> {
  const lines: CallLine[] = [], decisions: DecisionLine[] = [];
  const record = await runReplication(model, { seed, replication: 0, shell: 'auto', params: {}, cell: 'sim', callLine: (line) => { lines.push(line); }, decisionLine: (line) => { decisions.push(line); } });
  return { record, lines, decisions };
}

describe('a trace sent to an endpoint', () => {
  it('has every call answered, with the lengths of the trace, and never more in flight than places', async () => {
    const { server, url } = await serve((seen) => ({ acts: answered(seen, 12) }));
    const ran = await schedlab(['run', 'trace-replay', trace(24), 'engine=slots:3', '--target', `${url}/v1`]);
    expect(ran.code).toBe(0);
    expect(ran.err).toContain(`seed "1" · ${url}/v1\n`);
    expect([metric(ran, 'completed'), metric(ran, 'failed'), metric(ran, 'unfinished')]).toEqual([24, 0, 0]);
    expect(server.mostInFlight).toBe(3);
    const asked = server.seen.filter((seen) => seen.method === 'POST').map(completion);
    // Three connections race: the order at the server is not that of the grants.
    expect(asked.map((call) => [call.model, wordsIn(call.prompt), call.max_tokens] as const).sort((a, b) => a[1] - b[1])).toEqual(Array.from({ length: 24 }, (_, i) => ['tiny', 5 + i, 1 + (i % 4)]));
    const byId = [...ran.lines].sort((a, b) => Number(a.id) - Number(b.id));
    expect(byId.map(({ id, program, outcome, engine, prompt_tokens, output_tokens, cached_tokens, class: kind }) => ({ id, program, outcome, engine, prompt_tokens, output_tokens, cached_tokens, kind })))
      .toEqual(Array.from({ length: 24 }, (_, i) => ({ id: String(i), program: String(i), outcome: 'completed', engine: 0, prompt_tokens: 5 + i, output_tokens: 1 + (i % 4), cached_tokens: 1, kind: 'all' })));
    for (const [i, line] of byId.entries()) {
      expect(line.arrival).toBeGreaterThanOrEqual(Number((i * 0.004).toFixed(4)));
      const times = [line.arrival, line.granted, line.scheduled, line.first_token, line.finished];
      expect(times.every((time) => time !== null)).toBe(true);
      expect([...times].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(times);
    }
    expect((JSON.parse(readFileSync(path.join(ran.dir, 'manifest.json'), 'utf8')) as { target: string }).target).toBe(`${url}/v1`);
  });

  it('counts a call that the server fails; more than one in twenty make the run invalid, with the reason', async () => {
    const failing = (every: number) => (seen: Seen, call: number): Answer => (call % every === 3 ? failure(503, 'overloaded', 'Unavailable') : { acts: answered(seen, 0) });
    const rare = await schedlab(['run', 'trace-replay', trace(24, 0.001), '--no-report', '--target', (await serve(failing(24))).url]);
    expect([rare.code, metric(rare, 'failed'), metric(rare, 'completed')]).toEqual([0, 1, 23]);
    expect(rare.err).toContain('failed calls: http-503 × 1');
    const often = await schedlab(['run', 'trace-replay', trace(24, 0.001), '--no-report', '--target', (await serve(failing(6))).url]);
    expect([often.code, metric(often, 'failed'), often.summary.valid]).toEqual([3, 4, false]);
    for (const text of ['the run is invalid', '4 of 24 calls failed (http-503 × 4)']) expect(often.err).toContain(`warning: ${text}\n`);
    expect(often.lines.filter((line) => line.outcome === 'failed')).toHaveLength(4);
  });

  it('is invalid where the load generator was late', async () => {
    const { url } = await serve((seen, call) => {
      // The server lives in this process: nobody else gets a turn meanwhile.
      if (call === 0) for (const until = performance.now() + 300; performance.now() < until;);
      return { acts: answered(seen, 0) };
    });
    const ran = await schedlab(['run', 'trace-replay', trace(24), '--no-report', '--target', url]);
    expect([ran.exit, ran.summary.valid, metric(ran, 'completed')]).toEqual([3, false, 24]);
    expect(ran.err).toMatch(/warning: the load generator was late: 5 % of the calls started more than \d+ ms after they were due\n/);
  });

  it('counts connections that break and answers that are none', async () => {
    const odd: Answer[] = [{ acts: [{ drop: true }] }, { acts: [tokens(2)[0], { drop: true }] }, { headers: { 'content-type': 'text/html' }, acts: [{ send: '<html>' }] }, { acts: [] }];
    const { url } = await serve((seen, call) => odd[call] ?? { acts: answered(seen, 0) });
    const ran = await schedlab(['run', 'trace-replay', trace(12, 0.001), 'engine=slots:1', '--no-report', '--target', url]);
    expect([ran.code, metric(ran, 'failed'), metric(ran, 'completed')]).toEqual([3, 4, 8]);
    expect(ran.err).toContain('dropped × 2, protocol × 1, truncated × 1');
  });
});

// A machine that stands still for seconds while a window of three is open misses it; what is wrong is wrong twice.
describe('a window in real time', { retry: 1 }, () => {
  it('ends when it is over, and counts what is unfinished', async () => {
    const { server, url } = await serve((seen, call) => (call === 4 ? { acts: [{ hang: true }] } : { acts: answered(seen, 1) }));
    const ran = await schedlab(['run', 'loco-fairness', 'ticks=3', 'busyRate=1', '--no-report', '--target', url]);
    expect(ran.code).toBe(0);
    expect(server.mostInFlight).toBe(1);
    expect(metric(ran, 'completed')).toBe(4);
    expect(metric(ran, 'unfinished')).toBe((metric(ran, 'arrived') ?? 0) - 4);
    expect(ran.lines.filter((line) => line.outcome === 'completed')).toHaveLength(4);
    expect(ran.lines.filter((line) => line.outcome === 'unfinished' && line.granted !== null)).toHaveLength(1);
  }, 20_000);
});

describe('Ctrl-C', () => {
  it('twice stops a live run in the middle of a replication', async () => {
    const { url } = await serve(() => { io.interrupt(); io.interrupt(); return { acts: [{ hang: true }] }; });
    const io = fakeIo({ cwd });
    expect(await main(['run', 'loco-burst', '--target', url, '-o', 'stopped', '--no-report'], io)).toBe(130);
    expect(io.err()).toContain('interrupted: no replication is finished; stopped holds what is needed to begin again\nresume   npx schedlab run loco-burst --target');
  });
});

describe('programs live', () => {
  it('agents written as code run unchanged', async () => {
    const { server, url } = await serve((seen) => ({ acts: answered(seen, 1) }));
    const shipped = scenarioModel('agents-as-code', { agents: 3, tasks: 1, slots: 2 });
    // The same agents with faster tools: a test has no minute.
    const model: Model = { ...shipped, scripts: shipped.scripts!.map((script) => (ctx) => script({ ...ctx, tool: (ms) => ctx.tool(ms / 500) })) };
    const [real, virtual] = [await live(model, url), await simulated(model)];
    expect(real.record.metrics['completed']).toBe(virtual.record.metrics['completed']);
    expect([real.record.metrics['failed'], real.record.metrics['unfinished']]).toEqual([0, 0]);
    expect(server.mostInFlight).toBeLessThanOrEqual(2);
    const told = ({ lines }: Played): unknown[] => lines.map((line) => [line.id, line.agent, line.prompt_tokens]).sort();
    expect(told(real)).toEqual(told(virtual));
  });

  it('chains go on when their call is answered, and end with a call that is not', async () => {
    // By the length of its prompt, not by its turn: which call comes third is a matter of how busy the machine is.
    const { url } = await serve((seen) => (wordsIn(completion(seen).prompt) === 9 ? failure(500, 'no', 'Internal') : { acts: answered(seen, 0) }));
    const chain = (promptTokens: number) => [{ serviceUs: 1000, outputTokens: 1, promptTokens }, { serviceUs: 1000, outputTokens: 1, promptTokens, thinkUs: 1000 }];
    const { record, lines } = await live(modelOf({ programs: [{ arrivalUs: 0, calls: chain(4) }, { arrivalUs: 20_000, calls: chain(9) }] }), url);
    expect(lines.map((line) => [line.id, line.outcome]).sort()).toEqual([['0', 'completed'], ['0.1', 'completed'], ['1', 'failed']]);
    // Being late is another test's matter.
    expect(record.faults?.filter((fault) => !fault.includes('load generator'))).toEqual(['1 of 3 calls failed (http-500 × 1)']);
  });

  // The server never answers what will be withdrawn, so only a machine that stands still before it has the request can be in the way.
  it('a call that waits too long gives up, and one that is withdrawn is aborted at the server', { retry: 1 }, async () => {
    const { server, url } = await serve((seen, call) => ({ acts: call === 0 ? [{ hang: true }] : answered(seen, 0) }));
    const { lines } = await live(modelOf({ programs: [
      { arrivalUs: 0, calls: [{ serviceUs: 1000, outputTokens: 1, cancelUs: 400_000 }] },
      { arrivalUs: 0, calls: [{ serviceUs: 1000, outputTokens: 1, timeoutUs: 150_000 }] },
      { arrivalUs: 0, calls: [{ serviceUs: 1000, outputTokens: 1 }] },
    ] }), url);
    expect(lines.map((line) => [line.id, line.outcome, line.granted !== null])).toEqual([['1', 'rejected', false], ['0', 'cancelled', true], ['2', 'completed', true]]);
    await vi.waitFor(() => { expect(server.seen.filter((seen) => seen.method === 'POST').map((seen) => seen.left)).toEqual([true, false]); }, 10_000);
  });
});

describe('the key of an endpoint', () => {
  const KEY = 'sk-very-secret-0123456789';
  it('reaches the server with every request, and stands in no file and no output, even where the server repeats it', async () => {
    const { server, url } = await serve((seen, call) => (call === 1 ? failure(401, `bad key ${KEY}`, 'Auth') : { acts: answered(seen, 0) }));
    const ran = await schedlab(['run', 'trace-replay', trace(8, 0.001), '--json', '--target', url], { SCHEDLAB_API_KEY: KEY });
    expect(ran.code).toBe(3);
    expect(server.seen.map((seen) => seen.headers.authorization)).toEqual(server.seen.map(() => `Bearer ${KEY}`));
    expect(server.seen).toHaveLength(9);
    const files = readdirSync(ran.dir);
    expect(files).toContain('report.html');
    for (const text of [ran.err, ran.out, JSON.stringify(ran.lines), ...files.map((file) => readFileSync(path.join(ran.dir, file), 'utf8'))]) expect(text).not.toContain(KEY);
    expect(ran.err).not.toContain('means nothing');
  });

  it('that is refused is said, without the key', async () => {
    const server = new ScriptedServer(() => failure(401, `bad key ${KEY}`, 'Auth'));
    servers.push(server);
    const io = fakeIo({ cwd, env: { SCHEDLAB_API_KEY: KEY } });
    expect(await main(['run', 'loco-burst', '--target', await server.start(), '-o', 'refused'], io)).toBe(3);
    expect(io.err()).toContain('refuses the key (401)');
    expect(io.err()).not.toContain(KEY);
    expect(readdirSync(cwd)).not.toContain('refused');
  });
});

describe('decisions live', () => {
  // A simulated service takes a second, a real one here a millisecond: what is decided does not depend on it.
  const order = ({ lines }: Played): string[] => [...lines].sort((a, b) => (a.granted ?? 0) - (b.granted ?? 0)).map((line) => line.id);
  // oldest-first goes by microseconds of arrival, which no real burst has in common; these charge calls without tokens by the time that they were served.
  const BY_TIME = ['oldest-first', 'vtc', 'wfq', 'drr', 'las-decay'];
  it('are told by the same receipts as in the simulator, times aside', async () => {
    const { url } = await serve((seen) => ({ acts: answered(seen, 0) })), model = scenarioModel('loco-burst', { alpha: 0.5 });
    const told = ({ decisions }: Played): unknown[] => decisions.map(({ kind, call, chosen, waiting, candidates, tie, reason }) => [kind, call, chosen, waiting, candidates.map((one) => ('call' in one ? [one.call, one.score] : one)), tie, reason]);
    const [real, virtual] = [await live(model, url), await simulated(model)];
    expect(told(real)).toEqual(told(virtual));
    expect(told(real).length).toBeGreaterThan(10);
    expect(real.record.decisions).toBeUndefined();
  });

  it.each(Object.values(POLICIES).filter(({ name, knowledge }) => !BY_TIME.includes(name) && knowledge === 'none').map(({ name }) => name))('are those of the simulator for a burst on one place under %s', async (policy) => {
    const { url } = await serve((seen) => ({ acts: answered(seen, 0) })), model = scenarioModel('loco-burst', { policy });
    const [real, virtual] = [await live(model, url), await simulated(model)];
    expect(real.record.metrics['completed']).toBe(36);
    expect(order(real)).toEqual(order(virtual));
  });
  it('follow the seed: another one breaks ties in another way, in both worlds alike', async () => {
    const { url } = await serve((seen) => ({ acts: answered(seen, 0) })), model = scenarioModel('loco-burst', { alpha: 0.5 });
    const [one, other] = [await live(model, url, 'one/0'), await live(model, url, 'other/0')];
    expect(order(one)).not.toEqual(order(other));
    expect([order(one), order(other)]).toEqual([order(await simulated(model, 'one/0')), order(await simulated(model, 'other/0'))]);
  });
});
