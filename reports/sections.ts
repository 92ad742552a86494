// From charts to sections: every chart that applies is rendered at both widths, with its sentences and its table.
import { CHARTS } from './charts/index.ts';
import { NARROW, WIDE, type Chart } from './charts/chart.ts';
import { levelled } from './charts/parts.ts';
import { liveSpec } from './live.ts';
import type { Repeat } from './repeat.ts';
import { render, type Spec } from './svg.ts';
import type { Study } from './study.ts';
import type { Table } from './table.ts';

export interface Drawn {
  readonly svg: string;
  readonly live: unknown;
}
export interface Section {
  readonly id: string;
  readonly question: string;
  readonly short: string;
  readonly finding: readonly string[];
  readonly repeats: readonly Repeat[];
  readonly caption: readonly string[];
  readonly marks: boolean;
  readonly abreast: 1 | 2 | 3;
  readonly table: Table;
  readonly panels: readonly { readonly name: string; readonly wide: Drawn; readonly narrow: Drawn }[];
}

async function sectionOf(chart: Chart, study: Study): Promise<Section> {
  const abreast = chart.abreast(study),
    all = chart.panels(study),
    panels = [];
  const wides = all.map((panel, index) => panel.build({ width: WIDE[abreast], narrow: false, first: index % abreast === 0 }));
  for (const [index, panel] of all.entries()) {
    const name = `${chart.id}-${index}`,
      from = index - (index % abreast),
      at = async (spec: Spec, width: number, letter: string): Promise<Drawn> => {
        const drawn = await render(`${name}-${letter}`, spec, panel.label, width);
        return { svg: drawn.svg, live: liveSpec(drawn.spec) };
      };
    panels.push({
      name,
      wide: await at(levelled(wides.slice(from, from + abreast))[index - from], WIDE[abreast], 'w'),
      narrow: await at(panel.build({ width: NARROW, narrow: true, first: index % abreast === 0 }), NARROW, 'n'),
    });
  }
  return {
    id: chart.id,
    question: chart.question(study),
    short: chart.short,
    finding: chart.finding(study),
    repeats: chart.repeats?.(study) ?? [],
    caption: chart.caption(study),
    marks: chart.verdictMarks === true,
    abreast,
    table: chart.table(study),
    panels,
  };
}

/** One chart after the other: Vega numbers its clip paths for the whole process. */
export async function sectionsOf(study: Study): Promise<Section[]> {
  const out: Section[] = [];
  for (const chart of CHARTS) if (chart.applies(study)) out.push(await sectionOf(chart, study));
  return out;
}
