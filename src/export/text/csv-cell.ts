/** Cells of CSV: RFC 4180, and no formula. A spreadsheet takes a text that begins with `=`, `+`,
 * `-`, `@` or a control character for something to compute; a quote before it makes it text again.
 * Source: OWASP ASVS 1.2.10, CSV injection. */

const STARTS_FORMULA = /^[=+\-@\t\r\0]/;
/** Nobody reads them in a table, and a terminal obeys them. */
const NOT_TO_BE_SEEN = /(?![\t\r\n])[\p{Cc}\p{Cs}]/gu;
const NEEDS_QUOTES = /[",\r\n]/;

/** A cell. Numbers stay as they are: what was computed here is no formula.
 * @param value - Null and undefined are empty cells. */
export function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const guarded = STARTS_FORMULA.test(value) ? `'${value}` : value;
  const safe = guarded.replaceAll(NOT_TO_BE_SEEN, '\uFFFD');
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A record with its line break, which is CR LF. */
export function csvRecord(cells: readonly (string | number | null | undefined)[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}
