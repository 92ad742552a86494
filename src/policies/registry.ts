// Every policy by name. To add one: a file beside this one, and a line here.
import { atlas } from './atlas.ts';
import { drr } from './drr.ts';
import { fcfs } from './fcfs.ts';
import { lasDecay } from './las-decay.ts';
import { locoClock } from './loco-clock.ts';
import { loco } from './loco.ts';
import { oldestFirst } from './oldest-first.ts';
import { gittins } from './gittins.ts';
import { hrrn } from './hrrn.ts';
import { lpm } from './lpm.ts';
import { mlfq } from './mlfq.ts';
import type { PolicyDefinition } from './policy.ts';
import { priority } from './priority.ts';
import { programFcfs } from './program-fcfs.ts';
import { programSrpt } from './program-srpt.ts';
import { roundRobin } from './round-robin.ts';
import { sjf } from './sjf.ts';
import { srpt } from './srpt.ts';
import { vtc } from './vtc.ts';
import { wfq } from './wfq.ts';

export const POLICIES: Readonly<Record<string, PolicyDefinition>> = {
  [loco.name]: loco,
  [locoClock.name]: locoClock,
  [fcfs.name]: fcfs,
  [oldestFirst.name]: oldestFirst,
  [programFcfs.name]: programFcfs,
  [roundRobin.name]: roundRobin,
  [atlas.name]: atlas,
  [mlfq.name]: mlfq,
  [hrrn.name]: hrrn,
  [priority.name]: priority,
  [lpm.name]: lpm,
  [sjf.name]: sjf,
  [srpt.name]: srpt,
  [programSrpt.name]: programSrpt,
  [gittins.name]: gittins,
  [vtc.name]: vtc,
  [wfq.name]: wfq,
  [drr.name]: drr,
  [lasDecay.name]: lasDecay,
};
