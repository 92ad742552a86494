// Tree search by language model: nodes are expanded side by side and evaluated, the next to expand is chosen when all have been, dead ends are reflected on.
import { bernoulli } from '../../random/counts.ts';
import { lognormal } from '../../random/distributions.ts';
import type { Uniform } from '../../random/xoshiro.ts';
import { wholeLognormal } from '../../random/whole-lognormal.ts';
import { pauseUs, sized, type ProgramShape } from './shape.ts';

/** Children of an expansion: each width from the least to the most as likely as another. */
const WIDTH_LEAST = 2;
const WIDTH_MOST = 8;
const DEPTH_MOST = 7;
/** Share of children that are dead ends, and of expansions that go on below the last one. */
const DEAD_ENDS = 0.15;
const GO_DEEPER = 0.7;
/** Tokens of the shortest call: one in, one out. */
const SHORTEST = 2;
const TOOL_S = 0.5;
const TOOL_CV2 = 2;

const laws = () => ({ calls: wholeLognormal(159.7, 0.5, 400), prompt: wholeLognormal(467, 0.5, 2048), output: wholeLognormal(73, 0.7, 1024) });

/** A state of the search: the call that led to it, and the tokens said until then. */
interface TreeNode { readonly call: number; readonly depth: number; readonly tokens: number }

export const mcts: ProgramShape = {
  name: 'mcts',
  title: 'tree search: expansions of changing width, each child evaluated, dead ends reflected on',
  moments: { calls: 159.7, mostCalls: 400, prefill: 467, decode: 73 },
  source: 'mean and most calls, mean tokens in and out of a call: LATS on HotpotQA as Autellix gives it (arXiv 2502.13965, evaluation); expand, evaluate, reflect, depth of 7: LATS (arXiv 2310.04406)',
  ours: `lognormal shapes (sigma: calls 0.5, tokens in 0.5, out 0.7), bounds of 2048 tokens in and 1024 out, ${WIDTH_LEAST} to ${WIDTH_MOST} children, ${DEAD_ENDS * 100} % of them dead ends, ${GO_DEEPER * 100} % of expansions below the last one and the others anywhere, ${TOOL_S} s for the tool of a child (lognormal, cv² ${TOOL_CV2}); children share the path above them and nothing else`,
  write(builder, draws, limits) {
    const { calls, prompt, output } = laws(), tool = lognormal(TOOL_S, TOOL_CV2), { form } = draws, tree: TreeNode[] = [];
    // Room is left for the shortest judgement and lesson about a state.
    const sizes = (context: number, spare = 0) => sized(context, prompt.sample(draws.prompts), output.sample(draws.outputs), { ...limits, contextTokens: limits.contextTokens - spare });
    // One call is kept for the answer at the end.
    let left = calls.sample(form) - 1, chosen: TreeNode | undefined, barrier: readonly number[] = [];
    while (left > 0) {
      const width = WIDTH_LEAST + Math.floor(form.next() * (WIDTH_MOST - WIDTH_LEAST + 1)), level: TreeNode[] = [], ends: number[] = [];
      for (let child = 0; child < width && left > 0; child++) {
        const isDead = bernoulli(form, DEAD_ENDS), size = sizes(chosen?.tokens ?? 0, 2 * SHORTEST), toolUs = pauseUs(tool, draws.waits, limits);
        const expanded = builder.call({ after: barrier, ...historyOf(chosen), prompt: size.prompt, output: size.output });
        const state: TreeNode = { call: expanded, depth: (chosen?.depth ?? 0) + 1, tokens: (chosen?.tokens ?? 0) + size.prompt + size.output };
        left--;
        if (left === 0) { ends.push(expanded); break; }
        const acted = builder.tool({ after: [expanded], us: toolUs }), judged = sizes(state.tokens, SHORTEST), reflects = isDead && left > 1;
        const evaluated = builder.call({ after: [acted], prompt: judged.prompt, output: judged.output, ...(reflects ? { wakes: [builder.length + 1] } : {}) });
        left--;
        ends.push(evaluated);
        if (!reflects) { level.push(state); continue; }
        // Lives only once the judgement has been heard.
        const lesson = sizes(state.tokens + judged.prompt + judged.output);
        ends.push(builder.call({ after: [evaluated], dormant: true, prompt: lesson.prompt, output: lesson.output }));
        left--;
      }
      tree.push(...level);
      barrier = [builder.join({ after: ends })];
      chosen = choose(bernoulli(form, GO_DEEPER) && level.length > 0 ? level : tree, form, limits.contextTokens / 2);
    }
    const last = sizes(chosen?.tokens ?? 0);
    builder.call({ after: barrier, ...historyOf(chosen), prompt: last.prompt, output: last.output });
    return {};
  },
};

const historyOf = (node: TreeNode | undefined): { readonly history?: number; readonly context?: 'new' } => (node === undefined ? { context: 'new' } : { history: node.call });

/** One of these, each as likely; the root where that one is too deep or too long. */
function choose(from: readonly TreeNode[], u: Uniform, most: number): TreeNode | undefined {
  const node = from[Math.floor(u.next() * from.length)];
  return node === undefined || node.depth >= DEPTH_MOST || node.tokens > most ? undefined : node;
}
