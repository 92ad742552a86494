// Agents that change code: a long prompt that those of a repository share, phases with a barrier after each, tools, and a test runner that all of them wait for. Our own shape.
import { lognormal } from '../../random/distributions.ts';
import { wholeLognormal } from '../../random/whole-lognormal.ts';
import { pauseUs, sized, type ProgramShape } from './shape.ts';

/** Tokens of instructions, tools and the map of a repository; repositories. */
const SYSTEM = 12_000;
const REPOSITORIES = 8;
/** A text number of its own: below it stand those of other shapes. */
const TEXT = 2000;
/** Share of phases whose work is done by two or three side by side, and calls of each. */
const FORKED = 0.25;
const STEPS_LEAST = 2;
const STEPS_MOST = 6;
const TOOL_S = 2;
const TEST_S = 20;
const TEST_RUNNERS = 8;

const laws = () => ({ calls: wholeLognormal(30, 0.6, 100), prompt: wholeLognormal(500, 0.8, 4096), output: wholeLognormal(150, 0.8, 2048) });

export const codingAgent: ProgramShape = {
  name: 'coding-agent',
  title: 'long prompts that share their beginning, phases with a barrier after each, tools, and a test runner that all share',
  moments: { calls: 30, mostCalls: 100, prefill: 500, decode: 150 },
  source: 'our own: no published numbers',
  ours: `all of it: 30 calls on average (lognormal, sigma 0.6, at most 100) that add 500 tokens and answer 150 (sigma 0.8), behind ${SYSTEM} tokens that all agents of a repository share, of which there are ${REPOSITORIES}; a plan, then phases of ${STEPS_LEAST} to ${STEPS_MOST} calls, ${FORKED * 100} % of them by two or three side by side, a barrier, a test run and a review; ${TOOL_S} s for a tool, ${TEST_S} s for a test run (lognormal, cv² 1), ${TEST_RUNNERS} test runners unless the scenario says otherwise`,
  tools: [{ name: 'test runner', places: TEST_RUNNERS }],
  write(builder, draws, limits) {
    const { calls, prompt, output } = laws(), tool = lognormal(TOOL_S, 1), test = lognormal(TEST_S, 1), { form } = draws;
    const repository = Math.floor(form.next() * REPOSITORIES), systemTokens = Math.min(SYSTEM, Math.floor(limits.contextTokens / 2));
    let left = calls.sample(form), context = systemTokens, isFull = false;
    /** A call that goes on from `from` with `tokens` said before; undefined where nothing is left. */
    const call = (after: readonly number[], tokens: number): { readonly node: number; readonly tokens: number; readonly output: number } | undefined => {
      const size = sized(tokens, prompt.sample(draws.prompts), output.sample(draws.outputs), limits);
      if (left === 0 || (!size.fits && after.length > 0)) { isFull = true; return undefined; }
      left--;
      return { node: builder.call({ after, prompt: size.prompt, output: size.output }), tokens: tokens + size.prompt + size.output, output: size.output };
    };
    const plan = call([], context)!;
    let heads: readonly number[] = [plan.node];
    context = plan.tokens;
    while (left > 0 && !isFull) {
      const width = form.next() < FORKED ? 2 + Math.floor(form.next() * 2) : 1, ends: number[] = [];
      // After the barrier the first one's history counts, and the last answers of the others.
      let merged = context;
      for (let branch = 0; branch < width && left > 0; branch++) {
        const steps = STEPS_LEAST + Math.floor(form.next() * (STEPS_MOST - STEPS_LEAST + 1));
        let after = heads, tokens = context, said = 0, hasCalled = false;
        for (let step = 0; step < steps; step++) {
          const next = call(after, tokens);
          if (next === undefined) break;
          hasCalled = true;
          ({ tokens, output: said } = next);
          after = [builder.tool({ after: [next.node], us: pauseUs(tool, draws.waits, limits) })];
        }
        if (!hasCalled) break;
        ends.push(after[0]!);
        merged = branch === 0 ? tokens : merged + said;
      }
      if (ends.length === 0) break;
      const tested = builder.tool({ after: ends.length === 1 ? ends : [builder.join({ after: ends })], us: pauseUs(test, draws.waits, limits), pool: 0 });
      const review = call([tested], merged);
      if (review === undefined) break;
      heads = [review.node];
      context = review.tokens;
    }
    return { systemText: TEXT + repository, systemTokens };
  },
};
