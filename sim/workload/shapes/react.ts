// Agents that reason and act: one thread, a tool after every call but the last.
import { lognormal } from '../../random/distributions.ts';
import { wholeLognormal } from '../../random/whole-lognormal.ts';
import { pauseUs, type ProgramShape } from './shape.ts';
import { writeThread } from './thread.ts';

/** Seconds of a tool, and their squared coefficient of variation. */
const TOOL_S = 1;
const TOOL_CV2 = 2;

const laws = () => ({ calls: wholeLognormal(10.75, 0.7, 70), prompt: wholeLognormal(735, 0.8, 4096), output: wholeLognormal(34, 0.8, 512) });

export const react: ProgramShape = {
  name: 'react',
  title: 'agents that reason and act in one thread, a tool after every call',
  moments: { calls: 10.75, mostCalls: 70, prefill: 735, decode: 34 },
  source: 'mean and most calls, mean tokens in and out of a call: BFCL v3 with ReAct as Autellix gives it (arXiv 2502.13965, evaluation)',
  ours: `lognormal shapes (sigma: calls 0.7, tokens in and out 0.8), bounds of 4096 tokens in and 512 out, ${TOOL_S} s for a tool (lognormal, cv² ${TOOL_CV2}), as many tools at once as are asked for; no agent shares a prompt with another`,
  write(builder, draws, limits) {
    const tool = lognormal(TOOL_S, TOOL_CV2);
    writeThread(builder, laws(), draws, limits, (before) => ({ after: builder.tool({ after: [before], us: pauseUs(tool, draws.waits, limits) }), thinkUs: 0 }));
    return {};
  },
};
