// A policy that leaves a place idle while a call waits is named in the notes; one that only cannot serve is not.
import { expect, it } from 'vitest';
import type { Policy } from '../../src/policies/policy.ts';
import { fcfs } from '../../src/policies/fcfs.ts';
import { modelOf, play } from './scripted-model.ts';

const PROGRAMS = [0, 1, 2].map((k) => ({ arrivalUs: k * 1e6, calls: [{ serviceUs: 3e6 }] }));
const model = modelOf({ programs: PROGRAMS, endUs: 20e6, tickUs: 1e6 });
const lazy = { ...fcfs, name: 'lazy', create: (...given: Parameters<typeof fcfs.create>): Policy => Object.assign(fcfs.create(...given), { first: () => -1 }) } as typeof fcfs;

it('is noted', async () => {
  const { notes, metrics } = await play({ ...model, policy: lazy });
  expect(notes).toEqual([expect.stringContaining('left a place idle while a call waited')]);
  expect([metrics['completed'], metrics['jain.completed'], metrics['jain.service']]).toEqual([0, null, null]);
});
it('is not said of a policy that serves', async () => { expect((await play(model)).notes).toEqual([]); });
