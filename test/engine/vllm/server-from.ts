// The engine of a `vllm serve` command in a text, without a file.
import { vllmEngine } from '../../../sim/engine/vllm/engine.ts';
import type { EngineSpec } from '../../../sim/engine/presets/engine-spec.ts';

export function serverFrom(text: string): EngineSpec {
  return vllmEngine('serve.sh', { readText: () => text, parseYaml: () => { throw new Error('no YAML here'); } });
}
