/** Which rows of a long table stand on a page. Pure. */
import { formatCount } from '../../report/numbers.ts';

/** Rows on a page. */
export const ROWS_PER_PAGE = 25;

/** The first row of a page and the one behind its last, counted from 0. */
export function rowsOfPage(page: number, rowCount: number): readonly [from: number, to: number] {
  const from = Math.min(Math.max(0, page) * ROWS_PER_PAGE, rowCount);
  return [from, Math.min(from + ROWS_PER_PAGE, rowCount)];
}

/** `Rows 26–50 of 120`. */
export function pageText(from: number, to: number, rowCount: number): string {
  return `Rows ${formatCount(from + 1)}–${formatCount(to)} of ${formatCount(rowCount)}`;
}
