// Every chart of the report, in the order of the page. A new chart is one new file and one line here.
import type { Chart } from './chart.ts';
import { curve } from './curve.ts';
import { engines } from './engines.ts';
import { fairness } from './fairness.ts';
import { forest } from './forest.ts';
import { inside } from './inside.ts';
import { measures } from './measures.ts';
import { moves } from './moves.ts';
import { paths } from './paths.ts';
import { programs } from './programs.ts';
import { split } from './split.ts';
import { starvation } from './starvation.ts';
import { tail } from './tail.ts';
import { tradeoff } from './tradeoff.ts';
import { trust } from './trust.ts';
import { who } from './who.ts';

export const CHARTS: readonly Chart[] = [curve, forest, moves, tail, who, fairness, starvation, tradeoff, paths, programs, split, inside, engines, trust, measures];
