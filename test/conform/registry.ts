// The conformance suites, by name. A new one is one file and one line here.
import { blisSuite } from './blis/suite.ts';
import { locoSuite } from './loco/suite.ts';
import type { ConformSuite } from './suite.ts';
import { vllmSchedulerSuite } from './vllm-scheduler/suite.ts';

export const SUITES: Readonly<Record<string, ConformSuite>> = {
  blis: blisSuite,
  loco: locoSuite,
  'vllm-scheduler': vllmSchedulerSuite,
};
