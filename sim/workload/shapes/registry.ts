// Every shape of programs by name, and mixtures of them. To add one: a file beside this one, and a line here.
import { chat } from './chat.ts';
import { codingAgent } from './coding-agent.ts';
import { mapReduce } from './map-reduce.ts';
import { mcts } from './mcts.ts';
import { react } from './react.ts';
import type { ProgramShape } from './shape.ts';

/** What a load is made of: one shape, or several, each program being of one of them, each as likely as another. */
export interface ProgramMix { readonly name: string; readonly title: string; readonly shapes: readonly ProgramShape[] }

const alone = (shape: ProgramShape): ProgramMix => ({ name: shape.name, title: shape.title, shapes: [shape] });

export const PROGRAMS: Readonly<Record<string, ProgramMix>> = {
  [chat.name]: alone(chat),
  [react.name]: alone(react),
  [mcts.name]: alone(mcts),
  mixed: { name: 'mixed', title: 'chat, react and mcts in equal thirds, by number of programs', shapes: [chat, react, mcts] },
  [mapReduce.name]: alone(mapReduce),
  [codingAgent.name]: alone(codingAgent),
};

/** What a reader must know of where the numbers of these programs come from, a sentence or two a shape. */
export function provenanceOf({ shapes }: ProgramMix): readonly string[] {
  return shapes.map(({ name, moments, source, ours }) =>
    `${name}: ${moments.calls} calls of a program (at most ${moments.mostCalls}), each adding ${moments.prefill} tokens to its prompt and answering ${moments.decode}, on average; from ${source}; ours: ${ours}`);
}
