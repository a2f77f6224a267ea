/** A command to be copied, reached by keyboard where it is wider than the page. */
import { escapeHtml } from './escape.ts';

/** The block. @param name - What a screen reader calls it. */
export function commandBlock(command: string, name = 'Command'): string {
  const label = escapeHtml(name);
  const code = `<code>${escapeHtml(command)}</code>`;
  return `<pre tabindex="0" role="group" aria-label="${label}">${code}</pre>`;
}
