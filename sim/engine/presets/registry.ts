// Every preset by name, and the nearest to a model that has none. A new one is one file and two lines here.
import { unknownName } from '../../../src/options.ts';
import type { Preset } from './preset.ts';
import a100Llama3170bTp4 from './a100-llama-3.1-70b-tp4.json' with { type: 'json' };
import a100Llama3170bTp8 from './a100-llama-3.1-70b-tp8.json' with { type: 'json' };
import a100Llama318bTp1 from './a100-llama-3.1-8b-tp1.json' with { type: 'json' };
import a100Llama318bTp2 from './a100-llama-3.1-8b-tp2.json' with { type: 'json' };
import a100Qwen253bTp1 from './a100-qwen2.5-3b-tp1.json' with { type: 'json' };
import a100Qwen257bTp1 from './a100-qwen2.5-7b-tp1.json' with { type: 'json' };
import a100Qwen314bTp1 from './a100-qwen3-14b-tp1.json' with { type: 'json' };
import a100Qwen332bTp2 from './a100-qwen3-32b-tp2.json' with { type: 'json' };
import a100Qwen332bTp4 from './a100-qwen3-32b-tp4.json' with { type: 'json' };
import a100Yi34bTp2 from './a100-yi-34b-tp2.json' with { type: 'json' };
import h100Llama27bTp1 from './h100-llama-2-7b-tp1.json' with { type: 'json' };
import h100Llama3170bTp4 from './h100-llama-3.1-70b-tp4.json' with { type: 'json' };
import h100Llama3170bTp8 from './h100-llama-3.1-70b-tp8.json' with { type: 'json' };
import h100Llama318bTp1 from './h100-llama-3.1-8b-tp1.json' with { type: 'json' };
import h100Llama318bTp2 from './h100-llama-3.1-8b-tp2.json' with { type: 'json' };
import h100MistralNemo12bTp1 from './h100-mistral-nemo-12b-tp1.json' with { type: 'json' };
import h100MistralNemo12bTp2 from './h100-mistral-nemo-12b-tp2.json' with { type: 'json' };
import h100Qwen253bTp1 from './h100-qwen2.5-3b-tp1.json' with { type: 'json' };
import h100Qwen257bTp1 from './h100-qwen2.5-7b-tp1.json' with { type: 'json' };
import h100Qwen314bTp1 from './h100-qwen3-14b-tp1.json' with { type: 'json' };
import h100Qwen332bTp2 from './h100-qwen3-32b-tp2.json' with { type: 'json' };
import h100Qwen332bTp4 from './h100-qwen3-32b-tp4.json' with { type: 'json' };
import h100Yi34bTp2 from './h100-yi-34b-tp2.json' with { type: 'json' };
import rtx4090Llama318bTp1 from './rtx4090-llama-3.1-8b-tp1.json' with { type: 'json' };
import rtxpro6000Llama318bTp1 from './rtxpro6000-llama-3.1-8b-tp1.json' with { type: 'json' };
import rtxpro6000Qwen332bTp2 from './rtxpro6000-qwen3-32b-tp2.json' with { type: 'json' };

const ALL = [
  a100Llama3170bTp4,
  a100Llama3170bTp8,
  a100Llama318bTp1,
  a100Llama318bTp2,
  a100Qwen253bTp1,
  a100Qwen257bTp1,
  a100Qwen314bTp1,
  a100Qwen332bTp2,
  a100Qwen332bTp4,
  a100Yi34bTp2,
  h100Llama27bTp1,
  h100Llama3170bTp4,
  h100Llama3170bTp8,
  h100Llama318bTp1,
  h100Llama318bTp2,
  h100MistralNemo12bTp1,
  h100MistralNemo12bTp2,
  h100Qwen253bTp1,
  h100Qwen257bTp1,
  h100Qwen314bTp1,
  h100Qwen332bTp2,
  h100Qwen332bTp4,
  h100Yi34bTp2,
  rtx4090Llama318bTp1,
  rtxpro6000Llama318bTp1,
  rtxpro6000Qwen332bTp2,
];

// What a JSON file holds is checked by the tests, once and for all: the compiler sees lists where a line has two numbers.
export const PRESETS: Readonly<Record<string, Preset>> = Object.freeze(Object.fromEntries(ALL.map((one) => [one.name, one as unknown as Preset])));

/** @throws ERR_ENGINE_UNKNOWN with the nearest name */
export function presetNamed(name: string): Preset {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name];
  throw unknownName('engine', name, ['slots:N', 'vllm:FILE', 'constant:stepMs=N', ...Object.keys(PRESETS)], '', 'ERR_ENGINE_UNKNOWN');
}
