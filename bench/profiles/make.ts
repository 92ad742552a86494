// Presets from measured profiles: which folder, which model, which limits of the runs that used them. Only the condensed figures are kept.
import path from 'node:path';
import { Grid } from '../../sim/engine/cost/grid.ts';
import { StepLoad } from '../../sim/engine/cost/step-load.ts';
import { TableModel, type Link, type TableCost } from '../../sim/engine/cost/table.ts';
import type { ModelShape } from '../../sim/engine/cost/shape.ts';
import type { Preset } from '../../sim/engine/presets/preset.ts';
import { condense } from './condense.ts';
import { readProfile, type Profile } from './profile.ts';

const LLAMA: ModelShape = { layers: 32, hidden: 4096, heads: 32, kvHeads: 8, headDim: 128, ffn: 14336, vocab: 128256, weightBytes: 2, kvBytes: 2 };
const QWEN: ModelShape = { layers: 64, hidden: 5120, heads: 64, kvHeads: 8, headDim: 128, ffn: 25600, vocab: 151936, weightBytes: 2, kvBytes: 2 };

/** Two all-reduces a layer over PCIe. The hop is what the profiles' authors publish for this machine; nothing here was measured on it. */
const PCIE = (shape: ModelShape): Link => ({ tp: 2, allReduces: 2 * shape.layers, bytesPerToken: 2 * shape.hidden, hopUs: 20, gigabytesPerS: 16 });

interface Making { readonly gpu: string; readonly model: string; readonly shape: ModelShape; readonly blocks: number; readonly maxSeqs: number; readonly link?: Link; readonly checked: readonly string[]; readonly notes: readonly string[] }

const HOST = 'Host time a step is 0: what was fitted on the RTX 4090 run, because the host plans a step while the GPU runs the last.';

export const MADE: Readonly<Record<string, Making>> = {
  'rtx4090-llama-3.1-8b-tp1': { gpu: 'RTX 4090 24 GB', model: 'Llama-3.1-8B', shape: LLAMA, blocks: 2588, maxSeqs: 256, checked: ['vLLM 0.19.0 on RTX 4090, 300 ShareGPT requests at 10/s: see reports/accuracy.md'], notes: [HOST] },
  'rtxpro6000-llama-3.1-8b-tp1': { gpu: 'RTX PRO 6000 Blackwell 96 GB', model: 'Llama-3.1-8B', shape: LLAMA, blocks: 36578, maxSeqs: 128, checked: [], notes: [HOST] },
  'rtxpro6000-qwen3-32b-tp2': {
    gpu: 'RTX PRO 6000 Blackwell 96 GB', model: 'Qwen3-32B', shape: QWEN, blocks: 28614, maxSeqs: 128, link: PCIE(QWEN), checked: [],
    notes: [HOST, 'All-reduce is modelled, not measured: a ring over PCIe, 16 GB/s and 20 µs a hop, as the authors of the profile publish for this machine.'],
  },
};

/** The preset of one folder of profiles. */
export function makePreset(name: string, profiles: string): Preset {
  const { gpu, model, shape, blocks, maxSeqs, link, checked, notes } = MADE[name], profile = readProfile(path.join(profiles, name), shape.layers);
  const cost: TableCost = { model: 'table', ...condense(profile), mixedFactor: 'measured', fullChunk: 256, ...(link ? { link } : {}), host: [0, 0] };
  return {
    name, gpu, model, tp: link?.tp ?? 1, engine: 'vLLM 0.19.0', date: '2026-11-21',
    source: { what: `kernel times measured with vLLM 0.19.0, bf16, of LLMServingSim (casys-kaist/LLMServingSim, profiler/perf): ${profile.attention.length + profile.dense.size + profile.head.size} measurements, condensed`, licence: 'MIT' },
    fitError: errors(profile, cost), checked, notes,
    blocks, blocksFrom: 'observed in the log of vLLM 0.19.0', blockSize: 16, maxSeqs, maxBatchedTokens: 2048, maxModelLen: 32768,
    rules: 'vllm-0.19', asynchronous: true, frontEndUs: 0, frontEndFrom: 'times count from the moment at which the engine queues a call; an HTTP server in front adds its own', shape, cost,
  };
}

/** How far the condensed figures are from every measurement, those between the points of the grid included. */
function errors(profile: Profile, cost: TableCost): string {
  const none = { axes: [[0]], values: [0] }, attention = new TableModel({ ...withoutLink(cost), dense: none, head: none }), load = new StepLoad();
  const off: Record<'decode' | 'prefill' | 'mixed', number[]> = { decode: [], prefill: [], mixed: [] };
  for (const { chunk, chunkContext, decodes, decodeContext, us } of profile.attention) {
    load.clear();
    if (chunk > 0) load.addSequence(chunk, chunkContext, chunk + chunkContext);
    if (decodes > 0) load.addDecoders(decodes, decodes * decodeContext);
    off[chunk === 0 ? 'decode' : decodes === 0 ? 'prefill' : 'mixed'].push(Math.abs(attention.stepUs(load) / (us * profile.layers) - 1));
  }
  const dense = new Grid(cost.dense, 'dense'), ofDense = [...profile.dense].map(([tokens, us]) => Math.abs(dense.at(tokens) / us - 1));
  const told = (name: string, values: readonly number[]): string => { const sorted = [...values].sort((a, b) => a - b), at = (p: number): string => (100 * sorted[Math.floor(p * (sorted.length - 1))]).toFixed(1); return `${name} median ${at(0.5)} %, p90 ${at(0.9)} %`; };
  return `of the measurements: ${told('dense layers', ofDense)}; ${told('prefill attention', off.prefill)}; ${told('decode attention', off.decode)}; both in one step ${told('', off.mixed).trim()}`;
}

function withoutLink({ link: _link, ...cost }: TableCost): TableCost { return cost; }

/** As a file: short lists on one line. */
export function presetText(preset: Preset): string {
  const text = JSON.stringify(preset, (_key, value: unknown) => (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number') ? `[${value.join(', ')}]` : value), 2);
  return `${text.replaceAll(/"(\[[-\d., e+]*\])"/g, '$1')}\n`;
}
