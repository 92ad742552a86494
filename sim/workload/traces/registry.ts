// The trace formats by name. A new format is one file and one line here.
import { azure2023, azure2024 } from './azure.ts';
import { bailian } from './bailian.ts';
import { burstgpt } from './burstgpt.ts';
import type { TraceFormat } from './format.ts';
import { llmservingsim } from './llmservingsim.ts';
import { mooncake } from './mooncake.ts';
import { plain } from './plain.ts';
import { schedlab } from './schedlab.ts';
import { vllmBench } from './vllm-bench.ts';

export const TRACE_FORMATS: Readonly<Record<string, TraceFormat>> = {
  'mooncake': mooncake,
  'azure-2023': azure2023,
  'azure-2024': azure2024,
  'burstgpt': burstgpt,
  'bailian': bailian,
  'llmservingsim': llmservingsim,
  'vllm-bench': vllmBench,
  'plain': plain,
  'schedlab': schedlab,
};

/** The formats with their headers, for errors and help. */
export function describeFormats(): string {
  return Object.values(TRACE_FORMATS).map((format) => `${format.name} (${format.shapes.join(' or ')}: ${format.columns.join(',')})`).join('; ');
}
