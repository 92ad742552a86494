// Recorded traces, read in full and compared with an independent reading.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTrace } from '../../sim/workload/traces/read.ts';
import { assignAgents } from '../../sim/workload/identity.ts';
import { sharedData } from './shared.ts';

const mooncake = sharedData('traces/mooncake-conversation.jsonl');
const azure = sharedData('traces/azure-llm-2023-code.csv');
const workload = sharedData('real-runs/rtx4090-llama-3.1-8b/workload.jsonl');
const measured = sharedData('real-runs/rtx4090-llama-3.1-8b/measured.jsonl');

const sum = (column: Iterable<number>): number => { let total = 0; for (const value of column) total += value; return total; };
interface Row { readonly timestamp: number; readonly input_length: number; readonly output_length: number; readonly hash_ids: number[]; readonly arrival_time_ns: number }
const jsonl = (path: string): Row[] => readFileSync(path, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Row);

describe('the recorded traces', () => {
  it.skipIf(mooncake.absent)(mooncake.name('Mooncake conversation: every row, as an independent reading has it'), () => {
    const rows = jsonl(mooncake.path);
    const { trace, file } = readTrace(mooncake.path);
    expect(file).toMatchObject({ format: 'mooncake', rowsRead: 12_031, rowsDropped: 0, bytes: 3_029_533, sha256: 'b8cbb061a85206d729d91cdc2981f43c9e0d99209dce588d3af5f7934408b9df' });
    expect(file.notes).toHaveLength(1);
    expect([...trace.arrivalUs]).toEqual(rows.map((row) => row.timestamp * 1000));
    expect([...trace.promptTokens]).toEqual(rows.map((row) => row.input_length));
    expect([...trace.outputTokens]).toEqual(rows.map((row) => row.output_length));
    expect(trace.blocks).toHaveLength(288_500);
    expect([...trace.blocks!]).toEqual(rows.flatMap((row) => row.hash_ids));
    expect(trace.blockStart![12_031]).toBe(288_500);
    expect(Math.round(sum(trace.promptTokens) / 12_031)).toBe(12_035);
    expect(trace.arrivalUs[12_030]).toBe(3_536_999_000);
    expect(trace.ids).toBeUndefined();
  });

  it.skipIf(mooncake.absent)(mooncake.name('Mooncake conversation: read in less than 0.4 s of one core'), () => {
    // The best of three: other work on the machine slows a reading, nothing speeds it up.
    const seconds = [0, 1, 2].map(() => {
      const before = process.cpuUsage();
      readTrace(mooncake.path);
      const used = process.cpuUsage(before);
      return (used.user + used.system) / 1e6;
    });
    expect(Math.min(...seconds)).toBeLessThan(0.4);
  });

  it.skipIf(azure.absent)(azure.name('Azure code 2023: every row, its times to the microsecond'), () => {
    const rows = readFileSync(azure.path, 'latin1').split('\r\n').slice(1).map((line) => line.split(','));
    const { trace, file } = readTrace(azure.path);
    expect(file).toMatchObject({ format: 'azure-2023', rowsRead: 8_819, rowsDropped: 0, bytes: 320_117, sha256: '54e9a6d2a4bd06ba1e060304b900abbc74cbea53de96506e60fe5bb4f2277fb6' });
    expect([...trace.promptTokens]).toEqual(rows.map((row) => Number(row[1])));
    expect([...trace.outputTokens]).toEqual(rows.map((row) => Number(row[2])));
    // All rows are of one day, so the microseconds of the day are the whole truth.
    const us = rows.map(([stamp]) => {
      const [h, m, s] = stamp.slice(11).split(':');
      const [whole, fraction] = s.split('.');
      return (Number(h) * 3600 + Number(m) * 60 + Number(whole)) * 1e6 + Number(fraction) / 10;
    });
    expect([...trace.arrivalUs]).toEqual(us.map((at) => at - us[0]));
    expect(Math.round(sum(trace.promptTokens) / 8_819)).toBe(2_048);
    expect(Math.round(sum(trace.outputTokens) / 8_819)).toBe(28);
  });

  it.skipIf(workload.absent)(workload.name('the workload of the real run, in nanoseconds'), () => {
    const rows = jsonl(workload.path);
    const { trace, file } = readTrace(workload.path);
    expect(file).toMatchObject({ format: 'llmservingsim', rowsRead: 300, rowsDropped: 0 });
    expect([...trace.arrivalUs]).toEqual(rows.map((row) => Math.round((row.arrival_time_ns - rows[0].arrival_time_ns) / 1000)));
    expect(sum(trace.promptTokens)).toBe(257_239);
    expect(sum(trace.outputTokens)).toBe(195_753);
    // Full blocks of 16 tokens; some prompts begin alike.
    expect(trace.blocks).toHaveLength(sum(trace.promptTokens.map((tokens) => Math.floor(tokens / 16))));
    expect(new Set(trace.blocks).size).toBeLessThan(trace.blocks?.length ?? 0);
  });

  it.skipIf(measured.absent || workload.absent)(measured.name('the records of the real run agree with its workload'), () => {
    const sent = readTrace(workload.path).trace, { trace, file } = readTrace(measured.path);
    expect(file).toMatchObject({ format: 'vllm-bench', rowsRead: 300, rowsDropped: 0 });
    expect(trace.ids?.[299]).toBe('bench-299');
    expect([...trace.promptTokens]).toEqual([...sent.promptTokens]);
    for (let i = 0; i < 300; i++) expect(Math.abs(trace.arrivalUs[i] - sent.arrivalUs[i])).toBeLessThan(100_000);
  });

  it.skipIf(mooncake.absent)(mooncake.name('hashing spreads 12,031 calls over ten agents about evenly'), () => {
    const { agentOf } = assignAgents(readTrace(mooncake.path).trace, 'hash:10');
    const calls = new Array<number>(10).fill(0);
    for (const agent of agentOf) calls[agent]++;
    expect(Math.min(...calls)).toBeGreaterThan(1_000);
    expect(Math.max(...calls)).toBeLessThan(1_400);
  });
});
