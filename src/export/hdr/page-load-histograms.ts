/** The page-load histograms that a result kept: of each subject as a whole, and by page. */
import type { HistogramCounts } from '../../stats/histogram-counts.ts';
import type { ExportableDocument, ExportSources } from '../export-format.ts';

/** One histogram, µs. */
export interface PageLoadHistogram {
  readonly subject: string;
  /** Null: all pages. */
  readonly page: string | null;
  readonly counts: HistogramCounts;
}

/** All of a run's histograms, in the order of its document; none where none were kept. */
export function pageLoadHistograms(
  document: ExportableDocument,
  sources: ExportSources,
): readonly PageLoadHistogram[] {
  if (document.schema !== 'backlot.run/1') return [];
  return document.architectures.flatMap(({ name: subject }) => {
    const found = sources.histograms(subject);
    if (found === undefined) return [];
    return [
      { subject, page: null, counts: found.pageLoadTime },
      ...found.byPage.map(({ page, pageLoadTime }) => ({ subject, page, counts: pageLoadTime })),
    ];
  });
}
