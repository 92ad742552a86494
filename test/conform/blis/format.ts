// The format of the golden sessions: engine, models, workload, and what another simulator reports under its two step-time models.
import { arrayOf, fields, type Shape } from '../shape.ts';

export interface GoldenModel {
  readonly layers: number; readonly hidden: number; readonly heads: number; readonly kvHeads: number; readonly headDim: number; readonly ffn: number; readonly vocab: number;
  readonly weightBytesPerParam: number; readonly kvBytesPerValue: number; readonly ffnDense?: number; readonly experts?: number; readonly expertsPerToken?: number; readonly moeLayerStep?: number;
}

export interface GoldenWorkload {
  readonly requests: number; readonly systemPrompts: number; readonly usersPerSystemPrompt: number; readonly systemPromptTokens: number; readonly questionTokens: number; readonly outputTokens: number;
  readonly stages: readonly { readonly ratePerS: number; readonly durationS: number }[];
}

export interface GoldenExpected { readonly completed: number; readonly inputTokens: number; readonly outputTokens: number; readonly ttftMs: { readonly mean: number }; readonly e2eMs: { readonly mean: number }; readonly itlMeanMs: number }

export interface GoldenRun {
  readonly id: string; readonly model: string; readonly tp: number; readonly maxNumSeqs: number; readonly maxNumBatchedTokens: number; readonly workload: GoldenWorkload;
  readonly trainedPhysics: { readonly gpuBlocks: number; readonly expected: GoldenExpected }; readonly roofline: { readonly gpuBlocks: number; readonly expected: GoldenExpected };
}

export interface Goldens {
  readonly blockSize: number;
  readonly h100: { readonly peakTflops: number; readonly peakTflopsFp8: number; readonly bandwidthTBs: number; readonly mfuPrefill: number; readonly mfuDecode: number };
  readonly trainedPhysicsCoefficients: {
    readonly alphaUs: { readonly queueing: number; readonly postDecodeOnce: number; readonly perOutputToken: number };
    readonly beta: { readonly prefillComputeTime: number; readonly decodeKvTime: number; readonly weightLoadTime: number; readonly allReduceTime: number; readonly perLayerUs: number; readonly perSequenceUs: number; readonly perStepUs: number; readonly perMoeLayerUs: number };
  };
  readonly models: Readonly<Record<string, GoldenModel>>;
  readonly runs: readonly GoldenRun[];
}

const expected: Shape = fields({ gpuBlocks: 'number', expected: fields({ completed: 'number', inputTokens: 'number', outputTokens: 'number', ttftMs: fields({ mean: 'number' }), e2eMs: fields({ mean: 'number' }), itlMeanMs: 'number' }) });

export const GOLDENS_SHAPE: Shape = fields({
  blockSize: 'number',
  h100: fields({ peakTflops: 'number', peakTflopsFp8: 'number', bandwidthTBs: 'number', mfuPrefill: 'number', mfuDecode: 'number' }),
  trainedPhysicsCoefficients: fields({
    alphaUs: fields({ queueing: 'number', postDecodeOnce: 'number', perOutputToken: 'number' }),
    beta: fields({ prefillComputeTime: 'number', decodeKvTime: 'number', weightLoadTime: 'number', allReduceTime: 'number', perLayerUs: 'number', perSequenceUs: 'number', perStepUs: 'number', perMoeLayerUs: 'number' }),
  }),
  models: { record: fields({ layers: 'number', hidden: 'number', heads: 'number', kvHeads: 'number', headDim: 'number', ffn: 'number', vocab: 'number', weightBytesPerParam: 'number', kvBytesPerValue: 'number', 'ffnDense?': 'number', 'experts?': 'number', 'expertsPerToken?': 'number', 'moeLayerStep?': 'number' }) },
  runs: arrayOf(fields({
    id: 'text', model: 'text', tp: 'number', maxNumSeqs: 'number', maxNumBatchedTokens: 'number', trainedPhysics: expected, roofline: expected,
    workload: fields({ requests: 'number', systemPrompts: 'number', usersPerSystemPrompt: 'number', systemPromptTokens: 'number', questionTokens: 'number', outputTokens: 'number', stages: arrayOf(fields({ ratePerS: 'number', durationS: 'number' })) }),
  })),
});
