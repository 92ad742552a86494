// Sessions under shared system prompts: who asks when, what is found in the cache, and that load yields.
import { describe, expect, it } from 'vitest';
import type { CallLine } from '../../sim/results.ts';
import { play } from '../worlds/scripted-model.ts';
import { scenarioModel } from './setup.ts';

const linesOf = async (given: Readonly<Record<string, number | string>>): Promise<CallLine[]> => { const lines: CallLine[] = []; await play(scenarioModel('prefix-sessions', { engine: 'constant:stepMs=5', groups: 3, usersPerGroup: 4, requests: 100, ...given }), { callLine: (line) => { lines.push(line); } }); return lines; };

describe('prefix-sessions', () => {
  it('deals the requests out evenly, and a session asks again sessions ÷ rate seconds after each answer', async () => {
    const lines = await linesOf({ rate: 6 }), of = new Map<string, CallLine[]>();
    for (const line of lines) of.set(line.agent!, [...(of.get(line.agent!) ?? []), line]);
    expect([lines.length, ...[...of.values()].map((all) => all.length).sort()]).toEqual([100, 8, 8, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9]);
    for (const all of of.values()) for (const [i, line] of all.sort((a, b) => a.arrival - b.arrival).entries()) if (i > 0) expect(line.arrival).toBeCloseTo(all[i - 1].finished! + 2, 6);
  });

  it('finds the whole blocks of a system prompt once a group has asked', async () => {
    const lines = await linesOf({ systemPrompt: 100, question: 50 });
    expect(lines.filter((line) => line.cached_tokens === 0).length).toBe(3);
    expect(lines.filter((line) => line.cached_tokens === 96).length).toBe(97);
  });

  it('takes exactly as long as alone where a session is alone, its system prompt being in the cache from its second request on', async () => {
    const { metrics } = await play(scenarioModel('prefix-sessions', { requests: 6, groups: 1, usersPerGroup: 1, systemPrompt: 3000 }));
    expect(metrics).toMatchObject({ 'slowdown.mean': 1, 'slowdown.p99': 1 });
    expect(metrics['hit_share']).toBeCloseTo((5 * 2992) / (6 * 3447), 9);
  });

  it('gives equal results through both shells', async () => {
    const model = scenarioModel('prefix-sessions', { requests: 300, engines: 2 }), [event, promise] = [await play(model), await play(model, { shell: 'promise' })];
    expect([promise.orderDigest, promise.resultDigest]).toEqual([event.orderDigest, event.resultDigest]);
  });

  it('refuses slots, which have no cache', () => { expect(() => scenarioModel('prefix-sessions', { engine: 'slots:4' })).toThrow(/no cache in which a prefix could be found/); });
});
