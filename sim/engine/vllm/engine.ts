// A `vllm serve` command line, or its YAML, as a synthetic engine: limits from the flags, step times from the preset of its model and GPU.
import { SchedlabError } from '../../../src/errors.ts';
import { unknownName } from '../../../src/options.ts';
import { batchConfig, type BatchConfig } from '../batch/config.ts';
import { ruleSet } from '../batch/rules.ts';
import type { RooflineCost } from '../cost/roofline.ts';
import { GPUS, kvBytesPerToken, weightBytes, type GpuName, type ModelShape } from '../cost/shape.ts';
import { frontEndSentence, limitsSentence, poolSentence, refuseShortPool, schedulingSentence, type EngineSpec } from '../presets/engine-spec.ts';
import { isChecked, overheadOf, UNCHECKED, type Preset } from '../presets/preset.ts';
import { PRESETS } from '../presets/registry.ts';
import { KNOWN, modelKey, nearestPresets } from './models.ts';
import { readConfig, readWords, united, type ServeSettings } from './read-flags.ts';
import { FlagValues, serverDefaults } from './settings.ts';
import { serveCommand } from './words.ts';

/** What reading needs from outside: no room of the engine opens files. */
export interface ServeFiles {
  /** The text of a file named beside `from`. Throws where it cannot be read. */
  readText(path: string, from?: string): string;
  /** A YAML text as a table. Throws where it is none. */
  parseYaml(text: string, path: string): Readonly<Record<string, unknown>>;
}

const GIB = 2 ** 30;
/** What weights, KV cache and 0.9 of the memory leave on average in six H100 servers whose block count was observed. */
const SPARE_GIB = 2;
const USUAL_SHARE = 0.9;

/**
 * The engine of `vllm:FILE` or `vllm:FILE:gpu=NAME`.
 * @throws ERR_SCENARIO_FILE for a file without such a command; ERR_OPTION_UNKNOWN, ERR_OPTION_RANGE, ERR_OPTION_TYPE for its flags; ERR_NOT_POSSIBLE for what is
 * not modelled; ERR_OPTION_CONFLICT where vLLM would refuse to start; ERR_ENGINE_UNKNOWN for a model whose sizes are not known
 */
export function vllmEngine(text: string, files: ServeFiles): EngineSpec {
  const [path, gpuGiven] = pathAndGpu(text), settings = readServe(path, files), values = new FlagValues(settings.taken, path);
  const model = values.text('model');
  if (model === undefined) throw new SchedlabError('ERR_SCENARIO_FILE', `${path} names no model. Write vllm serve MODEL …, or model: in the YAML.`, { file: path });
  values.choice('dtype', ['auto', 'bfloat16', 'half', 'float16'], 'auto');
  const tp = values.count('tensor-parallel-size', 1) ?? 1, key = modelKey(model), presets = Object.values(PRESETS);
  const own = presets.filter((preset) => modelKey(preset.model) === key && preset.tp === tp), gpus = own.map((preset) => preset.name.split('-')[0] as GpuName);
  const gpuName = gpuGiven ?? (gpus.length === 1 ? gpus[0] : 'h100'), preset = own.find((one) => one.name.startsWith(`${gpuName}-`));
  const known = preset ? { shape: preset.shape, context: preset.maxModelLen } : KNOWN[key], nearest = nearestPresets(key, tp, presets, gpuName);
  if (known === undefined) throw new SchedlabError('ERR_ENGINE_UNKNOWN', `${path} serves ${model}, for which there is no preset, and whose sizes are not known. Nearest presets: ${nearest.join(', ')}. Name one of them as engine=NAME.`, { model, nearest });
  refuseUnevenHeads(known.shape, tp, path);
  const gpu = GPUS[gpuName], pool = blocksOf(values, preset, known.shape, gpuName, tp, path);
  const config = configOf(values, gpu, KNOWN[key]?.context ?? known.context, pool.blocks, preset);
  refuseShortPool(config, path);
  const told = [...settings.taken].map(([flag, value]) => (value === 'on' ? `--${flag}` : value === 'off' ? `--no-${flag}` : `--${flag} ${value}`)).join(' ');
  const gpuFrom = gpuGiven === undefined ? gpus.length === 1 ? 'the only one with a preset of this model' : 'assumed: the file does not tell; name another as engine=vllm:FILE:gpu=NAME' : 'given';
  const rules = preset?.rules ?? 'vllm-0.32', badge = preset && isChecked(preset) ? undefined : UNCHECKED;
  return {
    name: preset?.name ?? `roofline-${gpuName}-${key}-tp${tp}`, config, rules, blocksFrom: pool.from, ...(preset ? { timedAsynchronously: preset.asynchronous } : {}),
    cost: preset?.cost ?? roofline(known.shape, gpuName, tp), overhead: preset ? overheadOf(preset) : { beforeUs: 0, afterUs: 0, perOutputTokenUs: 0 }, kvBytesPerToken: kvBytesPerToken(known.shape),
    notes: [
      `${path}: ${model} on ${tp > 1 ? `${tp} × ` : ''}${gpu.name} (${gpuFrom})`,
      preset ? `step times of the preset ${preset.name}; ${preset.fitError}` : `step times from the data sheet alone (roofline), because there is no preset of ${model}: ${UNCHECKED}; nearest presets: ${nearest.join(', ')}`,
      poolSentence(config, pool.from),
      limitsSentence(config, rules),
      schedulingSentence(config, preset?.asynchronous),
      frontEndSentence(preset),
      `taken from the file: ${told}`,
      ...(settings.timed.length > 0 ? [`may change step times, which stay as they are: ${settings.timed.map((name) => `--${name}`).join(' ')}`] : []),
      ...(settings.ignored.length > 0 ? [`ignored, because they change neither scheduling nor memory: ${settings.ignored.map((name) => `--${name}`).join(' ')}`] : []),
      ...(preset?.notes ?? []),
    ],
    ...(badge === undefined ? {} : { badge }),
  };
}

/** `FILE` or `FILE:gpu=NAME`. */
function pathAndGpu(text: string): [string, GpuName | undefined] {
  const [, path, gpu] = /^([\s\S]*?)(?::gpu=([^:]*))?$/.exec(text) as RegExpExecArray;
  if (path === '') throw new SchedlabError('ERR_USAGE', 'engine=vllm: names no file. Write engine=vllm:FILE, a file with a vllm serve command or its YAML.', { engine: text });
  if (gpu !== undefined && !Object.hasOwn(GPUS, gpu)) throw unknownName('GPU', gpu, Object.keys(GPUS), `engine=vllm:${text}`, 'ERR_ENGINE_UNKNOWN');
  return [path, gpu as GpuName | undefined];
}

function readServe(path: string, files: ServeFiles): ServeSettings {
  const text = files.readText(path).replace(/^\uFEFF/, '');
  if (/\.ya?ml$/i.test(path)) return readConfig(files.parseYaml(text, path), path);
  const { words, environment } = serveCommand(text, path);
  if (environment['VLLM_USE_V1'] === '0') throw new SchedlabError('ERR_NOT_POSSIBLE', `VLLM_USE_V1=0 in ${path} asks for the first engine of vLLM; the second is simulated. Remove it.`, { file: path });
  const settings = readWords(words, path);
  // What the command line says holds against the file that it names.
  return settings.config === undefined ? settings : united(settings, readConfig(files.parseYaml(files.readText(settings.config, path), settings.config), settings.config));
}

function configOf(values: FlagValues, gpu: { readonly name: string; readonly memoryGiB: number }, context: number, blocks: number, preset: Preset | undefined): BatchConfig {
  const usual = serverDefaults(gpu), maxSeqs = values.count('max-num-seqs', 1) ?? usual.maxSeqs;
  return batchConfig({
    scheduling: values.choice('scheduling-policy', ['fcfs', 'priority'], 'fcfs') as 'fcfs' | 'priority',
    maxSeqs, activeSeqs: values.count('max-num-active-seqs', 1) ?? maxSeqs, maxBatchedTokens: values.count('max-num-batched-tokens', 1) ?? Math.max(usual.maxBatchedTokens, maxSeqs),
    chunked: values.isOn('enable-chunked-prefill', true), longPrefill: values.count('long-prefill-token-threshold', 0) ?? 0, blockSize: values.count('block-size', 1) ?? 16, blocks,
    prefixCaching: values.isOn('enable-prefix-caching', true), maxModelLen: values.count('max-model-len', 2) ?? context, reserveFull: values.isOn('scheduler-reserve-full-isl', true),
    watermark: values.share('watermark', 0), asynchronous: values.isOn('async-scheduling', preset?.asynchronous ?? false), rules: ruleSet(preset?.rules ?? 'vllm-0.32'),
  });
}

/** Blocks of the KV cache, and where the number comes from: the file, the preset, or memory. */
function blocksOf(values: FlagValues, preset: Preset | undefined, shape: ModelShape, gpuName: GpuName, tp: number, path: string): { readonly blocks: number; readonly from: string } {
  const given = values.count('num-gpu-blocks-override', 1);
  if (given !== undefined) return { blocks: given, from: 'given as --num-gpu-blocks-override' };
  const size = values.count('block-size', 1) ?? 16, blockBytes = size * kvBytesPerToken(shape) / tp, bytes = values.count('kv-cache-memory-bytes', 1);
  if (bytes !== undefined) return { blocks: Math.floor(bytes / blockBytes), from: 'computed from --kv-cache-memory-bytes' };
  const share = values.share('gpu-memory-utilization', USUAL_SHARE), gpu = GPUS[gpuName];
  const noRoom = (): SchedlabError => new SchedlabError('ERR_OPTION_CONFLICT', `the model in ${path} needs ${(weightBytes(shape) / tp / GIB).toFixed(1)} GiB a GPU for its weights, and ${share} of ${gpu.memoryGiB} GiB (--gpu-memory-utilization ${share}) leave no room for a KV cache on ${gpu.name}: vLLM refuses to start. Raise --gpu-memory-utilization or --tensor-parallel-size, or name a larger GPU: engine=vllm:FILE:gpu=NAME.`, { file: path, name: 'gpu-memory-utilization' });
  if (preset === undefined) {
    const left = share * gpu.memoryGiB * GIB - weightBytes(shape) / tp - SPARE_GIB * GIB;
    if (left < 2 * blockBytes) throw noRoom();
    return { blocks: Math.floor(left / blockBytes), from: `computed: ${share} of ${gpu.memoryGiB} GiB less weights and ${SPARE_GIB} GiB; give --num-gpu-blocks-override from your engine's log` };
  }
  if (share === USUAL_SHARE && size === preset.blockSize) return { blocks: preset.blocks, from: `of the preset: ${preset.blocksFrom}` };
  const blocks = Math.floor((preset.blocks * preset.blockSize * kvBytesPerToken(shape) / tp + (share - USUAL_SHARE) * gpu.memoryGiB * GIB) / blockBytes);
  if (blocks < 2) throw noRoom();
  return { blocks, from: `computed from the ${preset.blocks} of the preset for ${share} of the memory in blocks of ${size}; give --num-gpu-blocks-override from your engine's log` };
}

/** Each GPU holds a whole number of heads. */
function refuseUnevenHeads({ heads }: ModelShape, tp: number, path: string): void {
  if (heads % tp === 0) return;
  const even = [1, 2, 4, 8].filter((size) => heads % size === 0);
  throw new SchedlabError('ERR_OPTION_CONFLICT', `--tensor-parallel-size ${tp} in ${path} does not divide the ${heads} attention heads of the model: vLLM refuses to start. Write ${even.join(', ')}.`, { file: path, heads, tp });
}

/** Shares of the peak that dense models reach, and the time a step takes at least: rules of thumb, not measurements. */
function roofline(shape: ModelShape, gpu: GpuName, tp: number): RooflineCost {
  const hasLink = gpu === 'h100' || gpu === 'a100';
  return { model: 'roofline', shape, gpu: GPUS[gpu], tp, mfuPrefill: 0.6, mfuDecode: 0.6, mbu: 0.8, stepUs: 2000, linkUs: hasLink ? 6 : 40, linkGBs: hasLink ? 300 : 16 };
}
