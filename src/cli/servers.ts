// Engines by what a server is started with: `engine=vllm:FILE` is read before a plan is made, and only where somebody names one.
import type { EngineSpec } from '../../sim/engine/presets/engine-spec.ts';
import { valuesOf } from '../../sim/experiment/definitions.ts';
import type { ExperimentRequest, Laboratory } from '../../sim/experiment/types.ts';

const PREFIX = 'vllm:';

/** The laboratory with every engine that a request names by file. Throws what `vllmEngine` throws. */
export async function withServers(laboratory: Laboratory, request: ExperimentRequest): Promise<Laboratory> {
  if (!Object.hasOwn(request.scenario.params, 'engine')) return laboratory;
  const named = valuesOf(request, 'engine').filter((value) => typeof value === 'string' && value.startsWith(PREFIX)) as string[];
  if (named.length === 0) return laboratory;
  const { vllmEngine } = await import('../../sim/engine/vllm/engine.ts'), { serveFiles } = await import('./vllm-file.ts');
  const engines: Record<string, EngineSpec> = { ...laboratory.engines };
  for (const text of new Set(named)) engines[text] = vllmEngine(text.slice(PREFIX.length), serveFiles);
  return { ...laboratory, engines };
}
