/** Exports travel, and what a home directory is called is nobody's business: absolute paths in the
 * fields that hold paths are cut to their last part. Spec: X4. */
import { posix, win32 } from 'node:path';

/** Fields with a path, or with a command line in which paths stand. */
const FIELDS = new Set([
  'file',
  'path',
  'source',
  'replay',
  'replayCommand',
  'catalogue',
  'arrivals',
]);

/** A copy in which no such field holds an absolute path. */
export function withoutPrivatePaths<T>(value: T): T {
  return cleaned(value, '') as T;
}

function cleaned(value: unknown, field: string): unknown {
  if (typeof value === 'string') return FIELDS.has(field) ? withoutFolders(value) : value;
  if (Array.isArray(value)) return value.map((one) => cleaned(one, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, cleaned(inner, key)]),
  );
}

/** Word by word: a command line names several. A path with spaces is a word to its first one. */
function withoutFolders(text: string): string {
  return text
    .split(' ')
    .map((word) => {
      const [, before = '', path = ''] = /^([^/\\]*?=)?(.*)$/.exec(word) ?? [];
      if (posix.isAbsolute(path)) return `${before}${posix.basename(path)}`;
      return /^[A-Za-z]:[\\/]|^\\\\/.test(path) ? `${before}${win32.basename(path)}` : word;
    })
    .join(' ');
}
