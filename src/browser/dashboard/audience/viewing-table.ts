/** The way to a play, and how plays go. */
import type { LiveAudience } from '../../../domain/live/live-audience.ts';
import { formatCount, formatNumber, formatShare } from '../../../report/numbers.ts';
import { element, setText } from '../../dom/element.ts';
import { LiveTable } from '../../dom/live-table.ts';
import { type Moment, panel, type View } from '../view/view.ts';

const STEPS = [
  ['home', 'home pages'],
  ['title', 'pages of titles'],
  ['playClicked', 'clicks on play'],
  ['playing', 'plays'],
] as const;

/** Makes it; hidden where nobody looks at what viewers do. */
export function createViewingTable(): View {
  const table = new LiveTable('Events on the way to a play, of all viewers so far', [
    'step',
    'events',
    'of the step before',
  ]);
  const list = element('dl', { class: 'figures' });
  const root = panel('Viewing', list, table.root);
  const values = new Map<string, HTMLElement>();
  return {
    root,
    show({ frame: { audience } }: Moment): void {
      root.hidden = audience === undefined;
      if (audience === undefined) return;
      for (const [name, text] of qualityOf(audience)) {
        let value = values.get(name);
        if (value === undefined) {
          value = element('dd', { 'data-figure': name });
          values.set(name, value);
          list.append(element('div', {}, element('dt', {}, name), value));
        }
        setText(value, text);
      }
      table.show(stepsOf(audience));
    },
  };
}

function stepsOf({ funnel }: LiveAudience) {
  const most = Math.max(1, ...Object.values(funnel));
  return STEPS.map(([key, words], i) => {
    const events = funnel[key];
    const [before] = STEPS[i - 1] ?? [];
    const whole = before === undefined ? 0 : funnel[before];
    return {
      key,
      cells: [
        words,
        { text: formatCount(events), meter: events / most },
        whole === 0 ? '–' : formatShare(events / whole),
      ],
    };
  });
}

function qualityOf({ quality }: LiveAudience): readonly (readonly [string, string])[] {
  const { meanStartSeconds, stalledShare } = quality;
  return [
    ['starts', formatCount(quality.starts)],
    ['mean start', meanStartSeconds === null ? '–' : `${formatNumber(meanStartSeconds)} s`],
    ['start failures', formatCount(quality.startFailures)],
    ['play failures', formatCount(quality.playFailures)],
    ['stalled', stalledShare === null ? '–' : formatShare(stalledShare)],
  ];
}
