// The same work by this program and by a rival, in turns in one sitting: CPU seconds, peak memory, and how many times as much the rival takes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { freemem, tmpdir } from 'node:os';
import path from 'node:path';
import { MOONCAKE, openLoad, ownRun, replay, type OwnRun } from '../own-run.ts';
import type { BenchRow } from '../row.ts';
import { blisRun, openLoadSpec, openLoadWords, replayWords, type BlisRun } from './blis.ts';
import { blisTrace } from './blis-trace.ts';

/** Names the rival's binary. */
export const BLIS = 'SCHEDLAB_BLIS';

export interface PeersOptions {
  /** Path of the rival's binary, in the folder with its data files. */
  readonly binary?: string | undefined;
  /** The largest piece of work as well, once: the rival takes minutes and 16 GiB for it. */
  readonly million?: boolean;
  readonly requests?: number;
  readonly rounds?: number;
  readonly trace?: string;
}

interface Work {
  readonly task: string;
  readonly rounds: number;
  readonly own: readonly string[];
  readonly theirs: readonly string[];
  readonly requests: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
  /** Memory that the rival needs. */
  readonly needsGiB: number;
  readonly note: string;
}

const INPUT = 512, OUTPUT = 128, MILLION = 1_000_000, GIB = 2 ** 30;
/** Step times differ, so times do: further apart than this, the work was not the same. */
const E2E_APART = 1.25;

export async function peers(options: PeersOptions = {}): Promise<BenchRow[]> {
  const { binary = process.env[BLIS], million = false, requests = 100_000, rounds = 2, trace = MOONCAKE } = options;
  const skipped = (task: string, why: string): BenchRow => ({ task, perSecond: null, unit: 'CPU s', note: `skipped: ${why}` });
  if (binary === undefined || binary === '') return [skipped('against BLIS', `name a binary: ${BLIS}=PATH, built in a clone of inference-sim/inference-sim, beside its defaults.yaml`)];
  if (!existsSync(binary)) throw new Error(`${BLIS} names ${binary}, and there is no such file`);
  const folder = mkdtempSync(path.join(tmpdir(), 'schedlab-peers-')), rows: BenchRow[] = [];
  try {
    const works = [load(folder, requests, rounds), ...(million ? [load(folder, MILLION, 1)] : [])];
    if (existsSync(trace)) works.unshift(conversation(folder, trace, rounds));
    else rows.push(skipped('Mooncake conversation trace', 'the trace is not among the shared data; SCHEDLAB_SHARED says where that is'));
    for (const work of works) {
      if (freemem() < work.needsGiB * GIB) rows.push(skipped(work.task, `BLIS needs ${work.needsGiB} GiB for it, ${(freemem() / GIB).toFixed(0)} are free`));
      else rows.push(...await held(work, binary));
    }
    if (!million) rows.push(skipped(`${MILLION} requests`, 'BLIS takes minutes and 16 GiB for it; npm run bench -- peers --million asks for it'));
    return rows;
  } finally { rmSync(folder, { recursive: true, force: true }); }
}

function load(folder: string, requests: number, rounds: number): Work {
  const spec = path.join(folder, `open-load-${requests}.yaml`);
  writeFileSync(spec, openLoadSpec(requests));
  return {
    task: `${requests} requests, ${INPUT} in, ${OUTPUT} out, 200/s`, rounds, own: openLoad(requests), theirs: openLoadWords(spec),
    requests, promptTokens: requests * INPUT, outputTokens: requests * OUTPUT, needsGiB: Math.max(1, requests * 18 / MILLION), note: '',
  };
}

function conversation(folder: string, trace: string, rounds: number): Work {
  const { header, data, kept, reusable, ...sums } = blisTrace(readFileSync(trace, 'utf8')), [headerFile, dataFile] = [path.join(folder, 'trace.yaml'), path.join(folder, 'trace.csv')];
  writeFileSync(headerFile, header);
  writeFileSync(dataFile, data);
  return { task: 'Mooncake conversation trace', rounds, own: replay(trace), theirs: replayWords(headerFile, dataFile), ...sums, needsGiB: 3, note: `; one prefix a request keeps ${kept} of ${reusable} reusable blocks` };
}

async function held(work: Work, binary: string): Promise<BenchRow[]> {
  const own: OwnRun[] = [], theirs: BlisRun[] = [];
  for (let round = 0; round < work.rounds; round++) {
    own.push(await ownRun(work.own));
    theirs.push(await blisRun(binary, work.theirs));
    same(work, own.at(-1)!, theirs.at(-1)!);
  }
  const cpuS = (runs: readonly { readonly cpuS: number }[]): number => Math.min(...runs.map((run) => run.cpuS)), peakMiB = (runs: readonly { readonly peakMiB: number }[]): number => Math.max(...runs.map((run) => run.peakMiB));
  const of = `least of ${work.rounds}, in turns`;
  return [
    { task: `${work.task}: schedlab`, perSecond: cpuS(own), unit: 'CPU s', note: `${peakMiB(own).toFixed(0)} MiB; mean E2E ${own[0].metrics['e2e.mean'].toFixed(3)} s; ${of}` },
    { task: `${work.task}: BLIS`, perSecond: cpuS(theirs), unit: 'CPU s', note: `${peakMiB(theirs).toFixed(0)} MiB; mean E2E ${theirs[0].e2eMeanS.toFixed(3)} s; ${of}${work.note}` },
    { task: `${work.task}: BLIS over schedlab`, perSecond: cpuS(theirs) / cpuS(own), unit: '× CPU', note: `${(peakMiB(theirs) / peakMiB(own)).toFixed(1)} × the memory` },
  ];
}

/** All requests with all their tokens by both, and mean latencies that lie near each other. */
function same({ task, requests, promptTokens, outputTokens }: Work, own: OwnRun, theirs: BlisRun): void {
  const e2eS = own.metrics['e2e.mean'], apart = Math.max(e2eS / theirs.e2eMeanS, theirs.e2eMeanS / e2eS);
  if (own.metrics['completed'] !== requests) throw new Error(`${task}: ${own.metrics['completed']} of ${requests} requests completed here`);
  if (theirs.completed !== requests || theirs.promptTokens !== promptTokens || theirs.outputTokens !== outputTokens) {
    throw new Error(`${task}: BLIS completed ${theirs.completed} of ${requests} requests, with ${theirs.promptTokens} of ${promptTokens} prompt tokens and ${theirs.outputTokens} of ${outputTokens} output tokens`);
  }
  if (!(apart <= E2E_APART)) throw new Error(`${task}: mean E2E is ${e2eS} s here and ${theirs.e2eMeanS} s in BLIS: not the same work`);
}
