// The suite of LOCO vectors: one entry a kind. Kind `fault` is for people; each of those has a test of its own.
import { lineCases, type ConformSuite, type LineKinds } from '../suite.ts';
import { budget, ema, jain } from './components.ts';

const KINDS: LineKinds = {
  jain,
  budget,
  ema,
  fault: 'skip', score: 'skip', grant: 'skip', 'sync-sequence': 'skip', 'async-sequence': 'skip', statistical: 'skip', tuner: 'skip', config: 'skip',
};

export const locoSuite: ConformSuite = { name: 'loco', folder: 'loco-vectors', cases: (dir) => lineCases(dir, KINDS) };
