/** Page-load times as a histogram log of HdrHistogram, version 1.3: one interval a subject and
 * page, told apart by tags. Values are ns, as its tools expect: they print ms. Spec: X40–X42. */
import type { HistogramCounts } from '../../stats/histogram-counts.ts';
import type { ExportFormat } from '../export-format.ts';
import { encodeHdr } from '../hdr/hdr-encoding.ts';
import { pageLoadHistograms } from '../hdr/page-load-histograms.ts';
import { timesOf } from '../metrics/samples-of.ts';

const NS_PER_US = 1_000;
/** HdrHistogram's `maxValueUnitRatio`: the log tells the largest value in ms. */
const NS_PER_MS = 1e6;
const SIGNIFICANT_DIGITS = 3;

/** For HistogramLogProcessor, HdrHistogram's plotter and every port of HdrHistogram. */
export const HDR: ExportFormat = {
  name: 'hdr',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'hlog',
  refusal(document, sources) {
    if (document.schema !== 'backlot.run/1') {
      return 'only runs keep page-load times in full; export one of its runs';
    }
    if (pageLoadHistograms(document, sources).length > 0) return null;
    return (
      'there is no histograms-<name>.json beside it; give the directory of the result, and if ' +
      'it is of an earlier version, run the scenario again'
    );
  },
  render(document, sources) {
    const times = timesOf(document) ?? { startMs: 0, endMs: 0 };
    const start = (times.startMs / 1_000).toFixed(3);
    const length = ((times.endMs - times.startMs) / 1_000).toFixed(3);
    const lines = pageLoadHistograms(document, sources).map(({ subject, page, counts }) => {
      const inNs = scaled(counts, NS_PER_US);
      const max = ((inNs.values.at(-1) ?? 0) / NS_PER_MS).toFixed(3);
      const tag = tagText(page === null ? subject : `${subject}/${page}`);
      return `Tag=${tag},0.000,${length},${max},${encodeHdr(inNs, SIGNIFICANT_DIGITS)}\n`;
    });
    return [
      '#[Page-load times of measured pages, ns; a tag a subject, and a subject/page]\n',
      '#[Histogram log format version 1.3]\n',
      `#[StartTime: ${start} (seconds since epoch)]\n`,
      '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n',
      ...lines,
    ].join('');
  },
};

function scaled({ values, counts }: HistogramCounts, factor: number): HistogramCounts {
  return { values: values.map((value) => Math.round(value * factor)), counts };
}

/** A tag ends at a comma, and must be one word. */
function tagText(text: string): string {
  return text.replaceAll(/[^\w./-]/g, '_');
}
