/** Histogram logs, read back by another implementation: hdr-histogram-js. */
import { fc, it as prop } from '@fast-check/vitest';
import hdr from 'hdr-histogram-js';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../../src/experiment/result.ts';
import {
  type RunHistograms,
  readRunHistograms,
} from '../../../src/experiment/results/run-histograms.ts';
import type { ExportSources } from '../../../src/export/export-format.ts';
import { HDR } from '../../../src/export/formats/hdr.ts';
import { encodeHdr } from '../../../src/export/hdr/hdr-encoding.ts';
import { countOf, quantileOfCounts } from '../../../src/stats/histogram-counts.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { NO_SOURCES, realRun } from '../export-documents.ts';

const folder = temporaryFolder();
const QUANTILES = [0, 0.25, 0.5, 0.9, 0.95, 0.99, 0.999, 1];
/** Each of both keeps three digits. */
const TOLERANCE = 2e-3;
let run: RunDocument;
let sources: ExportSources;

beforeAll(async () => {
  ({ document: run, sources } = await realRun());
});

describe('HDR logs', () => {
  it('X40: a run keeps its measured page loads, of all pages and by page', () => {
    for (const { name, requests } of run.architectures) {
      const found = sources.histograms(name) as RunHistograms;
      const byPage = found.byPage.map(({ pageLoadTime }) => countOf(pageLoadTime));
      expect(countOf(found.pageLoadTime)).toBe(byPage.reduce((sum, count) => sum + count, 0));
      expect(countOf(found.pageLoadTime)).toBe(requests);
      expect(found.byPage.map(({ page }) => page)).toEqual(['home', 'title']);
    }
  });

  it('X41: other implementations decode the log and find the same percentiles', () => {
    const reader = new hdr.HistogramLogReader(HDR.render(run, sources));
    const tags: string[] = [];
    for (const { name, pageLoadTimeMs } of run.architectures) {
      const kept = sources.histograms(name) as RunHistograms;
      const expected = [kept.pageLoadTime, ...kept.byPage.map((one) => one.pageLoadTime)];
      for (const [n, counts] of expected.entries()) {
        const found = reader.nextIntervalHistogram() as hdr.Histogram;
        tags.push(found.tag);
        expect(found.totalCount).toBe(countOf(counts));
        for (const q of QUANTILES) {
          const ns = found.getValueAtPercentile(100 * q);
          const wantedNs = quantileOfCounts(counts, q) * 1_000;
          expect(Math.abs(ns - wantedNs)).toBeLessThanOrEqual(TOLERANCE * wantedNs);
        }
        if (n > 0) continue;
        const exact = pageLoadTimeMs.p95 * 1e6;
        expect(Math.abs(found.getValueAtPercentile(95) - exact)).toBeLessThan(0.02 * exact);
        expect(found.startTimeStampMsec).toBe(Date.parse(run.startUtc));
      }
    }
    expect(reader.nextIntervalHistogram()).toBeNull();
    expect(tags).toEqual(
      run.architectures.flatMap(({ name }) => [name, `${name}/home`, `${name}/title`]),
    );
  });

  it('X42: without histograms it says where they would be; a name is no path', () => {
    expect(HDR.refusal(run, NO_SOURCES)).toMatch(/no histograms-<name>\.json.*directory/);
    const place = folder.fresh();
    expect(readRunHistograms(place, '../gateway')).toBeUndefined();
    expect(readRunHistograms(place, 'gateway')).toBeUndefined();
  });
});

/** Counts below 2³²: the reader keeps no larger ones. */
const counts = fc
  .uniqueArray(
    fc.tuple(fc.integer({ min: 0, max: 2 ** 50 }), fc.integer({ min: 1, max: 2 ** 26 })),
    {
      selector: ([value]) => value,
      minLength: 1,
      maxLength: 40,
    },
  )
  .map((drawn) => [...drawn].sort(([a], [b]) => a - b))
  .map((sorted) => ({
    values: sorted.map(([value]) => value),
    counts: sorted.map(([, count]) => count),
  }));

describe('the encoding', () => {
  prop.prop([counts, fc.integer({ min: 1, max: 3 })], { seed: 8, numRuns: 60 })(
    'X41: what it encodes is decoded with every count, to the digits that were kept',
    (histogram, digits) => {
      const found = hdr.decodeFromCompressedBase64(encodeHdr(histogram, digits));
      expect(found.totalCount).toBe(countOf(histogram));
      expect(found.numberOfSignificantValueDigits).toBe(digits);
      for (const q of QUANTILES) {
        const wanted = quantileOfCounts(histogram, q);
        const error = Math.abs(found.getValueAtPercentile(100 * q) - wanted);
        expect(error).toBeLessThanOrEqual(10 ** -digits * wanted + 1);
      }
    },
  );
});
