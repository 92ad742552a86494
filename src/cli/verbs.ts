// The verbs, as data: how each is called and what it does.
import type { VerbName } from './flags.ts';

export interface Verb {
  readonly usage: string;
  /** As it stands in the list of verbs, where `usage` is long. */
  readonly short?: string;
  readonly title: string;
  readonly examples: readonly string[];
}

export const VERBS: Readonly<Record<VerbName, Verb>> = {
  demo: {
    usage: 'demo [fairness]',
    title: 'the first minute: sweep alpha over the fairness scenario, and report',
    examples: ['demo', 'demo --open'],
  },
  run: {
    usage: 'run SCENARIO [key=value …]',
    title: 'one setting of a scenario, or one stored replication again',
    examples: ['run loco-fairness alpha=0.5', 'run queueing load=0.9 --until ci=5%', 'run ./mine.ts --seed 7 --out results/mine', 'run --from results/mine --cell 3fa2 --rep 4'],
  },
  sweep: {
    usage: 'sweep SCENARIO key=VALUES …',
    title: 'a grid of settings, each compared with a baseline',
    examples: ['sweep loco-fairness alpha=0:1:0.25 guard=off --reps 20', 'sweep trace-replay trace=FILE policy=fcfs,loco', 'sweep queueing --zip servers=1,2 --zip load=0.8,0.9'],
  },
  report: {
    usage: 'report DIR…',
    title: 'report.html and report.md from saved results, all folders in one; runs nothing',
    examples: ['report results/loco-fairness-2026-11-21T1402 --open', 'report results/a results/b --out results/both'],
  },
  compare: {
    usage: 'compare A B',
    title: 'two folders of results: paired where seeds match, Welch otherwise',
    examples: ["compare results/a results/b --fail-on 'wait.p95 > +5%'", 'compare results/a#alpha=0 results/a#alpha=1 --first-difference'],
  },
  explain: {
    usage: 'explain DIR --call ID',
    title: 'one call\'s life: how long it waited, behind whom, with which scores, and why it went at last',
    examples: ['explain results/a --call 17', 'explain results/a --call 17 --cell alpha=0.5 --rep 3'],
  },
  reproduce: {
    usage: 'reproduce DIR',
    title: 'run a folder again in memory: equal, or what differs first and what has changed',
    examples: ['reproduce results/a', 'reproduce results/a --cell alpha=0.5 --json'],
  },
  list: {
    usage: 'list [scenarios|policies|balancers|addons|engines|programs|metrics]',
    short: 'list [KIND]',
    title: 'scenarios, policies, balancers, add-ons, engines, programs, metrics: what there is',
    examples: ['list', 'list metrics'],
  },
  validate: {
    usage: 'validate SCENARIO [key=VALUES …]',
    title: 'check a scenario and its parameters; runs nothing',
    examples: ['validate loco-fairness alpha=0.3', 'validate fairness.yaml'],
  },
  init: {
    usage: 'init scenario|policy|balancer|metric [NAME]',
    short: 'init KIND [NAME]',
    title: 'write a working example with a test: scenario, policy, balancer or metric',
    examples: ['init policy', 'init scenario two-teams'],
  },
  check: {
    usage: 'check FILE|NAME… [key=value …]',
    short: 'check FILE',
    title: 'hold a policy, balancer, metric or scenario against its contract; run its test',
    examples: ['check ./mine.ts ./mine.test.ts', 'check loco alpha=1', 'check balancer=round-robin --json'],
  },
  trace: {
    usage: 'trace inspect|convert|fit FILE',
    short: 'trace VERB FILE',
    title: 'describe a trace, convert it, or fit laws to it and make a scenario of them',
    examples: ['trace inspect requests.csv', 'trace inspect requests.csv --page trace.html --open', 'trace convert requests.csv --to schedlab -o requests.jsonl.gz', 'trace fit requests.csv -o fitted.yaml --page fit.html', 'trace fit requests.csv gaps=gamma output=empirical -o fitted.ts'],
  },
  schema: {
    usage: 'schema [scenario|trace|results|summary]',
    short: 'schema [KIND]',
    title: 'JSON Schema of scenario files, traces and results, for completion in an editor',
    examples: ['schema scenario > scenario.schema.json', 'schema results'],
  },
  completion: {
    usage: 'completion bash|zsh|fish',
    short: 'completion SHELL',
    title: 'completion for your shell: verbs, flags, scenarios, their parameters and values',
    examples: ['completion bash', 'completion zsh', 'completion fish'],
  },
};

/** Verbs that users will know from the docs of later versions. */
export const LATER_VERBS: readonly string[] = ['bundle', 'tune', 'serve', 'doctor', 'calibrate', 'proxy', 'export'];

export const verbNames = (): VerbName[] => Object.keys(VERBS) as VerbName[];
