/** Hostile text made inert: names come from catalogues, scenarios and log files. */

/** Control characters and those that turn the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF\uFFFE\uFFFF]+/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** One line of printable text, for the terminal and for chart labels. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, ' ').trim();
}

/** Text for an HTML or SVG text node or a quoted attribute. */
export function escapeHtml(text: string): string {
  return printable(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Text on at most three lines of `length` characters, broken behind a space or a hyphen where
 * there is one; what does not fit is cut with an ellipsis. */
export function shortLines(text: string, length: number, linesMax = 3): readonly string[] {
  const characters = [...printable(text)];
  if (linesMax === 1 || characters.length <= length) return [shortened(text, length)];
  const first = characters.slice(0, length);
  const breakAt = Math.max(first.lastIndexOf(' '), first.lastIndexOf('-')) + 1;
  const at = breakAt > length / 3 ? breakAt : length;
  const rest = characters.slice(at).join('');
  const line = characters.slice(0, at).join('').trimEnd();
  return [line, ...shortLines(rest, length, linesMax - 1)];
}

/** Text cut to `length` characters with an ellipsis. */
export function shortened(text: string, length: number): string {
  const characters = [...printable(text)];
  if (characters.length <= length) return characters.join('');
  return `${characters
    .slice(0, length - 1)
    .join('')
    .trimEnd()}…`;
}
