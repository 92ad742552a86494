// Help from the tables of verbs and flags. Needs no parser, so that it answers at once.
import { FLAGS } from './flags.ts';
import type { Flag, VerbName } from './flags.ts';
import { VERBS, verbNames } from './verbs.ts';

const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(2, width - text.length));

function spelling(flag: Flag): string {
  return `${flag.alias ? `-${flag.alias}, ` : '    '}--${flag.name}${flag.value ? ` ${flag.value}` : ''}`;
}

export function overview(): string {
  const rows = verbNames().map((name) => `  ${pad(VERBS[name].usage, 50)}${VERBS[name].title}`);
  return ['schedlab <verb>: a deterministic laboratory for LLM agent schedulers', '', ...rows, '',
    'VALUES are lists and ranges: alpha=0,0.25,0.5 · alpha=0:0.5:0.05 · alpha=lin:0:1:11 · load=log:0.1:0.9:5',
    'schedlab <verb> --help tells the flags of a verb; schedlab list tells scenarios, policies and metrics.', ''].join('\n');
}

export function verbHelp(name: VerbName): string {
  const verb = VERBS[name];
  const flags = (FLAGS[name] as readonly Flag[]).filter((flag) => !flag.later);
  const width = Math.max(...flags.map((flag) => spelling(flag).length)) + 2;
  return [`schedlab ${verb.usage}`, `  ${verb.title}`, '', ...flags.map((flag) => `  ${pad(spelling(flag), width)}${flag.help}`), '', 'for example',
    ...verb.examples.map((example) => `  schedlab ${example}`), ''].join('\n');
}
