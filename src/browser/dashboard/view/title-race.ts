/** The most played titles: bars that grow, and change places smoothly. */
import { formatCount } from '../../../report/numbers.ts';
import { element, setText } from '../../dom/element.ts';
import { setShare } from '../../dom/live-table.ts';
import { type Moment, panel, type View } from './view.ts';

const TITLES_MAX = 10;
const ROW_PX = 34;

interface Bar {
  readonly item: HTMLElement;
  readonly rank: HTMLElement;
  readonly name: HTMLElement;
  readonly plays: HTMLElement;
  readonly level: HTMLElement;
}

/** Makes it. Each bar says its rank: moving elements in the document would end their motion. */
export function createTitleRace(): View {
  const list = element('ol', { class: 'race' });
  const root = panel('Top titles', list);
  const bars = new Map<string, Bar>();
  return {
    root,
    show({ frame: { topTitles } }: Moment): void {
      const titles = topTitles.slice(0, TITLES_MAX);
      root.hidden = titles.length === 0;
      const most = Math.max(1, ...titles.map(({ plays }) => plays));
      list.style.height = `${titles.length * ROW_PX}px`;
      const ids = new Set(titles.map(({ titleId }) => titleId));
      for (const [id, { item }] of bars) {
        if (ids.has(id)) continue;
        item.remove();
        bars.delete(id);
      }
      for (const [rank, { titleId, name, plays }] of titles.entries()) {
        const bar = bars.get(titleId) ?? makeBar();
        bars.set(titleId, bar);
        setText(bar.rank, `${rank + 1}.`);
        setText(bar.name, name);
        setText(bar.plays, formatCount(plays));
        setShare(bar.level, plays / most);
        bar.item.style.transform = `translateY(${rank * ROW_PX}px)`;
        if (bar.item.parentElement === null) list.append(bar.item);
      }
    },
  };
}

function makeBar(): Bar {
  const rank = element('span', { class: 'rank' });
  const name = element('span', { class: 'name' });
  const plays = element('b');
  const level = element('span', { class: 'level' });
  const meter = element('span', { class: 'meter', 'aria-hidden': 'true' }, level);
  const item = element('li', {}, meter, rank, name, plays);
  return { item, rank, name, plays, level };
}
