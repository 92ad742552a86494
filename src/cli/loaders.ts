// The code of each verb, imported when it is asked for and not before: the data of the verbs lead to none of it.
import type { VerbName } from './flags.ts';
import type { Io } from './io.ts';

export const LOADERS: Readonly<Record<VerbName, () => Promise<{ verb(args: readonly string[], io: Io): Promise<number> }>>> = {
  demo: () => import('./verbs/demo.ts'),
  run: () => import('./verbs/run.ts'),
  sweep: () => import('./verbs/sweep.ts'),
  report: () => import('./verbs/report.ts'),
  compare: () => import('./verbs/compare.ts'),
  explain: () => import('./verbs/explain.ts'),
  reproduce: () => import('./verbs/reproduce.ts'),
  list: () => import('./verbs/list.ts'),
  validate: () => import('./verbs/validate.ts'),
  init: () => import('./verbs/init.ts'),
  check: () => import('./verbs/check.ts'),
  trace: () => import('./verbs/trace.ts'),
  schema: () => import('./verbs/schema.ts'),
  completion: () => import('./verbs/completion.ts'),
};
