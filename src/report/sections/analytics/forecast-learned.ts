/** The section of the load that a warehouse foretells: the next season with its interval, and how
 * good such forecasts were. */
import type { LearnDocument } from '../../../experiment/learn/learn-document.ts';
import type { LearnedLoad } from '../../../experiment/learn/load.ts';
import { type Panel, renderPanels } from '../../charts/panel.ts';
import { xyChart } from '../../charts/xy-chart.ts';
import { escapeHtml } from '../../html/escape.ts';
import type { Section } from '../../html/page-shell.ts';
import { formatCount, formatNumber } from '../../numbers.ts';
import { ACCURACY_WORDS, accuracyTable } from './forecast-accuracy.ts';

/** Nothing of documents of before; a reason where there is no load. */
export function learnedLoadSections({ load, loadMissing }: LearnDocument): readonly Section[] {
  if (load === undefined) return [];
  const body =
    load === null
      ? `<p class="note">Nothing can be foretold: ${escapeHtml(loadMissing ?? 'unknown')}.</p>`
      : loadBody(load);
  return [{ id: 'load-to-come', heading: 'Load to come', body }];
}

function loadBody(load: LearnedLoad): string {
  const { buckets, kind, seasonLength, fallback, model } = load;
  const season = seasonLength === 1 ? 'no season' : `a season of ${seasonLength} buckets`;
  const why = fallback === null ? '' : ` (${fallback})`;
  return `<p>Of ${formatCount(buckets)} buckets of ${escapeHtml(kind)}, with ${season}:
${escapeHtml(model)}${escapeHtml(why)}. The interval is to hold 90 % of the buckets.</p>
${renderPanels([panelOf(load)])}
${accuracyTable('A season ahead, by rolling origin on this history', [
  { name: model, accuracy: load.accuracy },
  { name: 'seasonal naive', accuracy: load.naiveAccuracy },
])}
<p class="note">${ACCURACY_WORDS}</p>`;
}

function panelOf({ kind, mean, low, high, bucketSeconds }: LearnedLoad): Panel {
  const unit = bucketSeconds === 3_600 ? 'hours' : 'minutes';
  const points = mean.map((y, i) => ({ x: i + 1, y }));
  const bounds = points.map(({ x }, i) => ({ x, low: low[i] ?? 0, high: high[i] ?? 0 }));
  return xyChart({
    id: 'load-to-come-0',
    heading: `${kind} to come`,
    subheading: 'Mean, and the ends of the 90 % interval',
    xName: `${unit} ahead`,
    yName: `${kind} a bucket`,
    origin: { x: 'values', y: 'zero' },
    series: [{ name: 'forecast', look: 0, isJoined: true, symbolEvery: 6, points, bounds }],
    table: {
      caption: `${kind} to come`,
      columns: [`${unit} ahead`, 'Mean', '5 %', '95 %'],
      rows: points.map(({ x, y }, i) => [
        String(x),
        formatNumber(y),
        formatNumber(low[i]),
        formatNumber(high[i]),
      ]),
    },
  });
}
