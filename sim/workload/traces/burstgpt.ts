// BurstGPT: calls of a campus gateway in seconds from the first midnight. Editions differ in columns, so names decide.
import { numberOf, type TraceFormat } from './format.ts';

export const burstgpt: TraceFormat = {
  name: 'burstgpt', title: 'BurstGPT CSV',
  shapes: ['csv'], columns: ['Timestamp', 'Model', 'Request tokens', 'Response tokens'],
  arrival: 'Timestamp', prompt: 'Request tokens', output: 'Response tokens',
  rename: { 'Session ID': 'session' }, ignore: ['Total tokens', 'Elapsed time'],
  time: numberOf, unit: 's', units: 'Timestamp in s, Request tokens and Response tokens in tokens',
  // The trace's own way to write a failed call. Replayed as a call without output it would look like cheap work.
  refuse: (_prompt, output) => output === 0 ? 'failed call (Response tokens 0)' : undefined,
};
