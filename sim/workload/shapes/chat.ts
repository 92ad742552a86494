// Conversations of people with a model: one thread, a human between two turns.
import { lognormal } from '../../random/distributions.ts';
import { wholeLognormal } from '../../random/whole-lognormal.ts';
import { pauseUs, type ProgramShape } from './shape.ts';
import { writeThread } from './thread.ts';

/** Seconds between an answer and the next turn, and their squared coefficient of variation. */
const THINK_S = 10;
const THINK_CV2 = 1.5;

const laws = () => ({ calls: wholeLognormal(6.66, 1, 80), prompt: wholeLognormal(256, 1.1, 4096), output: wholeLognormal(277, 0.9, 2048) });

export const chat: ProgramShape = {
  name: 'chat',
  title: 'conversations in one thread, a human between two turns',
  moments: { calls: 6.66, mostCalls: 80, prefill: 256, decode: 277 },
  source: 'mean and most calls, mean tokens in and out of a call: ShareGPT as Autellix gives it (arXiv 2502.13965, evaluation)',
  ours: `lognormal shapes (sigma: calls 1, tokens in 1.1, out 0.9), bounds of 4096 tokens in and 2048 out, ${THINK_S} s of thinking between turns (lognormal, cv² ${THINK_CV2}); no conversation shares a prompt with another`,
  write(builder, draws, limits) {
    const think = lognormal(THINK_S, THINK_CV2);
    writeThread(builder, laws(), draws, limits, (before) => ({ after: before, thinkUs: pauseUs(think, draws.waits, limits) }));
    return {};
  },
};
