/** When a document has no traces to export, and what to do about it. */
import type { ExportableDocument } from '../export-format.ts';

/** Why there are none; null where there are some. */
export function traceRefusal(document: ExportableDocument): string | null {
  if (document.schema !== 'backlot.run/1') {
    return 'only runs keep pages as traces; run one replication of the scenario and export that';
  }
  if (document.architectures.every(({ traces }) => traces === undefined)) {
    return 'it keeps no traces, like documents of before; run its scenario again and export that';
  }
  const pages = document.architectures.reduce(
    (sum, one) => sum + (one.traces?.pages.length ?? 0),
    0,
  );
  return pages > 0 ? null : 'no page of it ended, so that there is nothing to trace';
}
