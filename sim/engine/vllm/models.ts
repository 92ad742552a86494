// Which model a name means, and which are near to it: `meta-llama/Llama-3.1-8B-Instruct` is Llama-3.1-8B. Sizes of models that have no preset.
import type { ModelShape } from '../cost/shape.ts';
import type { Preset } from '../presets/preset.ts';

/** Words after a model's name that change its weights, never its speed. */
const MANNERS = /[-_](instruct|chat|base|hf|it|pt|thinking|reasoning|v\d+(\.\d+)*|\d{4}|full|text|preview)(?=[-_]|$)/g;

/** The part that decides the speed: no owner, no manner of training, lower case, dashes. */
export function modelKey(name: string): string {
  const bare = name.replace(/\/+$/, '').split('/').pop() ?? name;
  let key = bare.toLowerCase().replaceAll('_', '-').replace(/^meta-/, '').replace(/[-:@]main$/, '');
  for (let before = ''; before !== key;) { before = key; key = key.replace(MANNERS, ''); }
  return SAME[key] ?? key;
}

/** Other names of one shape. */
const SAME: Readonly<Record<string, string>> = {
  'llama-3-8b': 'llama-3.1-8b', 'llama-3-70b': 'llama-3.1-70b', 'llama-3.3-70b': 'llama-3.1-70b', 'mistral-nemo': 'mistral-nemo-12b', 'yi-1.5-34b': 'yi-34b', 'qwen2-7b': 'qwen2.5-7b',
  'deepseek-r1-distill-llama-8b': 'llama-3.1-8b', 'deepseek-r1-distill-llama-70b': 'llama-3.1-70b', 'deepseek-r1-distill-qwen-7b': 'qwen2.5-7b', 'deepseek-r1-distill-qwen-14b': 'qwen2.5-14b', 'deepseek-r1-distill-qwen-32b': 'qwen2.5-32b', 'qwen2.5-coder-7b': 'qwen2.5-7b', 'qwen2.5-coder-14b': 'qwen2.5-14b', 'qwen2.5-coder-32b': 'qwen2.5-32b', 'qwq-32b': 'qwen2.5-32b', 'codellama-34b': 'codellama-34b', 'vicuna-7b': 'llama-2-7b',
};

const dense = (layers: number, hidden: number, heads: number, kvHeads: number, headDim: number, ffn: number, vocab: number, context: number): { shape: ModelShape; context: number } => ({ shape: { layers, hidden, heads, kvHeads, headDim, ffn, vocab, weightBytes: 2, kvBytes: 2 }, context });

/** Sizes from the models' own configurations, for `roofline`. */
export const KNOWN: Readonly<Record<string, { readonly shape: ModelShape; readonly context: number }>> = {
  'llama-3.2-1b': dense(16, 2048, 32, 8, 64, 8192, 128256, 131072),
  'llama-3.2-3b': dense(28, 3072, 24, 8, 128, 8192, 128256, 131072),
  'llama-3.1-8b': dense(32, 4096, 32, 8, 128, 14336, 128256, 131072),
  'llama-3.1-70b': dense(80, 8192, 64, 8, 128, 28672, 128256, 131072),
  'llama-3.1-405b': dense(126, 16384, 128, 8, 128, 53248, 128256, 131072),
  'llama-2-7b': dense(32, 4096, 32, 32, 128, 11008, 32000, 4096),
  'llama-2-13b': dense(40, 5120, 40, 40, 128, 13824, 32000, 4096),
  'llama-2-70b': dense(80, 8192, 64, 8, 128, 28672, 32000, 4096),
  'codellama-34b': dense(48, 8192, 64, 8, 128, 22016, 32016, 16384),
  'qwen2.5-0.5b': dense(24, 896, 14, 2, 64, 4864, 151936, 32768),
  'qwen2.5-1.5b': dense(28, 1536, 12, 2, 128, 8960, 151936, 32768),
  'qwen2.5-3b': dense(36, 2048, 16, 2, 128, 11008, 151936, 32768),
  'qwen2.5-7b': dense(28, 3584, 28, 4, 128, 18944, 152064, 32768),
  'qwen2.5-14b': dense(48, 5120, 40, 8, 128, 13824, 152064, 32768),
  'qwen2.5-32b': dense(64, 5120, 40, 8, 128, 27648, 152064, 32768),
  'qwen2.5-72b': dense(80, 8192, 64, 8, 128, 29568, 152064, 32768),
  'qwen3-0.6b': dense(28, 1024, 16, 8, 128, 3072, 151936, 40960),
  'qwen3-1.7b': dense(28, 2048, 16, 8, 128, 6144, 151936, 40960),
  'qwen3-4b': dense(36, 2560, 32, 8, 128, 9728, 151936, 40960),
  'qwen3-8b': dense(36, 4096, 32, 8, 128, 12288, 151936, 40960),
  'qwen3-14b': dense(40, 5120, 40, 8, 128, 17408, 151936, 40960),
  'qwen3-32b': dense(64, 5120, 64, 8, 128, 25600, 151936, 40960),
  'mistral-7b': dense(32, 4096, 32, 8, 128, 14336, 32768, 32768),
  'mistral-nemo-12b': dense(40, 5120, 32, 8, 128, 14336, 131072, 131072),
  'yi-6b': dense(32, 4096, 32, 4, 128, 11008, 64000, 4096),
  'yi-34b': dense(60, 7168, 56, 8, 128, 20480, 64000, 4096),
  'phi-4': dense(40, 5120, 40, 10, 128, 17920, 100352, 16384),
  'opt-125m': dense(12, 768, 12, 12, 64, 3072, 50272, 2048),
};

/** Billions of parameters that a name tells; undefined where it tells none. */
export function billions(key: string): number | undefined {
  const [, number, unit] = /(?:^|[-x])(\d+(?:\.\d+)?)(b|m)(?:$|[-])/.exec(key) ?? [];
  return number === undefined ? undefined : Number(number) / (unit === 'm' ? 1000 : 1);
}

/** The three presets nearest to a model: by size first, then by GPU where one is given, family, and the number of GPUs. Deterministic. */
export function nearestPresets(key: string, tp: number, presets: readonly Preset[], gpu?: string): readonly string[] {
  const size = billions(key), family = /^[a-z]+/.exec(key)?.[0];
  const distance = (preset: Preset): number => {
    const own = modelKey(preset.model), ratio = size === undefined ? 1 : Math.abs(Math.log((billions(own) ?? 1) / size));
    return ratio + (own.startsWith(family ?? '?') ? 0 : 0.3) + 0.2 * Math.abs(Math.log2(preset.tp / tp)) + (preset.checked.length > 0 ? 0 : 0.05) + (gpu === undefined || preset.name.startsWith(`${gpu}-`) ? 0 : 0.5);
  };
  return presets.map((preset) => ({ name: preset.name, far: distance(preset) })).sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1)).slice(0, 3).map(({ name }) => name);
}
