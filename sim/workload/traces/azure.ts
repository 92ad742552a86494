// Azure LLM inference traces: a timestamp and two lengths. The editions share a header; the later one writes its zone.
import type { TraceFormat } from './format.ts';
import { hasZone, timestampUs } from './timestamp.ts';

const common = {
  shapes: ['csv'], columns: ['TIMESTAMP', 'ContextTokens', 'GeneratedTokens'],
  arrival: 'TIMESTAMP', prompt: 'ContextTokens', output: 'GeneratedTokens', time: timestampUs, unit: 'us', isCalendar: true,
} as const;

export const azure2023: TraceFormat = {
  ...common, name: 'azure-2023', title: 'Azure LLM inference trace 2023 CSV, timestamps without zone',
  recognise: (sample) => !hasZone(sample('TIMESTAMP')),
  units: 'TIMESTAMP as date and time, read as UTC to the microsecond; ContextTokens and GeneratedTokens in tokens',
};

export const azure2024: TraceFormat = {
  ...common, name: 'azure-2024', title: 'Azure LLM inference trace 2024 CSV, timestamps with zone',
  recognise: (sample) => hasZone(sample('TIMESTAMP')),
  units: 'TIMESTAMP as date and time with zone, read to the microsecond; ContextTokens and GeneratedTokens in tokens',
};
