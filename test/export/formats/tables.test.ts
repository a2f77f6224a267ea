/** NDJSON, CSV and OpenMetrics: three ways to write the same samples. */
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../../src/experiment/result.ts';
import type { ExportSources } from '../../../src/export/export-format.ts';
import { CSV } from '../../../src/export/formats/csv.ts';
import { NDJSON } from '../../../src/export/formats/ndjson.ts';
import { OPENMETRICS } from '../../../src/export/formats/openmetrics.ts';
import { METRIC_DEFINITIONS } from '../../../src/export/metrics/definitions.ts';
import { samplesOf } from '../../../src/export/metrics/samples-of.ts';
import { csvCell, csvRecord } from '../../../src/export/text/csv-cell.ts';
import { familyText } from '../../../src/export/text/openmetrics-text.ts';
import { runDocument } from '../../report/fixture-documents.ts';
import { everyDocument, HOSTILE_NAMES, NO_SOURCES, realRun } from '../export-documents.ts';
import { openMetricsProblems } from './openmetrics-grammar.ts';

let run: RunDocument;
let sources: ExportSources;

beforeAll(async () => {
  ({ document: run, sources } = await realRun());
});

describe('samples', () => {
  it('X10: every metric has a dotted name and a base unit, and every one occurs', async () => {
    const found = new Set<string>();
    for (const document of [...(await everyDocument()).values(), run]) {
      for (const { name, definition } of samplesOf(document)) {
        expect(name).toMatch(/^backlot(\.[a-z0-9]+)+$/);
        expect(definition.unit).toMatch(/^(1|s|By|USD|USD\/h|\{[\w/]+\}(\/s)?)$/);
        found.add(name);
      }
    }
    // A fixture has no price book, workers, cache or limit of concurrency of its own.
    const priced = runDocument().architectures[0];
    expect(priced).toBeDefined();
    const missing = Object.keys(METRIC_DEFINITIONS).filter((name) => !found.has(name));
    const ofFewRuns = /\.(cost|cache|concurrency|lag|utilization)/;
    expect(missing.filter((name) => !ofFewRuns.test(name))).toEqual([]);
  });

  it('X10: ms become s, and percentiles keep their intervals', () => {
    const [subject] = run.architectures;
    const sample = samplesOf(run).find(
      ({ name, attributes }) =>
        name === 'backlot.page.load.time' &&
        attributes['quantile'] === '0.95' &&
        attributes['scope'] === 'run' &&
        attributes['page'] === undefined,
    );
    const { value, low, high } = subject?.pageLoadTimeIntervalsMs.p95 ?? {};
    expect(sample?.value).toBeCloseTo((value ?? 0) / 1_000, 9);
    expect(sample?.low).toBeCloseTo((low ?? 0) / 1_000, 9);
    expect(sample?.high).toBeCloseTo((high ?? 0) / 1_000, 9);
    expect(sample?.attributes['subject']).toBe('gateway');
  });
});

describe('NDJSON', () => {
  it('X11: a line a sample, its time that of the run or of its bucket', () => {
    const lines = NDJSON.render(run, sources).trimEnd().split('\n');
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const samples = samplesOf(run);
    expect(parsed.map(({ value }) => value)).toEqual(samples.map(({ value }) => value));
    const ends = parsed.filter((_, i) => samples[i]?.atUs === null).map(({ time }) => time);
    expect(new Set(ends)).toEqual(new Set(['2026-11-20T20:00:19.000Z']));
    const i = samples.findIndex(({ atUs }) => atUs !== null);
    expect(Date.parse(String(parsed[i]?.['time']))).toBe(
      Date.parse(run.startUtc) + Math.round((samples[i]?.atUs ?? 0) / 1_000),
    );
  });
});

describe('CSV', () => {
  it('X12: a reader of RFC 4180 finds every sample in its columns', () => {
    const rows: Record<string, string>[] = parse(CSV.render(run, sources), { columns: true });
    const samples = samplesOf(run);
    expect(rows.length).toBe(samples.length);
    rows.forEach((row, i) => {
      const { name, attributes = {}, value } = samples[i] ?? {};
      expect(row['metric']).toBe(name);
      expect(Number(row['value'])).toBe(value);
      expect(row['subject']).toBe(attributes['subject'] ?? '');
    });
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\tx', "'\tx"],
    ['\rx', '"\'\rx"'],
    ['\0x', "'\uFFFDx"],
    ['=HYPERLINK("a,b")', '"\'=HYPERLINK(""a,b"")"'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['a\nb', '"a\nb"'],
    ['plain - text', 'plain - text'],
    [-2.5, '-2.5'],
    [null, ''],
  ])('X13: %j is %j: texts are no formulas, numbers stay', (value, expected) => {
    expect(csvCell(value)).toBe(expected);
  });

  it('X13: no cell of a hostile name begins like a formula, and none is lost', () => {
    const text = csvRecord(HOSTILE_NAMES);
    const [cells = []] = parse(text) as string[][];
    expect(cells.length).toBe(HOSTILE_NAMES.length);
    for (const cell of cells) expect(cell).not.toMatch(/^[=+\-@\t\r\0]/);
  });
});

describe('OpenMetrics', () => {
  it('X20: keeps to the grammar: families apart, suffixes, units, one EOF at the end', () => {
    const text = OPENMETRICS.render(run, sources);
    expect(openMetricsProblems(text)).toEqual([]);
    expect(text).toMatch(/^# UNIT backlot_page_load_time_seconds seconds$/m);
    expect(text).toMatch(/^backlot_page_requests_total\{/m);
    expect(text).toMatch(/^backlot_page_requests_created\{/m);
  });

  it('X20: the grammar finds what is wrong', () => {
    const head = '# TYPE a counter\n# HELP a x\n';
    expect(openMetricsProblems(`${head}a_total 1\n# EOF\n`)).toEqual([]);
    for (const wrong of [
      `${head}a 1\n# EOF\n`,
      `${head}a_total 1\n`,
      `${head}a_total NaN\n# EOF\n`,
      `${head}a_total{b="x"} 1 5\na_total{b="x"} 1 4\n# EOF\n`,
      `${head}a_total{b="x\ny"} 1\n# EOF\n`,
      `${head}b_total 1\n# EOF\n`,
    ]) {
      expect(openMetricsProblems(wrong)).not.toEqual([]);
    }
  });

  it('X21: histograms are cumulative, end at +Inf, and count what was measured', () => {
    const text = OPENMETRICS.render(run, sources);
    const lines = text.split('\n').filter((line) => /_duration_seconds_(bucket|count)/.test(line));
    const ofAll = lines.filter((line) => line.includes('subject="gateway"') && !/page=/.test(line));
    const counts = ofAll.map((line) => Number(line.split('} ')[1]?.split(' ')[0]));
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect(ofAll.at(-2)).toContain('le="+Inf"');
    expect(counts.at(-1)).toBe(run.architectures[0]?.requests);
    expect(counts.at(-2)).toBe(counts.at(-1));
    expect(OPENMETRICS.render(run, NO_SOURCES)).not.toContain('_duration_seconds');
  });

  it('X22: escapes backslash, quote and line feed in labels', () => {
    const text = familyText({
      name: 'x',
      type: 'gauge',
      unit: null,
      help: 'a\\b\nc',
      createdSeconds: null,
      points: [{ labels: { name: 'a\\b"c\nd\u0000' }, value: 1, seconds: null }],
    });
    expect(text).toBe('# TYPE x gauge\n# HELP x a\\\\b\\nc\nx{name="a\\\\b\\"c\\nd\uFFFD"} 1\n');
  });
});
