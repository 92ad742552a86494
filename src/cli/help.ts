// Help from the tables of verbs and flags. Needs no parser, so that it answers at once.
import { FLAGS } from './flags.ts';
import type { Flag, VerbName } from './flags.ts';
import { entry, hang } from './fold.ts';
import { VERBS, verbNames } from './verbs.ts';

/** Width where nobody says: help is read, not processed. */
export const COLUMNS = 80;

function spelling(flag: Flag): string {
  return `  ${flag.alias ? `-${flag.alias}, ` : '    '}--${flag.name}${flag.value ? ` ${flag.value}` : ''}`;
}

/** Left column as wide as its widest text, right column folded. */
function rows(pairs: readonly (readonly [left: string, right: string])[], columns: number): string[] {
  const width = Math.max(...pairs.map(([left]) => left.length)) + 2;
  return pairs.map(([left, right]) => entry(left, right, width, columns));
}

export function overview(columns = COLUMNS): string {
  return [hang('schedlab <verb>: a deterministic laboratory for LLM agent schedulers', columns), '',
    ...rows(verbNames().map((name) => [`  ${VERBS[name].short ?? VERBS[name].usage}`, VERBS[name].title] as const), columns), '',
    hang('A cell is one setting of a scenario, run in several replications. VALUES are lists and ranges: alpha=0,0.25,0.5 · alpha=0:0.5:0.05 · alpha=lin:0:1:11 · load=log:0.1:0.9:5', columns),
    hang('schedlab <verb> --help tells the flags of a verb, schedlab run SCENARIO --help the parameters of a scenario, schedlab list what there is. Begin with schedlab demo.', columns), ''].join('\n');
}

export function verbHelp(name: VerbName, columns = COLUMNS): string {
  const verb = VERBS[name];
  const flags = (FLAGS[name] as readonly Flag[]).filter((flag) => !flag.later);
  return [`schedlab ${verb.usage}`, `  ${hang(verb.title, columns - 2)}`, '', ...(flags.length > 0 ? [...rows(flags.map((flag) => [spelling(flag), flag.help] as const), columns), ''] : []), 'for example',
    ...verb.examples.map((example) => `  schedlab ${example}`), ''].join('\n');
}
