// Ten million calls in one run: how much memory it takes and how long. `node dist/bench/scale.js [CALLS [LOAD]]`; exit code 1 above one GiB.
import { SCENARIOS } from '../scenarios/index.ts';
import { BALANCERS, POLICIES } from '../src/index.ts';
import { resolveOptions } from '../src/options.ts';
import type { ReplicationRecord } from '../sim/results.ts';
import { runReplication } from '../sim/worlds/virtual.ts';

const LIMIT_BYTES = 2 ** 30;
const calls = Number(process.argv[2] ?? 10_000_000), load = Number(process.argv[3] ?? 0.9);
const scenario = SCENARIOS['queueing'], params = resolveOptions(scenario.params, { calls, load, servers: 8, agents: 100 }, scenario.name), policy = POLICIES['fcfs'], balancer = BALANCERS['round-robin'];
const model = scenario.setup({ params, data: {}, policy, policyOptions: resolveOptions(policy.params, {}, policy.name), balancer, balancerOptions: resolveOptions(balancer.params, {}, balancer.name) });

const began = performance.now(), before = process.cpuUsage();
const record = runReplication(model, { seed: 'scale', replication: 0, shell: 'event', params, cell: 'scale' }) as ReplicationRecord;
const used = process.cpuUsage(before), cpuS = (used.user + used.system) / 1e6, peakBytes = process.resourceUsage().maxRSS * 1024;
if (record.metrics['completed'] !== calls) throw new Error(`${calls} calls were asked for, ${record.metrics['completed']} completed`);

console.log(`${calls.toLocaleString('en')} calls in ${((performance.now() - began) / 1000).toFixed(1)} s (${(2 * calls / cpuS / 1e6).toFixed(2)} M events per CPU second), peak ${(peakBytes / 2 ** 20).toFixed(0)} MiB resident, mean wait ${record.metrics['wait.mean']!.toFixed(4)} s`);
if (peakBytes > LIMIT_BYTES) { console.log('more than one GiB'); process.exitCode = 1; }
