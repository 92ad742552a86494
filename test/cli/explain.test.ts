// `explain`: one call's life as --calls and --decisions tell it, in words and in JSON, for every place where a call can wait.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/front.ts';
import { lifeText } from '../../src/cli/life-words.ts';
import { width } from '../../src/cli/table.ts';
import type { Life } from '../../sim/experiment/life.ts';
import type { CallLine, DecisionLine, ReplicationRecord } from '../../sim/results.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-explain-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

async function say(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
  const io = fakeIo({ cwd });
  return { code: await main(argv, io), out: io.out(), err: io.err() };
}
const lines = <T>(file: string): T[] => readFileSync(path.join(cwd, file), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as T);
const quiet = ['--no-report', '-q', '-j', '1'];

const CASES: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['a queue at the gate', ['loco-fairness', 'ticks=60', 'guard=off', 'alpha=0.25']],
  ['a queue for each engine', ['queueing', 'calls=300', 'servers=3', 'balancer=power-of-d', 'policy=loco', 'agents=4', 'load=0.9']],
  ['places that are lost and won again', ['queueing', 'calls=200', 'discipline=preempt-resume', 'policy=atlas', 'agents=4', 'load=0.9']],
  ['a shared processor', ['queueing', 'calls=200', 'discipline=ps']],
  ['a queue inside the engine', ['trace-replay', 'trace=t.csv', 'engine=slots:2', 'window=none', 'policy=fcfs']],
  ['agents written as code', ['agents-as-code', 'agents=3', 'tasks=2', 'slots=1']],
];

beforeAll(async () => {
  writeFileSync(path.join(cwd, 't.csv'), `arrival,prompt_tokens,output_tokens\n${Array.from({ length: 40 }, (_, i) => `${(i * 0.11).toFixed(2)},${200 + ((i * 977) % 4000)},${(i * 31) % 90}`).join('\n')}\n`);
  for (const [name, args] of CASES) expect([0, 3]).toContain((await say('run', ...args.map((arg) => arg.replace('t.csv', path.join(cwd, 't.csv'))), '--reps', '1', '-o', name, '--calls', `${name}.calls`, '--decisions', `${name}.decisions`, ...quiet)).code);
  expect((await say('sweep', 'loco-fairness', 'alpha=0,1', 'ticks=40', '--reps', '2', '-o', 'swept', ...quiet)).code).toBe(0);
});

describe.each(CASES)('in %s', (name) => {
  it('every life agrees with the lines of --calls and --decisions', async () => {
    const calls = lines<CallLine>(`${name}.calls`), decisions = lines<DecisionLine>(`${name}.decisions`);
    const waited = [...calls].sort((a, b) => (b.scheduled ?? 1e9) - b.arrival - ((a.scheduled ?? 1e9) - a.arrival)), seen = [waited[0], waited[Math.floor(waited.length / 3)], calls[0]];
    for (const call of seen) {
      const { code, out, err } = await say('explain', name, '--call', call.id, '--json');
      expect([code, err]).toEqual([0, '']);
      const life = JSON.parse(out) as Life & { readonly replication: number }, sum = (what: string): number => Number(life.stretches.filter((one) => one.what === what).reduce((total, one) => total + one.to - one.from, 0).toFixed(6));
      expect(life).toMatchObject({ call: call.id, agent: call.agent, class: call.class, arrival: call.arrival, outcome: call.outcome, preemptions: call.preemptions, replication: 0 });
      if (call.finished !== null) expect(life.end).toBe(call.finished);
      // Stretches follow each other from arrival to end.
      expect(life.stretches[0]?.from ?? life.arrival).toBe(call.arrival);
      life.stretches.forEach((one, i) => { if (i > 0) expect(one.from).toBe(life.stretches[i - 1].to); });
      if (call.scheduled !== null && call.preemptions === 0) expect(sum('gate') + sum('queue')).toBeCloseTo(call.scheduled - call.arrival, 6);
      expect(life.own).toEqual(decisions.filter((line) => line.call === call.id && line.program === call.program));
      const others = decisions.filter((line) => line.kind === 'grant' && line.call !== call.id && life.stretches.some(({ what, from, to, engine }) => what !== 'service' && (what === 'queue') === (line.place === 'engine') && line.time >= from && line.time <= to && (name === 'a queue for each engine' ? line.engine === life.own[0].engine : what === 'gate' || line.engine === engine)));
      const first = life.passedOver.map(({ line }) => line);
      for (const line of first) expect(others).toContainEqual(line);
      // At its first and last instant others may go before it came or after it went; between them, all are told.
      expect(first.filter(({ time }) => time > life.arrival && life.stretches.every(({ from, to }) => time !== from && time !== to))).toEqual(others.filter(({ time }) => time > life.arrival && life.stretches.every(({ from, to }) => time !== from && time !== to)));
      for (const { line, own } of life.passedOver) {
        const listed = line.candidates.find((one) => 'call' in one && one.call === life.call);
        if (listed) expect(own).toEqual({ score: listed.score, terms: listed.terms });
      }
    }
  });
});

describe('explain in words', () => {
  it('tells arrival, wait, grant, service and end, and who went first with both scores', async () => {
    const call = lines<CallLine>('a queue at the gate.calls').find((line) => line.outcome === 'completed' && line.scheduled! - line.arrival > 5)!;
    const { code, out, err } = await say('explain', 'a queue at the gate', '--call', call.id), wait = Math.round(call.scheduled! - call.arrival);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(new RegExp(`^call ${call.id} of ${call.agent}, class ${call.class} · replication 0 of loco-fairness \\(\\w{12}\\)\ncompleted: ${wait + 1} s in all, ${wait} s of it waiting \\(\\d+ %\\), 1 s in service\n\n`));
    expect(out).toMatch(new RegExp(`\n${call.arrival} s +arrives; \\d+ calls? waits? already, (none|\\d+) of ${call.agent}\n`));
    expect(out.replaceAll(/\n +/g, ' ')).toMatch(new RegExp(`\n${call.arrival} s +waits ${wait} s at the gate, while ${wait} others go first: \\d+ of `));
    expect(out).toMatch(new RegExp(`\n${call.granted} s +is granted on engine 0: (highest score|drawn among)`));
    expect(out).toMatch(new RegExp(`\n${call.granted} s +service begins on engine 0, and lasts 1 s\n${call.finished} s +completes\n`));
    expect(out).toMatch(new RegExp(`\n *time +went first +its score +score of ${call.id} +backlog +age( +because)?\n`));
    expect(out).toContain('all the time: alpha 0.25');
  });
  it('leaves out the middle of a long table, and says how much', async () => {
    const call = lines<CallLine>('a queue at the gate.calls').find((line) => line.scheduled !== null && line.scheduled - line.arrival > 20)!;
    const { out } = await say('explain', 'a queue at the gate', '--call', call.id);
    expect(out).toMatch(/\n… \d+ more; --json tells them all\n/);
    expect(out.split('\n').filter((line) => /^\s*\d+ s +\d+ \(/.test(line))).toHaveLength(16);
  });
  it('tells of places lost and won again', async () => {
    const call = lines<CallLine>('places that are lost and won again.calls').find((line) => line.preemptions === 2)!;
    const { out } = await say('explain', 'places that are lost and won again', '--call', call.id), text = out.replaceAll(/\n {2,}/g, ' ');
    expect(text).toContain('interrupted 2 times');
    expect(text.match(/ loses its place on engine 0/g)).toHaveLength(2);
    expect(text.match(/ service begins on engine 0/g)).toHaveLength(3);
  });
  it('tells of calls that never went', async () => {
    const call = lines<CallLine>('a queue at the gate.calls').find((line) => line.outcome === 'unfinished' && line.scheduled === null)!;
    const { out } = await say('explain', 'a queue at the gate', '--call', call.id);
    expect(out).toMatch(/\nunfinished: \d+ s in all, \d+ s of it waiting \(100 %\), never served\n/);
    expect(out).toContain('is still there when the window ends');
  });
  it('tells of a route by what was known of the engines', async () => {
    const call = lines<CallLine>('a queue for each engine.calls')[120];
    expect((await say('explain', 'a queue for each engine', '--call', call.id)).out).toMatch(/ is sent to engine \d: /);
  });
  it('takes the first cell and replication, or those that are named', async () => {
    expect((await say('explain', 'swept', '--call', '3')).out).toContain('replication 0 of alpha=0 (');
    expect((await say('explain', 'swept', '--call', '3', '--cell', 'alpha=1', '--rep', '1')).out).toContain('replication 1 of alpha=1 (');
  });
  it.each([30, 50, 80, 120])('fits %i columns', async (columns) => {
    const life = JSON.parse((await say('explain', 'a queue at the gate', '--call', '20', '--json')).out) as Life;
    for (const line of lifeText(life, 'replication 0 of loco-fairness', columns)) expect([line, width(line) <= columns]).toEqual([line, true]);
  });
});

describe('explain refuses', () => {
  it.each([
    [['swept', '--call', '4x'], /there is no call "4x" in replication 0 of alpha=0 \(\w{12}\) Did you mean "4"\? Its \d+ calls are named 0, 1, 2, … \d+; --calls FILE/], [['swept'], /does not know which call is meant/], [['--call', '1'], /explain needs one folder/], [['a', 'b', '--call', '1'], /needs one folder/],
    [['none', '--call', '1'], /there is no folder/], [['swept', '--call', '1', '--cell', 'zz'], /fits no cell/], [['swept', '--call', '1', '--rep', '7'], /holds replications 0, 1/], [['swept', '--call', ''], /there is no call ""/],
  ])('%j', async (args, why) => {
    const { code, out, err } = await say('explain', ...args);
    expect([code, out]).toEqual([2, '']);
    expect(err.replaceAll('\n  ', ' ')).toMatch(why);
  });
  it('nothing, but warns, where the replication does not go as it was recorded', async () => {
    const file = path.join(cwd, 'swept/replications.jsonl'), was = readFileSync(file, 'utf8'), record = JSON.parse(was.split('\n')[0]) as ReplicationRecord;
    writeFileSync(file, was.replace(record.orderDigest, '0000000000000000'));
    const { code, err } = await say('explain', 'swept', '--call', '3');
    writeFileSync(file, was);
    expect(code).toBe(0);
    expect(err).toContain('warning: the replication does not go as it was recorded: what follows is how it goes now. npx schedlab reproduce swept says what has changed.');
  });
});
