/** What people search for: the text of search fields, once they pause or finish. Fields that are
 * masked, and every other kind of field, are never read. Spec: B29. */
import type { CaptureContext, Watcher } from './capture-context.ts';
import { elementOf, isMasked, isWithin } from './element-reader.ts';

const FIELDS = 'input[type=search],input[role=searchbox],input[data-backlot-search]';
const SECRET = 'input[type=password],input[autocomplete^=cc-]';
const SETTLES_MS = 1_000;
const QUERY_MAX = 256;
const readValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.get;

/** Watches searches. */
export function watchSearch({ win, capture, listen, later }: CaptureContext): Watcher {
  let told = '';
  let callOff: (() => void) | undefined;
  let field: HTMLInputElement | undefined;
  const tell = () => {
    callOff?.();
    callOff = undefined;
    if (field === undefined) return;
    const query = String(readValue?.call(field) ?? '')
      .trim()
      .slice(0, QUERY_MAX);
    field = undefined;
    if (query === told) return;
    told = query;
    if (query !== '') capture('ui.search', { query });
  };
  const fieldOf = (event: Event) => {
    const element = event.isTrusted ? elementOf(event) : undefined;
    if (!(element instanceof HTMLInputElement) || isMasked(element)) return undefined;
    return isWithin(element, FIELDS) && !isWithin(element, SECRET) ? element : undefined;
  };
  listen(win.document, 'input', (event) => {
    const found = fieldOf(event);
    if (found === undefined) return;
    field = found;
    callOff?.();
    callOff = later(SETTLES_MS, tell);
  });
  listen(win.document, 'change', (event) => {
    field = fieldOf(event) ?? field;
    tell();
  });
  return { pageEnds: tell, leaving: tell };
}
