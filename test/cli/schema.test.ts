// The schemas against real files: what the program writes and reads is valid, what it refuses is not.
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { main } from '../../src/cli/front.ts';
import { scenarioSchema } from '../../src/cli/schema/scenario.ts';
import { resultsSchema, summarySchema } from '../../src/cli/schema/results.ts';
import { traceSchema } from '../../src/cli/schema/trace.ts';
import type { Schema } from '../../src/cli/schema/json.ts';
import { readScenarioFile } from '../../src/cli/yaml-file.ts';
import { SCENARIOS } from '../../scenarios/index.ts';
import { blocksOf } from '../docs/pages.ts';
import { fakeIo } from './fake-io.ts';

const cwd = mkdtempSync(path.join(tmpdir(), 'schedlab-schema-'));
afterAll(() => { rmSync(cwd, { recursive: true, force: true }); });

const validator = (schema: Schema): ((value: unknown) => string) => {
  const check = new Ajv2020({ allErrors: false, inlineRefs: false, strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true }).compile(schema);
  return (value) => (check(value) ? '' : `${check.errors![0]!.instancePath} ${check.errors![0]!.message} ${JSON.stringify(check.errors![0]!.params)}`);
};

/** Every table of a schema closed: a part that the schema does not know is a fault. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const found = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in found && !('additionalProperties' in found) ? { ...found, additionalProperties: false } : found;
}

const lines = (file: string): unknown[] => readFileSync(path.join(cwd, file), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown);
const json = (file: string): unknown => JSON.parse(readFileSync(path.join(cwd, file), 'utf8'));
async function run(...argv: readonly string[]): Promise<string> {
  const io = fakeIo({ cwd });
  expect([await main(argv, io), io.err().replace(/^(note|warning): .*\n/gm, '')]).toEqual([0, expect.any(String)]);
  return io.out();
}

describe('the schema of results', () => {
  const results = resultsSchema(), part = (name: string): ((value: unknown) => string) => validator(closed({ ...(results['$defs'] as Record<string, Schema>)[name]! }) as Schema);
  beforeAll(async () => {
    writeFileSync(path.join(cwd, 't.jsonl'), '{"arrival":0,"prompt_tokens":5,"output_tokens":3}\n{"arrival":1,"prompt_tokens":5,"output_tokens":3}\n');
    await run('sweep', 'loco-fairness', 'alpha=0,1', 'ticks=60', '--reps', '2', '--also', 'policy=fcfs', '--calls', path.join(cwd, 'calls.jsonl'), '--no-report', '-q', '-j', '1', '-o', 'a');
    await run('run', 'trace-replay', `trace=${path.join(cwd, 't.jsonl')}`, '--no-report', '-q', '-j', '1', '-o', 'b');
    await run('run', 'queueing', 'calls=300', '--no-report', '-q', '-j', '1', '-o', 'c');
  }, 60_000);

  it('knows every part of the files that a run leaves, and no other', () => {
    const [summary, manifest, replication, call] = ['summary', 'manifest', 'replication', 'call'].map(part) as ((value: unknown) => string)[];
    for (const folder of ['a', 'b', 'c']) {
      expect([folder, summary!(json(`${folder}/summary.json`)), manifest!(json(`${folder}/manifest.json`))]).toEqual([folder, '', '']);
      expect(lines(`${folder}/replications.jsonl`).map(replication!).filter((fault) => fault !== '')).toEqual([]);
    }
    expect(lines('calls.jsonl').map(call!).filter((fault) => fault !== '')).toEqual([]);
  });

  it('is one of any file, and tells the files apart from others', () => {
    const any = validator(results), summary = validator(summarySchema());
    expect([any(json('a/summary.json')), any(json('a/manifest.json')), any(lines('a/replications.jsonl')[0]), any(lines('calls.jsonl')[0]), summary(json('a/summary.json'))]).toEqual(['', '', '', '', '']);
    expect([any({}), summary(json('a/manifest.json')), any({ ...json('a/summary.json') as object, schema: 'schedlab/summary@2' })]).not.toContain('');
  });
});

describe('the schema of traces', () => {
  it('accepts what the program writes', async () => {
    const fault = validator(traceSchema());
    writeFileSync(path.join(cwd, 'm.jsonl'), '{"timestamp":0,"input_length":600,"output_length":3,"hash_ids":[1,2]}\n{"timestamp":20,"input_length":700,"output_length":3,"hash_ids":[1,3]}\n');
    await run('trace', 'convert', path.join(cwd, 'm.jsonl'), '--to', 'schedlab', '-q', '-o', path.join(cwd, 'own.jsonl'));
    expect(lines('own.jsonl').map(fault)).toEqual(lines('own.jsonl').map(() => ''));
  });
});

describe('the schema of scenario files', () => {
  const fault = validator(scenarioSchema(SCENARIOS));
  const faultOf = (text: string): string => fault(parseYaml(text));

  it('accepts the file of the pages and every scenario with its defaults', () => {
    const shown = blocksOf('docs/cli.md').find(({ language }) => language === 'yaml')!.text;
    expect(faultOf(shown)).toBe('');
    for (const [name, { params }] of Object.entries(SCENARIOS)) expect([name, fault({ scenario: name, params: Object.fromEntries(Object.entries(params).map(([key, spec]) => [key, spec.default])) })]).toEqual([name, '']);
  });

  it.each([
    ['a key that no scenario file has', 'scenario: loco-fairness\nswep: {alpha: [0]}'],
    ['a parameter that this scenario has not', 'scenario: loco-fairness\nparams: {load: 0.5}'],
    ['a swept parameter that this scenario has not', 'scenario: queueing\nsweep: {ticks: [1, 2]}'],
    ['a value out of its range', 'scenario: loco-fairness\nparams: {alpha: 2}'],
    ['a fraction of a whole', 'scenario: loco-fairness\nparams: {ticks: 1.5}'],
    ['a policy that there is not', 'scenario: loco-fairness\nparams: {policy: loko}'],
    ['no scenario', 'params: {alpha: 0}'],
    ['an until that is none', 'scenario: queueing\nuntil: 5%'],
    ['no replications', 'scenario: queueing\nreps: 0'],
    ['a list under params', 'scenario: queueing\nparams: {load: [0.1, 0.2]}'],
  ])('refuses %s, as validate does', async (_what, text) => {
    expect(faultOf(text)).not.toBe('');
    writeFileSync(path.join(cwd, 'f.yaml'), text);
    expect(await main(['validate', 'f.yaml'], fakeIo({ cwd }))).toBe(2);
  });

  it.each([
    'scenario: loco-fairness\nparams: {guard: off, busyRate: 0.3}\nsweep: {alpha: 0:1:0.25, policy: [loco, fcfs]}',
    'scenario: ./mine.ts\nparams: {anything: 3}\nsweep: {more: [a, b]}',
    'scenario: queueing\nparams: {policy: ./mine.ts, mine: 3}',
    'scenario: queueing\nsweep: {policy: [fcfs, ./mine.js]}\nparams: {mine: 3}',
    'scenario: queueing\nparams:\nsweep: {load: 0.5}\nbaseline: load=0.5\nthresholds: [wait.p95 < 30]\nuntil: ci=5%\nmaxReps: 20\nseed: 7\nalso: [{policy: loco, alpha: 0.5}]',
    'scenario: trace-replay\nparams: {trace: x.csv, window: none, maxWaiters: 10}',
  ])('accepts %j', (text) => { expect(faultOf(text)).toBe(''); });

  it('accepts what the reader of files accepts and the planner plans', async () => {
    const value = fc.constantFrom<unknown>(0, 0.5, 1, 'on', 'off', true, 'fcfs', 'loco', 'none', 'word', '0:1:0.5'), key = fc.constantFrom('alpha', 'guard', 'policy', 'ticks', 'load', 'aplha');
    const file = fc.record({ scenario: fc.constantFrom('loco-fairness', 'loco-fairness', 'nothing'), params: fc.dictionary(key, value, { maxKeys: 2 }), sweep: fc.dictionary(key, fc.oneof(value, fc.uniqueArray(value, { minLength: 1, maxLength: 2 })), { maxKeys: 1 }), reps: fc.constantFrom<unknown>(1, 0, 2) }, { requiredKeys: ['scenario'] });
    let planned = 0;
    await fc.assert(fc.asyncProperty(file, async (made) => {
      writeFileSync(path.join(cwd, 'f.yaml'), JSON.stringify(made));
      if (await main(['validate', 'f.yaml', '-q'], fakeIo({ cwd })) !== 0) return;
      planned++;
      expect([JSON.stringify(made), fault(made)]).toEqual([JSON.stringify(made), '']);
    }), { numRuns: 400 });
    expect(planned).toBeGreaterThan(20);
  });

  it('knows every key that the reader knows', () => {
    const all = Object.keys((scenarioSchema(SCENARIOS)['properties']) as object).sort();
    writeFileSync(path.join(cwd, 'f.yaml'), 'scenario: queueing\nnone: 1\n');
    let message = '';
    try { readScenarioFile(path.join(cwd, 'f.yaml'), 'f.yaml'); } catch (error) { message = (error as Error).message; }
    expect(/Valid: (.*)\.$/.exec(message)?.[1]?.split(', ')).toEqual(all);
  });
});

describe('the verb', () => {
  it('lists the schemas with the line that an editor reads, and prints each as one JSON document', async () => {
    expect(await run('schema')).toContain('# yaml-language-server: $schema=');
    for (const name of ['scenario', 'trace', 'results', 'summary']) expect(JSON.parse(await run('schema', name))).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', $id: expect.stringMatching(/^urn:schedlab:\w+:1$/) as string });
  });
  it('refuses other words with the nearest', async () => {
    const io = fakeIo();
    expect([await main(['schema', 'scenari'], io), io.err()]).toEqual([2, expect.stringContaining('Did you mean "scenario"?') as string]);
    expect(await main(['schema', 'trace', 'results'], fakeIo())).toBe(2);
  });
  it('leaves nothing behind', () => { expect(readdirSync(cwd).filter((name) => /schema/.test(name))).toEqual([]); });
});
