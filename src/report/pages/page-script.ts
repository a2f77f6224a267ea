/** The script that reports carry, with the hash by which their policy lets it run. */
import { createHash } from 'node:crypto';
import { browserBundle } from '../../experiment/io/browser-bundle.ts';
import type { PageScript } from '../html/page-shell.ts';

/** The bundle of the report as a page may hold it.
 * @throws EngineError `INPUT_UNREADABLE` where nothing was built. */
export function reportScript(): PageScript {
  const text = withinElement(browserBundle('report'));
  return { text, hash: `sha256-${createHash('sha256').update(text).digest('base64')}` };
}

/** Keeps the text from ending its element: in strings and patterns of JavaScript, where alone a
 * bundle has these characters, a backslash before them says the same. A parser of HTML reads every
 * kind of line end as a line feed, and the hash is of what it reads. */
export function withinElement(script: string): string {
  return script
    .replace(/<(?=\/script|script)/gi, '\\x3C')
    .replaceAll('<!--', '\\x3C!--')
    .replace(/\r\n?/g, '\n')
    .trim();
}
