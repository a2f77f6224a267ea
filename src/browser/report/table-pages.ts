/** Long tables by pages of 25 rows; on paper, and without script, they are whole. Spec: R67. */
import { pageText, ROWS_PER_PAGE, rowsOfPage } from './page-rows.ts';

/** Gives long tables their buttons when they come on the screen. */
export function openTables(boxes: readonly HTMLElement[], say: (sentence: string) => void): void {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        openTable(target as HTMLElement, say);
      }
    },
    { rootMargin: '300px' },
  );
  for (const box of boxes) {
    const rows = box.querySelector('tbody')?.rows.length ?? 0;
    if (rows > ROWS_PER_PAGE) observer.observe(box);
  }
}

function openTable(box: HTMLElement, say: (sentence: string) => void): void {
  const rows = [...(box.querySelector('tbody')?.rows ?? [])];
  const caption = box.querySelector('caption')?.textContent ?? '';
  const pager = document.createElement('div');
  pager.className = 'pager';
  pager.setAttribute('role', 'group');
  pager.setAttribute('aria-label', `Rows of ${caption}`);
  const text = document.createElement('span');
  let page = 0;
  let isWhole = false;
  const show = (isSaid: boolean): void => {
    const [from, to] = isWhole ? [0, rows.length] : rowsOfPage(page, rows.length);
    for (const [n, row] of rows.entries()) row.hidden = n < from || n >= to;
    text.textContent = pageText(from, to, rows.length);
    back.disabled = isWhole || from === 0;
    on.disabled = isWhole || to === rows.length;
    all.setAttribute('aria-pressed', String(isWhole));
    if (isSaid) say(`${caption}: ${text.textContent}`);
  };
  const go = (step: number) => (): void => {
    page += step;
    box.scrollTop = 0;
    show(true);
  };
  const back = button('Previous', go(-1));
  const on = button('Next', go(1));
  const all = button('All rows', () => {
    isWhole = !isWhole;
    show(true);
  });
  pager.append(text, back, on, all);
  show(false);
  box.after(pager);
}

function button(words: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.textContent = words;
  made.addEventListener('click', act);
  return made;
}
