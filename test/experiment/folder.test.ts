// The results folder on disk: what is refused, what is read back, what survives damage.
import fc from 'fast-check';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { canonicalJson, cellId, digestOf } from '../../sim/experiment/digest.ts';
import { summaryCsv } from '../../sim/experiment/csv.ts';
import { LineFile, writeWhole } from '../../sim/experiment/files.ts';
import { prepareFolder, readFolder } from '../../sim/experiment/folder.ts';
import { parseLines, parseRecord, recordLine } from '../../sim/experiment/lines.ts';
import { planExperiment } from '../../sim/experiment/plan.ts';
import { runExperiment } from '../../sim/experiment/run.ts';
import { fakeLaboratory, fakeScenario } from './fake.ts';

const root = mkdtempSync(join(tmpdir(), 'schedlab-folder-'));
afterAll(() => { rmSync(root, { recursive: true, force: true }); });
let made = 0;
const fresh = (): string => join(root, `f${made++}`);
const plan = () => planExperiment({ scenario: fakeScenario, version: '1.0.0', swept: [{ key: 'alpha', values: [0, 1] }] }, fakeLaboratory);
const filled = async (): Promise<string> => { const dir = fresh(); await runExperiment(plan(), { reps: 3, outDir: dir }, fakeLaboratory); return dir; };
const claim = { scenario: 'fake', cells: [{ id: 'aaaaaaaaaaaa' }], seed: '1', reps: 5, resume: false };

test('what was written is read back', async () => {
  const dir = await filled(), folder = readFolder(dir);
  expect(folder.records).toHaveLength(6);
  expect(folder.torn).toBe(0);
  expect(folder.summary?.cells.map((c) => c.replications)).toEqual([3, 3]);
  expect(folder.manifest).toMatchObject({ scenario: 'fake', tool: 'schedlab 1.0.0', valid: true, interrupted: false, verdict: 'valid', reps: 3, headline: ['wait.mean', 'jain.completed'], redo: 'npx schedlab sweep fake alpha=0,1 --reps 3 --seed 1' });
  expect(readdirSync(dir).some((name) => name.endsWith('.tmp'))).toBe(false);
});

test('missing, foreign and damaged folders are told apart', async () => {
  expect(() => readFolder(join(root, 'nowhere'))).toThrow(/there is no folder/);
  const empty = fresh(); mkdirSync(empty);
  expect(() => readFolder(empty)).toThrow(/is no results folder: it has no manifest.json/);
  const foreign = fresh(); mkdirSync(foreign); writeFileSync(join(foreign, 'manifest.json'), '{"name":"app"}');
  expect(() => readFolder(foreign)).toThrow(/is no file of schedlab/);
  writeFileSync(join(foreign, 'manifest.json'), '{"schema":"schedlab/manifest@9"}');
  expect(() => readFolder(foreign)).toThrow(/reads "schedlab\/manifest@1"/);
  writeFileSync(join(foreign, 'manifest.json'), '{"schema":');
  expect(() => readFolder(foreign)).toThrow(expect.objectContaining({ code: 'ERR_RESULTS' }));
  writeFileSync(join(foreign, 'manifest.json'), 'null');
  expect(() => readFolder(foreign)).toThrow(expect.objectContaining({ code: 'ERR_RESULTS' }));
  const dir = await filled();
  writeFileSync(join(dir, 'summary.json'), '{"schema":"schedlab/summary@1"}');
  expect(() => readFolder(dir)).toThrow(/summary.json.*is damaged/);
});

test('an interrupted folder without a summary can be read', async () => {
  const dir = await filled();
  rmSync(join(dir, 'summary.json'));
  expect(readFolder(dir)).toMatchObject({ summary: undefined });
});

test('files of others in a folder are no hindrance, results are', () => {
  const dir = fresh(); mkdirSync(dir); writeFileSync(join(dir, 'notes.txt'), 'mine');
  prepareFolder(dir, claim).folder.close();
  expect(() => prepareFolder(dir, claim)).toThrow(/holds results already \(replications.jsonl\)/);
  expect(() => prepareFolder(join(dir, 'notes.txt'), claim)).toThrow(/is a file/);
  expect(() => prepareFolder(join(dir, 'notes.txt', 'deeper'), claim)).toThrow(expect.objectContaining({ code: 'ERR_OUTPUT' }));
  expect(readFileSync(join(dir, 'notes.txt'), 'utf8')).toBe('mine');
});

test('a link in the folder is not followed out of it', () => {
  const dir = fresh(), outside = join(root, 'outside.txt'); mkdirSync(dir); writeFileSync(outside, 'precious');
  symlinkSync(outside, join(dir, 'replications.jsonl'));
  expect(() => new LineFile(join(dir, 'replications.jsonl'))).toThrow(expect.objectContaining({ code: 'ERR_OUTPUT' }));
  symlinkSync(outside, join(dir, 'summary.json'));
  writeWhole(join(dir, 'summary.json'), '{}');
  expect(readFileSync(outside, 'utf8')).toBe('precious');
});

test('a file that cannot be written leaves no trace', () => {
  const dir = join(fresh(), 'gone');
  expect(() => { writeWhole(join(dir, 'summary.json'), '{}'); }).toThrow(expect.objectContaining({ code: 'ERR_OUTPUT' }));
  expect(existsSync(dir)).toBe(false);
});

test('lines survive a cut anywhere: all before it are intact', async () => {
  const text = readFileSync(join(await filled(), 'replications.jsonl'), 'utf8');
  const whole = parseLines(text);
  expect(whole.torn).toBe(0);
  fc.assert(fc.property(fc.integer({ min: 0, max: text.length }), (at) => {
    const { records, torn } = parseLines(text.slice(0, at));
    expect(records).toEqual(whole.records.slice(0, text.slice(0, at).split('\n').length - 1));
    expect(torn).toBe(at === 0 || text[at - 1] === '\n' ? 0 : 1);
  }), { numRuns: 100, seed: 6 });
});

test('a line is written the same way whatever the order of its members, and read back equal', async () => {
  const { records } = readFolder(await filled());
  for (const record of records) {
    const shuffled = Object.fromEntries(Object.entries(record).reverse()) as unknown as typeof record;
    expect(recordLine(shuffled)).toBe(recordLine(record));
    expect(parseRecord(recordLine(record))).toEqual(record);
  }
  expect(parseRecord('{"cell":"aaaaaaaaaaaa"}')).toBeUndefined();
  expect(parseRecord('[]')).toBeUndefined();
});

test('canonical JSON sorts keys, refuses what JSON would change, and is JSON', () => {
  expect(canonicalJson({ b: 1, a: [true, null, 'ü"'], c: undefined, d: -0 })).toBe('{"a":[true,null,"ü\\""],"b":1,"d":0}');
  expect(() => canonicalJson({ a: { b: [NaN] } })).toThrow(/\$\.a\.b\[0\] is NaN/);
  expect(() => canonicalJson({ f: () => 1 })).toThrow(/\$\.f is a function/);
  fc.assert(fc.property(fc.jsonValue(), (value) => {
    expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value, (_, x: unknown) => (Object.is(x, -0) ? 0 : x))));
  }), { numRuns: 200, seed: 7 });
});

test('digests follow content, not order', () => {
  expect(digestOf({ a: 1, b: 2 })).toBe(digestOf({ b: 2, a: 1 }));
  expect(digestOf({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  expect(cellId('s', { a: 1 }, {}, '1')).not.toBe(cellId('s', { a: 1 }, {}, '2'));
});

test('the table is tidy, has classes apart and defuses formulas', async () => {
  const dir = await filled(), text = readFileSync(join(dir, 'summary.csv'), 'utf8');
  const [header, ...rows] = text.trim().split('\n');
  expect(header).toBe('scenario,cell,label,param.alpha,metric,class,mean,low,high,sd,n,unit,stable');
  expect(rows).toHaveLength(2 * 8);
  expect(rows.find((row) => row.includes('quiet'))).toMatch(/^fake,[0-9a-f]{12},alpha=0,0,wait.mean,quiet,\d/);
  expect(rows.find((row) => row.includes('ttft'))).toMatch(/ttft.mean,,,,,,0,s,yes$/);
  const summary = readFolder(dir).summary!;
  expect(summaryCsv({ ...summary, cells: [{ ...summary.cells[0], label: '=1+1' }] })).toContain(",'=1+1,");
});
