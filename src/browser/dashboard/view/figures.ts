/** The numbers of this moment, and the lights of the objectives: symbol, word and colour. */
import type { LiveFrame } from '../../../domain/live/live-frame.ts';
import { formatCount, formatNumber, formatShare } from '../../../report/numbers.ts';
import { element, setAttributes, setText } from '../../dom/element.ts';
import type { FrameRates } from '../model/frame-history.ts';
import { type Moment, panel, type View } from './view.ts';

const LIGHTS = {
  holds: { symbol: '✓', word: 'holds' },
  missed: { symbol: '✕', word: 'missed' },
  unknown: { symbol: '?', word: 'not known yet' },
} as const;

/** The numbers. */
export function createFigures(): View {
  const list = element('dl', { class: 'figures' });
  const values = new Map<string, HTMLElement>();
  const root = panel('Now', list);
  return {
    root,
    show({ frame, history }: Moment): void {
      const figures = figuresOf(frame, history.rates);
      root.hidden = figures.length === 0;
      for (const [name, text] of figures) {
        let value = values.get(name);
        if (value === undefined) {
          value = element('dd', { 'data-figure': name });
          values.set(name, value);
          list.append(element('div', {}, element('dt', {}, name), value));
        }
        setText(value, text);
      }
    },
  };
}

function figuresOf(frame: LiveFrame, rates: FrameRates): (readonly [string, string])[] {
  const { pages, viewers } = frame;
  const rows: [string, string][] = [];
  if (viewers !== null) rows.push(['viewers', formatCount(viewers)]);
  if (pages === null) return rows;
  const ended = pages.shown + pages.failed;
  rows.push(
    ['pages/s', formatNumber(rates.pagesPerSec)],
    ['failed/s', formatNumber(rates.failedPerSec)],
    ['pages asked', formatCount(pages.asked)],
    ['shown', formatCount(pages.shown)],
    ['failed', formatCount(pages.failed)],
    ['failed share', ended === 0 ? '–' : formatShare(pages.failed / ended)],
    ['open', formatCount(pages.open)],
    ['p50', msText(pages.p50Ms)],
    ['p95', msText(pages.p95Ms)],
    ['p99', msText(pages.p99Ms)],
  );
  return rows;
}

function msText(ms: number | null): string {
  return ms === null ? '–' : `${formatNumber(ms)} ms`;
}

/** The lights. */
export function createObjectives(): View {
  const list = element('ul', { class: 'lights' });
  const root = panel('Objectives', list);
  const lights: { item: HTMLElement; symbol: HTMLElement; word: HTMLElement; text: HTMLElement }[] =
    [];
  return {
    root,
    show({ frame: { objectives } }: Moment): void {
      root.hidden = objectives.length === 0;
      for (const { item } of lights.splice(objectives.length)) item.remove();
      for (const [n, { text, state, value }] of objectives.entries()) {
        lights[n] ??= makeLight(list);
        const { item, symbol, word, text: words } = lights[n];
        setAttributes(item, { 'data-state': state });
        setText(symbol, LIGHTS[state].symbol);
        setText(word, `${LIGHTS[state].word}${value === '' ? '' : `: ${value}`}`);
        setText(words, text);
      }
    },
  };
}

function makeLight(list: HTMLElement) {
  const symbol = element('span', { class: 'light', 'aria-hidden': 'true' });
  const word = element('b');
  const text = element('span', { class: 'note' });
  const item = element('li', {}, symbol, element('span', {}, word, element('br'), text));
  list.append(item);
  return { item, symbol, word, text };
}
