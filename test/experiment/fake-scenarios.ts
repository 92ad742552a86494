// The module through which a worker finds the fake scenario again.
import { fakeScenario } from './fake.ts';

export const SCENARIOS = { fake: fakeScenario };
