// The one Vega-Lite config of all charts: no frame, light grid on the value axis, text at 12 px, no legends.
import { INK } from '../tokens.ts';

const words = { labelColor: INK.muted, labelFontSize: 12, titleColor: INK.muted, titleFontSize: 12, titleFontWeight: 400 };

export const config = {
  aria: false,
  background: 'transparent',
  view: { stroke: null },
  padding: 0,
  locale: { number: { decimal: '.', thousands: '\u202f', grouping: [3], currency: ['', ''] } },
  axis: {
    ...words,
    domain: false,
    ticks: false,
    grid: false,
    gridColor: INK.grid,
    labelPadding: 6,
    titlePadding: 8,
    labelLimit: 220,
    labelOverlap: false,
  },
  axisX: { domain: true, domainColor: INK.axis, ticks: true, tickColor: INK.axis, tickSize: 4, labelPadding: 4, labelFlush: false },
  axisY: { grid: true },
  line: { strokeWidth: 2, strokeCap: 'round', strokeJoin: 'round' },
  point: { size: 44, filled: true, opacity: 1 },
  rect: { opacity: 1 },
  rule: { color: INK.c8, strokeWidth: 1 },
  text: { color: INK.muted, fontSize: 12, align: 'left', baseline: 'middle' },
  area: { opacity: 0.16, line: false },
};
