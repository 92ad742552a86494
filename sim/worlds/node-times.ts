// What each node of a program was doing, in whole µs: told as its attempts begin and end.
import type { CallSlot } from '../../src/dispatch/calls.ts';
import { NODE_TOOL } from '../../src/programs/plan.ts';
import { AT_BACKOFF, AT_DECODE, AT_ENGINE_WAIT, AT_GATE, AT_PREEMPTED, AT_PREFILL, AT_SERVICE, AT_THINKING, AT_TOOL, AT_TOOL_QUEUE, PATH_LENGTH } from '../measure/path-parts.ts';
import { CALL_PARTS } from '../engine/batch/call-split.ts';
import type { RunningProgram } from '../workload/programs.ts';
import type { Stage } from './stage.ts';

type Parts = Pick<Stage, 'calls' | 'work' | 'engines' | 'splits'>;

/** An attempt of a call begins: what was before it was a pause, or the wait after one that was lost. */
export function attemptBegun(run: RunningProgram, node: number, nowUs: number): void {
  if (run.attempts[node] === 1) run.partUs[node * PATH_LENGTH + AT_THINKING] = nowUs - run.metUs[node]!;
  else run.partUs[node * PATH_LENGTH + AT_BACKOFF]! += nowUs - run.markUs[node]!;
  run.markUs[node] = nowUs;
}

/** It ends now, well or not. Call before its slot is given to another and before the engine is told to stop it. O(parts). */
export function attemptEnded(run: RunningProgram, node: number, call: CallSlot, nowUs: number, { calls, work, engines, splits }: Parts): void {
  const us = run.partUs, at = node * PATH_LENGTH, grantedUs = calls.grantedUs[call]!, fromUs = run.markUs[node]!, engine = engines[calls.engine[call]!];
  // A node that was served has ended in this instant already, in real time a little before.
  const endUs = run.endUs[node]! >= 0 ? run.endUs[node]! : nowUs, within = (atUs: number): number => Math.min(Math.max(atUs, fromUs), endUs);
  run.markUs[node] = nowUs;
  if (grantedUs < 0) { us[at + AT_GATE]! += endUs - fromUs; return; }
  if (splits !== undefined && grantedUs < endUs) {
    splits.cut(call, endUs);
    for (let part = 0; part < CALL_PARTS.length; part++) us[at + part]! += splits.us(call, part);
    return;
  }
  const sentUs = within(grantedUs), begunUs = calls.scheduledUs[call]! < 0 ? endUs : within(calls.scheduledUs[call]!), heldUs = endUs - begunUs;
  us[at + AT_GATE]! += sentUs - fromUs;
  us[at + AT_ENGINE_WAIT]! += begunUs - sentUs;
  const servedUs = engine?.servedUs?.(call, endUs), serviceUs = servedUs ?? heldUs, hasTokens = servedUs === undefined ? calls.firstTokenUs[call]! >= 0 : work.outputTokens[call]! > 0;
  us[at + AT_PREEMPTED]! += heldUs - serviceUs;
  if (!hasTokens) { us[at + AT_SERVICE]! += serviceUs; return; }
  const firstUs = servedUs === undefined ? within(calls.firstTokenUs[call]!) - begunUs : Math.min(work.firstTokenUs[call]!, servedUs);
  us[at + AT_PREFILL]! += firstUs;
  us[at + AT_DECODE]! += serviceUs - firstUs;
}

/** What a node that is no call did from the moment when its parents were met to its end. Written once it has ended. */
export function settleTool(run: RunningProgram, node: number): void {
  const { plan } = run, at = node * PATH_LENGTH, allUs = run.endUs[node]! - run.metUs[node]!, isTool = plan.graph!.kind[node] === NODE_TOOL;
  const thinkUs = run.partUs[at + AT_THINKING] = isTool ? Math.min(plan.thinkUs[node]!, allUs) : allUs, toolUs = run.partUs[at + AT_TOOL] = isTool ? Math.min(plan.graph!.toolUs[node]!, allUs - thinkUs) : 0;
  run.partUs[at + AT_TOOL_QUEUE] = allUs - thinkUs - toolUs;
}
