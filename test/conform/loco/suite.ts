// The suite of LOCO vectors: one entry a kind. Kind `fault` is for people; each of those has a test of its own.
import { lineCases, type ConformSuite, type LineKinds } from '../suite.ts';
import { budget, ema, jain } from './components.ts';
import { asyncSequence, syncSequence } from './sequences.ts';
import { config, grant, score, tuner } from './states.ts';
import { statistical } from './statistical.ts';

const KINDS: LineKinds = {
  score,
  grant,
  'sync-sequence': syncSequence,
  'async-sequence': asyncSequence,
  statistical,
  jain,
  budget,
  ema,
  tuner,
  config,
  fault: 'skip',
};

export const locoSuite: ConformSuite = { name: 'loco', folder: 'loco-vectors', cases: (dir) => lineCases(dir, KINDS) };
