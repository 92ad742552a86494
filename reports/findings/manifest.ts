// The manifest as a reader wants it: what was asked, on what, by which tool, and what was checked on the way.
import { count, fixed, plain } from '../numbers.ts';
import type { Study } from '../study.ts';

export interface Entry {
  readonly term: string;
  readonly text: string;
  readonly code?: boolean;
}

/** `21 Nov 2026, 14:02 UTC` from an ISO time, without a clock or a locale. */
export function dateText(iso: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}:\d{2})/.exec(iso);
  const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
  return match ? `${Number(match[3])} ${months[Number(match[2]) - 1] ?? match[2]} ${match[1]}, ${match[4]} UTC` : iso;
}

export function manifestEntries(study: Study): Entry[] {
  const { manifest, replications, summary } = study.input,
    checks = new Map<string, number>(),
    out: Entry[] = [];
  for (const run of replications) for (const [name, times] of Object.entries(run.checks)) checks.set(name, (checks.get(name) ?? 0) + times);
  if (manifest.asked && manifest.asked !== manifest.redo) out.push({ term: 'asked as', text: manifest.asked, code: true });
  out.push({ term: 'scenario', text: `${manifest.scenario}: ${manifest.title}` });
  if (study.baseline)
    out.push({
      term: 'baseline',
      text: `${study.baseline.name}${summary.comparisons.some((c) => c.method === 'paired-t') ? '; common random numbers by replication' : ''}`,
    });
  out.push({ term: 'kind of study', text: `${manifest.study}${study.n.high > 1 ? ', 95\u00a0% Student t over replications' : ''}` });
  out.push({ term: 'seed', text: `“${manifest.seed}”, ${count(manifest.reps, 'replication')} asked of each cell` });
  for (const file of manifest.data)
    out.push({
      term: 'data',
      text: `${file.path}: ${file.format}, ${fixed(file.bytes, 0)} bytes, ${count(file.rowsRead, 'row')} read, ${fixed(file.rowsDropped, 0)} dropped; SHA-256 ${file.sha256.slice(0, 16)}…`,
    });
  const given = Object.entries(manifest.origins).filter(([, origin]) => origin !== 'default');
  if (given.length) out.push({ term: 'not by default', text: given.map(([key, origin]) => `${key} (${origin})`).join(', ') });
  if (checks.size)
    out.push({
      term: 'checked',
      text: [...checks]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, times]) => `${name}, ${fixed(times, 0)} times`)
        .join('; '),
    });
  const events = replications.reduce((sum, r) => sum + r.events, 0);
  if (events) out.push({ term: 'events', text: `${fixed(events, 0)} in ${count(replications.length, 'replication')}` });
  out.push({ term: 'digest', text: manifest.digest, code: true });
  out.push({ term: 'tool', text: `${/^\d/.test(manifest.tool) ? `schedlab ${manifest.tool}` : manifest.tool}, Node ${manifest.node}` });
  out.push({
    term: 'took',
    text: `${plain(Number(manifest.wall.durationS.toPrecision(3)))}\u00a0s on ${count(manifest.wall.workers, 'worker')}, ${dateText(manifest.wall.startedAt)}`,
  });
  return out;
}
