// A task split into parts that are worked on side by side, and put together from the answers. Our own shape.
import { wholeLognormal } from '../../random/whole-lognormal.ts';
import { sized, type ProgramShape } from './shape.ts';

/** Tokens of the instructions that all programs begin with, and of a part's share of the whole. */
const INSTRUCTIONS = 500;
/** A text number of its own: below it stand those of other shapes. */
const TEXT = 1000;

const laws = () => ({
  maps: wholeLognormal(8, 0.7, 64),
  split: { prompt: wholeLognormal(2000, 0.6, 8192), output: wholeLognormal(200, 0.6, 1024) },
  map: { prompt: wholeLognormal(1500, 0.5, 4096), output: wholeLognormal(300, 0.7, 1024) },
  reduce: { prompt: wholeLognormal(200, 0.5, 1024), output: wholeLognormal(500, 0.6, 2048) },
});

/** A lost part is tried once more after a second; without it the others are put together. */
const TWICE = { attempts: 2, backoffUs: 1_000_000, factor: 1, mostUs: 1_000_000, then: 'branch' } as const;

export const mapReduce: ProgramShape = {
  name: 'map-reduce',
  title: 'a task is split, its parts are worked on side by side, and their answers put together',
  moments: { calls: 10, mostCalls: 66, prefill: 1420, decode: 310 },
  source: 'our own: no published numbers',
  ours: `all of it: 8 parts on average (lognormal, sigma 0.7, at most 64), tokens in and out of split 2000 and 200, of a part 1500 and 300, of putting together 200 and 500 (lognormal, sigma 0.5 to 0.7), beside ${INSTRUCTIONS} tokens of instructions that all prompts begin with; a part that is lost twice is left out`,
  write(builder, draws, limits) {
    const { maps, split, map, reduce } = laws(), n = maps.sample(draws.form);
    const sizes = (context: number, law: typeof split) => sized(context, law.prompt.sample(draws.prompts), law.output.sample(draws.outputs), limits);
    const first = sizes(INSTRUCTIONS, split), last = sizes(INSTRUCTIONS, reduce), start = builder.call({ prompt: first.prompt, output: first.output }), parts: number[] = [];
    // All answers stand in one prompt at the end.
    let told = INSTRUCTIONS + last.prompt + last.output;
    for (let part = 0; part < n; part++) {
      const { prompt, output } = sizes(INSTRUCTIONS, map);
      told += output;
      if (told > limits.contextTokens && part > 0) break;
      parts.push(builder.call({ after: [start], context: 'new', prompt, output, failure: TWICE }));
    }
    builder.call({ after: [builder.join({ after: parts, need: 'settled' })], context: 'last', prompt: last.prompt, output: last.output });
    return { systemText: TEXT, systemTokens: INSTRUCTIONS };
  },
};
