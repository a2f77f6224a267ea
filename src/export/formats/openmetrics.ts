/** Metrics as OpenMetrics 1.0 text, for `promtool tsdb create-blocks-from openmetrics` and for
 * whatever reads what Prometheus scrapes. Points carry their virtual time. Source: OpenMetrics 1.0
 * (RFC draft-ietf-opsawg-openmetrics-00). Spec: X20–X22. */
import type { ExportableDocument, ExportFormat, ExportSources } from '../export-format.ts';
import { pageLoadHistograms } from '../hdr/page-load-histograms.ts';
import type { MetricSample } from '../metrics/metric-sample.ts';
import { samplesOf, timesOf } from '../metrics/samples-of.ts';
import { type Family, familyText, type Point } from '../text/openmetrics-text.ts';

/** Families sorted by name; `# EOF` at the end. */
export const OPENMETRICS: ExportFormat = {
  name: 'openmetrics',
  mediaType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
  extension: 'openmetrics.txt',
  refusal: () => null,
  render(document, sources) {
    const families = [...familiesOf(document), ...histogramFamily(document, sources)];
    families.sort((a, b) => (a.name < b.name ? -1 : 1));
    return `${families.map(familyText).join('')}# EOF\n`;
  },
};

function familiesOf(document: ExportableDocument): readonly Family[] {
  const times = timesOf(document);
  const byName = new Map<string, MetricSample[]>();
  for (const sample of samplesOf(document)) {
    const name = `${sample.name} ${sample.definition.unit}`;
    const ofName = byName.get(name) ?? [];
    byName.set(name, ofName);
    ofName.push(sample);
  }
  return [...byName.values()].map((samples) => {
    const { name, definition } = samples[0] as MetricSample;
    const { suffix, unit } = unitOf(definition.unit);
    return {
      name: `${name.replaceAll(/[^a-z0-9]/g, '_')}${suffix}`,
      type: definition.kind,
      unit,
      help: definition.words,
      createdSeconds: times === null ? null : times.startMs / 1_000,
      points: samples.map((sample): Point => {
        const { attributes, value, atUs } = sample;
        const seconds = times === null ? null : secondsOf(atUs, times);
        return { labels: attributes, value, seconds };
      }),
    };
  });
}

function secondsOf(
  atUs: number | null,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
): number {
  return atUs === null ? endMs / 1_000 : (startMs + Math.round(atUs / 1_000)) / 1_000;
}

const UNITS: Readonly<Record<string, string>> = { s: 'seconds', By: 'bytes', USD: 'usd' };

/** UCUM's unit as OpenMetrics names it: only what stands in a name is a unit there. */
function unitOf(ucum: string): { readonly suffix: string; readonly unit: string | null } {
  const unit = UNITS[ucum];
  if (unit !== undefined) return { suffix: `_${unit}`, unit };
  const [, per] = ucum.split('/');
  if (per === 's') return { suffix: '_per_second', unit: null };
  return { suffix: per === 'h' ? '_per_hour' : '', unit: null };
}

/** Prometheus' own boundaries, and on to where pages time out. Seconds. */
const BOUNDARIES = [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2.5, 5, 10, 30];

function histogramFamily(document: ExportableDocument, sources: ExportSources): readonly Family[] {
  const times = timesOf(document);
  const histograms = pageLoadHistograms(document, sources);
  if (histograms.length === 0 || times === null) return [];
  return [
    {
      name: 'backlot_page_load_duration_seconds',
      type: 'histogram',
      unit: 'seconds',
      help: 'page-load time of measured pages from the intent',
      createdSeconds: times.startMs / 1_000,
      boundaries: BOUNDARIES,
      points: histograms.map(({ subject, page, counts }) => ({
        labels: { ...(page === null ? {} : { page }), subject },
        counts,
        perUnit: 1e6,
        seconds: times.endMs / 1_000,
      })),
    },
  ];
}
