// Every balancer by name. To add one: a file beside this one, and a line here.
import type { BalancerDefinition } from './balancer.ts';
import { leastLoaded } from './least-loaded.ts';
import { powerOfD } from './power-of-d.ts';
import { roundRobin } from './round-robin.ts';

export const BALANCERS: Readonly<Record<string, BalancerDefinition>> = {
  [roundRobin.name]: roundRobin,
  [leastLoaded.name]: leastLoaded,
  [powerOfD.name]: powerOfD,
};
