// Single programs in sentences: what became of the chosen ones, and what the pictures show.
import { duration } from '../charts/bars.ts';
import { count, fixed } from '../numbers.ts';
import { choose, type Chosen } from '../programs.ts';
import { repeat, repeatCommand, type Repeat } from '../repeat.ts';
import type { Study } from '../study.ts';

const nameOf = ({ sides: [{ program }] }: Chosen): string => `program ${fixed(program.program, 0)}`;

/** `12 s at fcfs and 9 s at atlas`. */
const timesOf = ({ sides }: Chosen): string => {
  const times = sides.map(({ program }) => duration(program.responseS));
  return times.length > 1 && times[0] === times[1] ? `${times[0]} at both` : sides.map(({ setting, program }) => `${duration(program.responseS)}${sides.length > 1 ? ` at ${setting.short}` : ''}`).join(' and ');
};

export function programsFinding(study: Study): string[] {
  const { chosen, other, base } = choose(study)!,
    find = (why: string): Chosen | undefined => chosen.find((one) => one.why.includes(why)),
    median = find('the median'),
    gain = find('the largest gain'),
    loss = find('the largest loss'),
    longest = find('the longest');
  const by = ({ sides: [a, b] }: Chosen): string => duration(Math.abs(a.program.responseS - b.program.responseS));
  return [
    ...(median ? [`The median ${nameOf(median).replace('program', 'program,')}, takes ${timesOf(median)}.`] : []),
    ...(longest ? [`The longest, ${nameOf(longest)}, takes ${timesOf(longest)}.`] : []),
    ...(gain ? [`${nameOf(gain).replace('p', 'P')} gains most from ${other!.name}, ${by(gain)}: ${timesOf(gain)}.`] : other ? [`No program is faster at ${other.name} than at ${base.short}.`] : []),
    ...(loss ? [`${nameOf(loss).replace('p', 'P')} loses most, ${by(loss)}: ${timesOf(loss)}.`] : other ? [`No program is slower at ${other.name} than at ${base.short}.`] : []),
  ];
}

/** Every call of the run under the setting that is not the baseline. */
export function programsRepeats(study: Study): Repeat[] {
  const { base, other } = choose(study)!,
    setting = other ?? base;
  return repeat(`Every call of ${study.settings.length > 1 ? `this run at ${setting.name}` : 'this run'}, program by program:`, repeatCommand(study, setting, 0, '--calls', 'calls.jsonl'));
}

export function programsCaption(study: Study): string[] {
  const { kept, completed, every, other } = choose(study)!, fewest = Math.min(...completed);
  return [
    'Illustration: ',
    `the first replication${other ? ', the same program under both settings, with equal calls, tools and pauses' : ''}; chosen among ${every > 1 ? `${count(kept, 'program')}, ${every === 2 ? 'every second' : `every ${fixed(every, 0)}th`} by number, of the ${fixed(fewest, 0)} that completed` : `the ${count(kept, 'program')} that completed${other ? ' under both' : ''}`}.`,
    'A lane is a branch, the first one the path; the line below it marks the path, an upright line a join, the dashed one the end. The parts of a call stand in the order of its life, not at the moments at which they came.',
  ];
}
