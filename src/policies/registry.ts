// Every policy by name. To add one: a file beside this one, and a line here.
import { atlas } from './atlas.ts';
import { fcfs } from './fcfs.ts';
import { locoClock } from './loco-clock.ts';
import { loco } from './loco.ts';
import { oldestFirst } from './oldest-first.ts';
import type { PolicyDefinition } from './policy.ts';
import { roundRobin } from './round-robin.ts';

export const POLICIES: Readonly<Record<string, PolicyDefinition>> = {
  [loco.name]: loco,
  [locoClock.name]: locoClock,
  [fcfs.name]: fcfs,
  [oldestFirst.name]: oldestFirst,
  [roundRobin.name]: roundRobin,
  [atlas.name]: atlas,
};
