// Command lines, well-formed, nearly well-formed and wild, for the fuzz tests. Not a test.
import fc from 'fast-check';

const key = fc.constantFrom('alpha', 'guard', 'policy', 'ticks', 'agents', 'load', 'servers', 'calls', 'service', 'balancer', 'trace', 'engine', 'identity', 'reps', 'seed', 'aplha', '', '__proto__', 'constructor', 'window', 'a.b');
const value = fc.oneof(
  fc.constantFrom('0', '1', '0.25', '0,0.5', '0:1:0.25', '0:1', 'lin:0:1:3', 'log:1:8:4', 'log:0:1:3', '0:1:0', '1e-320', '1e999', 'NaN', 'on', 'off', 'fcfs', 'loco', 'fcfs,loco', 'atlas', 'least-loaded', '', ',', 'slots:8', 'slots:0', 'hash:10', 'hash:-1', 'none', 'deterministic', 'hyperexponential:cv2=10', 'pareto:shape=0:ratio=2', 't.csv', 'none.csv', 'f.yaml', '.', '/', '\u0000', '日本', "'", '$(x)', '-1', '0:1e9:1'),
  fc.integer({ min: -5, max: 20 }).map(String), fc.double().map(String), fc.string({ maxLength: 8 }),
);
const assignment = fc.oneof({ weight: 8, arbitrary: fc.tuple(key, value).map(([k, v]) => `${k}=${v}`) }, { weight: 1, arbitrary: fc.string({ maxLength: 10 }) });
const good = fc.constantFrom('alpha=0.5', 'alpha=0,0.25', 'alpha=0:1:0.5', 'guard=off', 'ticks=50', 'policy=fcfs,loco', 'agents=4', 'policy=loco', 'busyRate=0.2');
const flagName = fc.constantFrom('--reps', '--seed', '--until', '--max-reps', '--also', '--zip', '--baseline', '--jobs', '-j', '--out', '-o', '--calls', '--shell', '--target', '--metric', '--fail-on', '--trace', '--from', '--rep', '--resp', '--x', '-x', '-', '--', '---', '--=', '--__proto__', '--no-reps', '--json.x');
const flagValue = fc.oneof(fc.constantFrom('1', '2', '0', '-1', '1.5', 'x', 'ci=5%', 'ci=0', 'sim', 'http://127.0.0.1:1', 'both=x', 'event', 'promise', 'alpha=0', 'alpha=0,1', 'policy=fcfs', 'policy=fcfs,alpha=1', 'wait.p95 > +5%', 'd', ''), value);
const flag = fc.oneof(
  fc.tuple(flagName, flagValue).map(([name, text]) => [name, text]), fc.tuple(flagName, flagValue).map(([name, text]) => [`${name}=${text}`]), flagName.map((name) => [name]),
  fc.constantFrom('--json', '-q', '--quiet', '--resume', '--dry', '--open=false', '--no-open', '-qj2', '-nq').map((name) => [name]),
);
const goodFlag = fc.constantFrom(['--reps', '2'], ['--seed', 'x'], ['-j', '1'], ['--json'], ['-q'], ['--also', 'policy=fcfs'], ['--until', 'ci=5%'], ['--zip', 'ticks=10,20', '--zip', 'agents=2,4']);
const scenario = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('loco-fairness', 'queueing', 'loco-burst', 'f.yaml', 'trace-replay') }, { weight: 1, arbitrary: fc.oneof(fc.constantFrom('loco-fairnes', 'none.ts', 'none.yaml', 't.csv', '.', '..', '/', 'constructor', ''), fc.string({ maxLength: 10 })) });
const verb = fc.oneof({ weight: 5, arbitrary: fc.constantFrom('run', 'sweep') }, { weight: 1, arbitrary: fc.constantFrom('validate', 'list', 'report', 'compare', 'explain', 'tune', 'swep', 'toString', '--json', '') });

export const commandLine: fc.Arbitrary<string[]> = fc.oneof(
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('sweep', 'validate'), fc.constantFrom('loco-fairness', 'f.yaml'), fc.uniqueArray(good, { maxLength: 3, selector: (text) => text.split('=')[0] }), fc.array(goodFlag, { maxLength: 1 })).map(([v, s, tokens, flags]) => [v, s, ...tokens, ...(v === 'sweep' ? flags.flat() : [])]) },
  { weight: 5, arbitrary: fc.tuple(verb, scenario, fc.array(fc.oneof({ weight: 2, arbitrary: good }, { weight: 1, arbitrary: assignment }), { maxLength: 3 }), fc.array(fc.oneof(goodFlag, flag), { maxLength: 2 })).map(([v, s, tokens, flags]) => [v, s, ...tokens, ...flags.flat()]) },
  { weight: 2, arbitrary: fc.tuple(verb, fc.array(fc.oneof(assignment.map((token) => [token]), flag, scenario.map((token) => [token])), { maxLength: 5 })).map(([v, parts]) => [v, ...parts.flat()]) },
  { weight: 1, arbitrary: fc.array(fc.string({ maxLength: 12 }), { maxLength: 5 }) },
);
