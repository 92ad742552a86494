// The parts around the scheduler: jain, budget, ema, tuner, config.
import { Budget, type BudgetMode } from '../../../src/loco/budget.ts';
import { CostAverage } from '../../../src/loco/cost-average.ts';
import { jainIndex } from '../../../src/loco/jain.ts';
import { Differences } from '../differences.ts';
import { arrayOf, fields, oneOf, orNull, recordOf } from '../shape.ts';
import type { LineKind } from '../suite.ts';

interface JainVector { readonly values: readonly number[]; readonly expect: number }

export const jain: LineKind<JainVector> = {
  shape: fields({ values: arrayOf('number'), expect: 'number' }),
  check(vector) {
    const d = new Differences();
    d.close('index', jainIndex(vector.values), vector.expect);
    return d.found;
  },
};

interface EmaVector {
  readonly smoothing: number;
  readonly observations: readonly { readonly type: string; readonly tokens: number; readonly expect: number }[];
  readonly expect: Readonly<Record<string, number | null>>;
}

export const ema: LineKind<EmaVector> = {
  shape: fields({ smoothing: 'number', observations: arrayOf(fields({ type: 'text', tokens: 'number', expect: 'number' })), expect: recordOf(orNull('number')) }),
  check(vector) {
    const d = new Differences();
    const average = new CostAverage(vector.smoothing);
    vector.observations.forEach((o, i) => d.close(`observation ${i}`, average.observe(o.type, o.tokens), o.expect));
    for (const [type, mean] of Object.entries(vector.expect)) d.close(`mean of ${type}`, average.of(type), mean);
    return d.found;
  },
};

type BudgetOp =
  | { readonly op: 'check'; readonly agent: string; readonly cost: number; readonly expect: { readonly outcome: string; readonly allowed?: boolean; readonly current?: number; readonly limit?: number; readonly cost?: number } }
  | { readonly op: 'spend'; readonly agent: string; readonly cost: number; readonly expect: { readonly spent: number; readonly remaining: number | null } }
  | { readonly op: 'setLimit'; readonly agent: string; readonly limit: number }
  | { readonly op: 'removeLimit'; readonly agent: string }
  | { readonly op: 'reset'; readonly agent: string };
interface BudgetVector {
  readonly mode: BudgetMode;
  readonly defaultLimit: number | null;
  readonly script: readonly BudgetOp[];
  readonly expect: { readonly spent: Readonly<Record<string, number>>; readonly remaining: Readonly<Record<string, number | null>>; readonly limit: Readonly<Record<string, number | null>>; readonly alerts: number };
}

export const budget: LineKind<BudgetVector> = {
  shape: fields({
    mode: oneOf('reject', 'alert', 'downgrade'), defaultLimit: orNull('number'),
    script: arrayOf(fields({
      op: oneOf('check', 'spend', 'setLimit', 'removeLimit', 'reset'), agent: 'text', 'cost?': 'number', 'limit?': 'number',
      'expect?': fields({ 'outcome?': 'text', 'allowed?': 'flag', 'spent?': 'number', 'remaining?': orNull('number'), 'current?': 'number', 'limit?': 'number', 'cost?': 'number' }),
    })),
    expect: fields({ spent: recordOf('number'), remaining: recordOf(orNull('number')), limit: recordOf(orNull('number')), alerts: 'number' }),
  }),
  check(vector) {
    const d = new Differences();
    const under = new Budget({ mode: vector.mode, limit: vector.defaultLimit ?? undefined });
    vector.script.forEach((op, i) => budgetStep(under, op, `op ${i} ${op.op}`, d));
    for (const [agent, spent] of Object.entries(vector.expect.spent)) d.close(`spent of ${agent}`, under.spent(agent), spent);
    for (const [agent, remaining] of Object.entries(vector.expect.remaining)) d.close(`remaining of ${agent}`, under.remaining(agent), remaining);
    for (const [agent, limit] of Object.entries(vector.expect.limit)) d.close(`limit of ${agent}`, under.limit(agent), limit);
    d.exact('alerts', under.alerts, vector.expect.alerts);
    return d.found;
  },
};

function budgetStep(under: Budget, op: BudgetOp, at: string, d: Differences): void {
  if (op.op === 'setLimit') under.setLimit(op.agent, op.limit);
  else if (op.op === 'removeLimit') under.removeLimit(op.agent);
  else if (op.op === 'reset') under.reset(op.agent);
  else if (op.op === 'spend') {
    under.spend(op.agent, op.cost);
    d.close(`${at}: spent`, under.spent(op.agent), op.expect.spent);
    d.close(`${at}: remaining`, under.remaining(op.agent), op.expect.remaining);
  } else {
    const got = under.check(op.agent, op.cost);
    d.exact(`${at}: outcome`, got.outcome, op.expect.outcome);
    if (op.expect.allowed !== undefined) d.exact(`${at}: allowed`, got.allowed, op.expect.allowed);
    if (op.expect.current !== undefined) d.close(`${at}: current`, got.current, op.expect.current);
    if (op.expect.limit !== undefined) d.close(`${at}: limit`, got.limit, op.expect.limit);
    if (op.expect.cost !== undefined) d.close(`${at}: cost`, got.cost, op.expect.cost);
  }
}
