// Sessions that ask, wait for the answer, and ask again some time after it: who starts when, and what comes next.
import { exponential } from '../../../sim/random/distributions.ts';
import { Streams } from '../../../sim/random/streams.ts';
import type { Demand } from '../../../bench/accuracy/drive.ts';
import type { GoldenWorkload } from './format.ts';

const S = 1e6;

export interface Sessions {
  readonly first: readonly Demand[];
  /** The next request of the session whose request ended. Requests are counted in the order in which they are sent. */
  then(request: number, nowUs: number): Demand | undefined;
}

/** Only start times are drawn; lengths are constant. Segments below the number of system prompts are those, all others belong to one request. */
export function sessions(workload: GoldenWorkload, seed: string): Sessions {
  const { systemPrompts, usersPerSystemPrompt, stages } = workload, count = systemPrompts * usersPerSystemPrompt, starts = new Streams(seed).stream('starts');
  const sessionOf: number[] = [], left: number[] = [], gapUs: number[] = [], promptOf: number[] = [], first: Demand[] = [];
  let windowUs = 0, segment = systemPrompts;
  const ask = (session: number, atUs: number): Demand => {
    sessionOf.push(session);
    left[session]--;
    return { atUs, content: [[promptOf[session], workload.systemPromptTokens], [segment++, workload.questionTokens]], outputTokens: workload.outputTokens, outputSegment: segment++ };
  };
  for (const { ratePerS, durationS } of stages) {
    const total = Math.round(ratePerS * durationS), gap = exponential(count / ratePerS * S);
    for (let user = 0; user < count; user++) {
      const session = left.length, requests = Math.floor(total / count) + (user < total % count ? 1 : 0), startUs = Math.round(windowUs + gap.sample(starts));
      left.push(requests);
      gapUs.push(Math.round(count / ratePerS * S));
      promptOf.push(Math.floor(user / usersPerSystemPrompt));
      if (requests > 0) first.push(ask(session, startUs));
    }
    windowUs += durationS * S;
  }
  return { first, then: (request, nowUs) => { const session = sessionOf[request]; return left[session] > 0 ? ask(session, Math.round(nowUs + gapUs[session])) : undefined; } };
}
