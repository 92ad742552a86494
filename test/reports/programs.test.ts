// Programs in the report: where their time goes, which of them are drawn, and on which lanes.
import { describe, expect, it } from 'vitest';
import { paths } from '../../reports/charts/paths.ts';
import { programs } from '../../reports/charts/programs.ts';
import { choose, lanesOf, pathUs } from '../../reports/programs.ts';
import { PATH_PARTS } from '../../reports/paths.ts';
import { render } from '../../reports/svg.ts';
import { PATH_PARTS as MEASURED, pathMetric } from '../../sim/measure/path-parts.ts';
import type { ProgramPicture, ProgramPictures } from '../../sim/results.ts';
import { craft, said, type Crafted } from './craft.ts';

const GATE = MEASURED.indexOf('gate'), DECODE = MEASURED.indexOf('decode'), TOOL = MEASURED.indexOf('tool');
/** A call, a tool beside another call, and a call after both: the path goes through the tool. */
const picture = (program: number, gateS: number): ProgramPicture => ({
  program, class: 'all', arrivalS: 0, responseS: 4 + gateS, aloneS: 4, tokens: 30, path: [0, 1, 3],
  nodes: [[0, 1, 0, [], [DECODE, 1e6]], [1, 1, 1e6, [0], [TOOL, 2e6]], [0, 1, 1e6, [0], [DECODE, 5e5]], [0, 1, 3e6, [1, 2], [GATE, gateS * 1e6, DECODE, 1e6]]],
});
const pictures = (of: readonly (readonly [number, number])[]): ProgramPictures => ({ parts: MEASURED, completed: of.length, every: 1, tooLarge: 0, programs: of.map(([program, gateS]) => picture(program, gateS)) });
const shares = (gate: readonly number[]): Crafted['metrics'] => ({ 'program_time.mean': gate.map((g) => 4 / (1 - g)), ...Object.fromEntries(MEASURED.map((part) => [pathMetric(part), gate.map((g) => (part === 'gate' ? g : part === 'decode' ? 1 - g : 0))])) });
const study = (gate: readonly number[], programsOf?: readonly ProgramPictures[], more: Crafted['metrics'] = {}) => craft({
  cells: gate.length === 1 ? [{}] : gate.map((_, i) => ({ policy: ['fcfs', 'atlas'][i]! })), n: 1, metrics: { ...shares(gate), ...more },
  path: gate.map((g) => ({ programs: 10, seconds: { gate: 40 * (g / (1 - g)), decode: 40 } })), ...(programsOf ? { programs: programsOf } : {}),
});

describe('where the time of programs goes', () => {
  it('has a word for every part that is measured', () => expect(PATH_PARTS.map((p) => [p.name, p.metric]).sort()).toEqual(MEASURED.map((name) => [name, pathMetric(name)]).sort()));

  it('is told part by part of a single run', () => expect(said(paths.finding(study([0.2])))).toBe('80 % of the time of a program is decode and 20 % gate.'));

  it('is told against the baseline: what grew, what shrank, and what was wasted', () => {
    const text = said(paths.finding(study([0.4, 0.2], undefined, { wasted_share: [0, 0.05], attempts_lost: [0, 3] })));
    expect(text).toBe('Of the time of a program, decode takes most in every setting: 60 % (fcfs) to 80 % (atlas). At atlas a program takes 1.67 s less than at fcfs (5.00 s, not 6.67 s): gate shrinks by 1.67 s. 5 % of the tokens produced served nobody at atlas, the most, with 3 lost attempts a replication.');
  });
});

describe('single programs', () => {
  it('are the median, the 95th percentile, the largest gain and the largest loss, each drawn once', () => {
    const found = choose(study([0.5, 0.2], [pictures([[0, 1], [1, 5], [2, 2], [3, 3], [4, 9]]), pictures([[0, 2], [1, 1], [2, 2], [3, 2.5]])]))!;
    expect(found.chosen.map(({ why, sides }) => [why, sides.map((s) => s.program.responseS)])).toEqual([[['the median'], [6, 6]], [['the 95th percentile', 'the largest gain'], [9, 5]], [['the largest loss'], [5, 6]]]);
    expect(found.kept).toBe(4);
  });

  it('lie on a lane a branch, the path on the first; what follows a branch stays on it', () => {
    expect(lanesOf(picture(0, 1))).toEqual([0, 0, 1, 0]);
    expect(lanesOf({ ...picture(0, 0), path: [0, 2, 5], nodes: [[], [0], [0], [1], [2], [3, 4]].map((parents) => [0, 1, 0, parents, []]) })).toEqual([0, 1, 0, 1, 2, 0]);
  });

  it('have parts along the path that add up to the response', () => {
    const us = pathUs({ ...picture(0, 1), responseS: 5.5 }, MEASURED);
    expect(us.reduce((a, b) => a + b, 0)).toBe(5.5e6);
    expect(us[MEASURED.indexOf('siblings')]).toBe(5e5);
  });

  it('are told, drawn and tabled under both settings', async () => {
    const of = study([0.5, 0.2], [pictures([[0, 1], [1, 5], [2, 2]]), pictures([[0, 2], [1, 1], [2, 2]])]), panels = programs.panels(of);
    expect(said(programs.finding(of))).toBe('The median program, 2, takes 6.00 s at both. Program 1 gains most from atlas, 4.00 s: 9.00 s at fcfs and 5.00 s at atlas. Program 0 loses most, 1.00 s: 5.00 s at fcfs and 6.00 s at atlas.');
    expect(panels.length).toBe(3);
    expect(programs.table(of).rows.length).toBe(6);
    const { svg } = await render('programs-1-n', panels[1]!.build({ width: 328, narrow: true, first: true }), panels[1]!.label, 328);
    expect(svg).toContain('the largest gain');
    expect(svg).toContain('var(--s2,');
  });
});
