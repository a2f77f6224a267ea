/** Page-load times of a run in full: percentiles lose what histograms keep. They lie beside the
 * document, because one of thousands of buckets would make it several times as long. Spec: X40. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hours } from '../../kernel/time.ts';
import { createHistogram, type HistogramOptions } from '../../stats/hdr-histogram.ts';
import type { HistogramCounts } from '../../stats/histogram-counts.ts';
import type { PageLoadRecord } from '../world/recorder.ts';

/** Measured page loads of one architecture or variant, µs. */
export interface RunHistograms {
  readonly schema: 'backlot.histograms/1';
  readonly unit: 'us';
  readonly significantDigits: number;
  readonly pageLoadTime: HistogramCounts;
  /** By page, sorted by name. */
  readonly byPage: readonly { readonly page: string; readonly pageLoadTime: HistogramCounts }[];
}

const PRECISION: HistogramOptions = { significantDigits: 3, maxValue: hours(24) };

/** The histograms of these loads; those that are not measured are left out. Cost O(loads). */
export function runHistograms(loads: readonly PageLoadRecord[]): RunHistograms {
  const measured = loads.filter((load) => load.isMeasured);
  const pages = [...new Set(measured.map(({ page }) => page))].sort();
  return {
    schema: 'backlot.histograms/1',
    unit: 'us',
    significantDigits: PRECISION.significantDigits,
    pageLoadTime: histogramOf(measured),
    byPage: pages.map((page) => ({
      page,
      pageLoadTime: histogramOf(measured.filter((load) => load.page === page)),
    })),
  };
}

/** Writes them into a result's directory. */
export function writeRunHistograms(
  directory: string,
  name: string,
  loads: readonly PageLoadRecord[],
): void {
  writeFileSync(fileIn(directory, name), `${JSON.stringify(runHistograms(loads))}\n`);
}

/** Reads them; undefined where none were kept, or where the file is of no use. */
export function readRunHistograms(directory: string, name: string): RunHistograms | undefined {
  // A document is not trusted with a path.
  if (basename(name) !== name) return undefined;
  const path = fileIn(directory, name);
  if (!existsSync(path)) return undefined;
  try {
    const found = JSON.parse(readFileSync(path, 'utf8')) as Partial<RunHistograms> | null;
    return found?.schema === 'backlot.histograms/1' ? (found as RunHistograms) : undefined;
  } catch {
    return undefined;
  }
}

function histogramOf(loads: readonly PageLoadRecord[]): HistogramCounts {
  const histogram = createHistogram(PRECISION);
  for (const load of loads) histogram.record(load.pageLoadTimeUs);
  return histogram.counts();
}

function fileIn(directory: string, name: string): string {
  return join(directory, `histograms-${name}.json`);
}
