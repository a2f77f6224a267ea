/** A table whose rows have keys: what stays is updated in place, so that neither the reader's place
 * nor the focus is lost. */
import { element, setText } from './element.ts';

/** A cell: text, and where there is a meter its share, 0–1. */
export type LiveCell = string | { readonly text: string; readonly meter: number };

/** A row; its first cell names it. */
export interface LiveRow {
  readonly key: string;
  readonly cells: readonly LiveCell[];
}

interface ShownRow {
  readonly row: HTMLTableRowElement;
  readonly cells: readonly {
    readonly text: HTMLElement;
    readonly meter: HTMLElement | undefined;
  }[];
}

/** The table, in a box that scrolls. */
export class LiveTable {
  readonly root: HTMLElement;
  readonly #body = element('tbody');
  readonly #rows = new Map<string, ShownRow>();

  constructor(caption: string, columns: readonly string[]) {
    const heads = columns.map((name) => element('th', { scope: 'col' }, name));
    this.root = element(
      'div',
      { class: 'scroll', tabindex: 0, role: 'group', 'aria-label': caption },
      element(
        'table',
        {},
        element('caption', {}, caption),
        element('thead', {}, element('tr', {}, ...heads)),
        this.#body,
      ),
    );
  }

  /** Shows these rows in this order. */
  show(rows: readonly LiveRow[]): void {
    const keys = new Set(rows.map(({ key }) => key));
    for (const [key, { row }] of this.#rows) {
      if (keys.has(key)) continue;
      row.remove();
      this.#rows.delete(key);
    }
    let before: Element | null = this.#body.firstElementChild;
    for (const row of rows) {
      const shown = this.#rows.get(row.key) ?? this.#add(row);
      update(shown, row);
      if (shown.row === before) before = before.nextElementSibling;
      else this.#body.insertBefore(shown.row, before);
    }
  }

  #add({ key, cells }: LiveRow): ShownRow {
    const made = cells.map((cell, n) => {
      const text = element('span');
      const meter = typeof cell === 'string' ? undefined : element('span', { class: 'level' });
      const box = element(n === 0 ? 'th' : 'td', n === 0 ? { scope: 'row' } : {}, text);
      if (meter !== undefined) {
        box.append(element('span', { class: 'meter', 'aria-hidden': 'true' }, meter));
      }
      return { box, text, meter };
    });
    const row = element('tr', {}, ...made.map(({ box }) => box));
    const shown = { row, cells: made };
    this.#rows.set(key, shown);
    return shown;
  }
}

function update(shown: ShownRow, { cells }: LiveRow): void {
  for (const [n, cell] of cells.entries()) {
    const { text, meter } = shown.cells[n] ?? {};
    if (text !== undefined) setText(text, typeof cell === 'string' ? cell : cell.text);
    if (meter !== undefined && typeof cell !== 'string') setShare(meter, cell.meter);
  }
}

/** Fills a meter's level. */
export function setShare(level: HTMLElement, share: number): void {
  const width = `${(100 * Math.min(1, Math.max(0, share))).toFixed(1)}%`;
  if (level.style.width !== width) level.style.width = width;
}
