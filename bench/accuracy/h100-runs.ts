// Nine runs of vLLM 0.15.1 on H100, as published: what was asked of the engine, and the mean time until the first and the last token.

export interface PublishedRun {
  readonly id: string;
  readonly preset: string;
  readonly systemPrompts: number;
  readonly systemTokens: number;
  readonly questionTokens: number;
  readonly outputTokens: number;
  readonly ratesPerS: readonly number[];
  readonly maxBatchedTokens: number;
  readonly blocks: number;
  readonly ttftMs: number;
  readonly e2eMs: number;
}

const SHORT = { systemPrompts: 11, systemTokens: 100, questionTokens: 466, outputTokens: 247, ratesPerS: [5, 10] };
const SLOW = { systemPrompts: 9, systemTokens: 100, questionTokens: 447, outputTokens: 248, ratesPerS: [2.5, 6] };
const LONG = { systemPrompts: 23, systemTokens: 100, questionTokens: 934, outputTokens: 1448, ratesPerS: [1] };

/** All with 128 sequences at most. Measured with inference-perf by the authors of BLIS (inference-sim/sim-to-real-accuracy-validation). */
export const H100_RUNS: readonly PublishedRun[] = [
  { id: '155451', preset: 'h100-llama-2-7b-tp1', ...SHORT, maxBatchedTokens: 2048, blocks: 7463, ttftMs: 28.0, e2eMs: 2081 },
  { id: '60', preset: 'h100-llama-3.1-70b-tp4', ...SLOW, maxBatchedTokens: 8192, blocks: 30251, ttftMs: 53.7, e2eMs: 4502 },
  { id: '61', preset: 'h100-llama-3.1-70b-tp4', ...SHORT, maxBatchedTokens: 2048, blocks: 30425, ttftMs: 58.1, e2eMs: 4841 },
  { id: '62', preset: 'h100-mistral-nemo-12b-tp2', ...SLOW, maxBatchedTokens: 1024, blocks: 48009, ttftMs: 21.7, e2eMs: 1534 },
  { id: '63', preset: 'h100-mistral-nemo-12b-tp1', ...SHORT, maxBatchedTokens: 2048, blocks: 19251, ttftMs: 33.1, e2eMs: 2569 },
  { id: '64', preset: 'h100-qwen2.5-7b-tp1', systemPrompts: 10, systemTokens: 150, questionTokens: 600, outputTokens: 251, ratesPerS: [6], maxBatchedTokens: 2048, blocks: 65352, ttftMs: 26.7, e2eMs: 1772 },
  { id: '65', preset: 'h100-yi-34b-tp2', ...SLOW, maxBatchedTokens: 2048, blocks: 20793, ttftMs: 47.0, e2eMs: 3893 },
  { id: '66', preset: 'h100-qwen2.5-7b-tp1', ...LONG, maxBatchedTokens: 1024, blocks: 65368, ttftMs: 30.8, e2eMs: 10662 },
  { id: '67', preset: 'h100-llama-2-7b-tp1', ...LONG, maxBatchedTokens: 2048, blocks: 7463, ttftMs: 55.1, e2eMs: 17062 },
];
