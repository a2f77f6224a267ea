/** The clickstream on its way: a funnel from capture to warehouse, partitions, and what was lost,
 * late or refused, with its reason. */
import type { LivePipeline } from '../../../domain/live/live-frame.ts';
import { formatCount, formatNumber, formatShare } from '../../../report/numbers.ts';
import { element, setText } from '../../dom/element.ts';
import { type LiveRow, LiveTable, setShare } from '../../dom/live-table.ts';
import type { FrameRates } from '../model/frame-history.ts';
import { hasClickstream, type Moment, panel, type View } from './view.ts';

const US_PER_SEC = 1_000_000;

/** Makes it. */
export function createPipelineView(): View {
  const funnel = new Funnel();
  const counts = new LiveTable('Events of the pipeline so far', ['what', 'number']);
  const partitions = new LiveTable('Unread by partition of the log', ['partition', 'unread']);
  const root = panel(
    'Pipeline',
    funnel.root,
    element('div', { class: 'beside' }, counts.root, partitions.root),
  );
  return {
    root,
    show(moment: Moment): void {
      const { frame, history } = moment;
      const { pipeline } = frame;
      root.hidden = !hasClickstream(moment);
      funnel.show(pipeline, history.rates);
      counts.show(countRows(pipeline));
      const most = Math.max(1, ...pipeline.unreadByPartition);
      partitions.root.hidden = pipeline.unreadByPartition.length === 0;
      partitions.show(
        pipeline.unreadByPartition.map((unread, n) => ({
          key: String(n),
          cells: [String(n), { text: formatCount(unread), meter: unread / most }],
        })),
      );
    },
  };
}

class Funnel {
  readonly root = element('ol', { class: 'funnel' });
  readonly #stages = ['captured', 'accepted', 'stored'].map((name) => {
    const count = element('b', { 'data-stage': name });
    const rate = element('span', { class: 'note' });
    const level = element('span', { class: 'level' });
    const meter = element('span', { class: 'meter', 'aria-hidden': 'true' }, level);
    const item = element('li', {}, element('span', {}, name), count, rate, meter);
    this.root.append(item);
    return { item, count, rate, level };
  });

  show({ captured, accepted, stored }: LivePipeline, rates: FrameRates): void {
    const counts = [captured, accepted, stored];
    const perSec = [rates.capturedPerSec, rates.acceptedPerSec, rates.storedPerSec];
    const most = Math.max(1, captured ?? 0, accepted, stored);
    for (const [n, { item, count, rate, level }] of this.#stages.entries()) {
      const value = counts[n] ?? null;
      item.hidden = value === null;
      setText(count, formatCount(value));
      setText(rate, `${formatNumber(perSec[n])}/s · ${formatShare((value ?? 0) / most)}`);
      setShare(level, (value ?? 0) / most);
    }
  }
}

function countRows(pipeline: LivePipeline): LiveRow[] {
  const rows: [string, string][] = [
    ['unread in the log', formatCount(pipeline.unread)],
    ['watermark behind now', secondsText(pipeline.watermarkLagUs)],
    ['age of the newest stored', secondsText(pipeline.freshnessUs)],
    ['late', formatCount(pipeline.lateEvents)],
    ['duplicates', formatCount(pipeline.duplicates)],
    ['bad rows', formatCount(pipeline.badRows)],
  ];
  const dropped = Object.entries(pipeline.dropped).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [reason, count] of dropped) rows.push([`dropped: ${reason}`, formatCount(count)]);
  return rows.map(([what, number]) => ({ key: what, cells: [what, number] }));
}

function secondsText(timeUs: number | null): string {
  return timeUs === null ? 'none yet' : `${formatNumber(timeUs / US_PER_SEC)} s`;
}
