/** What every format keeps to, whatever it is: one suite over all formats and all documents. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../src/experiment/result.ts';
import type { ExportableDocument, ExportSources } from '../../src/export/export-format.ts';
import { EXPORT_FORMATS, exportAs, formatsNamed } from '../../src/export/formats.ts';
import { EngineError } from '../../src/kernel/errors.ts';
import { everyDocument, HOSTILE_NAMES, NO_SOURCES, realRun } from './export-documents.ts';

let documents: ReadonlyMap<string, ExportableDocument>;
let real: { readonly document: RunDocument; readonly sources: ExportSources };
const FORMATS = EXPORT_FORMATS.map((format) => [format.name, format] as const);
/** Formats of what only runs keep. */
const OF_RUNS = ['otlp', 'perfetto', 'hdr'];

beforeAll(async () => {
  [documents, real] = [await everyDocument(), await realRun()];
});

/** Every document, the real run among them. */
function all(): readonly { document: ExportableDocument; sources: ExportSources }[] {
  const others = [...documents.values()].map((document) => ({ document, sources: NO_SOURCES }));
  return [...others, real];
}

const NAMED_FIELDS = [
  ...['name', 'subject', 'page', 'titleId', 'genre', 'scenario', 'question', 'edge', 'service'],
  ...['station', 'objective', 'reason', 'message', 'request', 'outcome', 'target', 'source'],
  ...['path', 'found', 'rule', 'claim', 'invariant'],
];

/** The same document with names in turn in every place that takes names from outside. */
function renamed(document: ExportableDocument, names: readonly string[]): ExportableDocument {
  const fields = new RegExp(`"(${NAMED_FIELDS.join('|')})":"[^"]*"`, 'g');
  let n = 0;
  const text = JSON.stringify(document).replaceAll(fields, (_, field: string) => {
    n += 1;
    return `"${field}":${JSON.stringify(names[n % names.length])}`;
  });
  return JSON.parse(text) as ExportableDocument;
}

const HARMLESS_NAMES = HOSTILE_NAMES.map((_, n) => `name${n}`);

describe.each(FORMATS)('%s', (name, format) => {
  it('X5: gives the same bytes for the same document', () => {
    for (const { document, sources } of all()) {
      if (format.refusal(document, sources) !== null) continue;
      const copy = JSON.parse(JSON.stringify(document)) as ExportableDocument;
      expect(format.render(copy, sources)).toBe(format.render(document, sources));
    }
    expect(format.refusal(real.document, real.sources)).toBeNull();
  });

  it('X6: takes every document, or refuses it with what it can be instead', () => {
    let taken = 0;
    for (const { document, sources } of all()) {
      const reason = format.refusal(document, sources);
      if (reason === null) {
        taken += 1;
        continue;
      }
      expect(OF_RUNS).toContain(name);
      let error: unknown;
      try {
        exportAs(format, document, sources);
      } catch (cause) {
        error = cause;
      }
      expect(error).toBeInstanceOf(EngineError);
      const { code, message, details } = error as EngineError<'EXPORT_REFUSED'>;
      expect(code).toBe('EXPORT_REFUSED');
      expect(details.possible).toEqual(expect.arrayContaining(['json', 'csv', 'junit']));
      expect(message).toContain(`${document.schema} as ${name}`);
      expect(message).toMatch(/export|run the scenario again/);
    }
    expect(taken).toBe(OF_RUNS.includes(name) ? 1 : all().length);
  });

  it('X7: ends its last line and holds no control character of a terminal', () => {
    for (const { document, sources } of all()) {
      if (format.refusal(document, sources) !== null) continue;
      const text = format.render(document, sources);
      expect(text.endsWith('\n')).toBe(true);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
      expect(text).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/);
      expect(text).not.toMatch(/NaN|Infinity|undefined|\[object/);
    }
  });

  it('X8: hostile names change no structure: as many lines, elements and events as before', () => {
    const sizeOf = (document: ExportableDocument, sources: ExportSources) =>
      structureOf(format.render(document, sources));
    for (const { document, sources } of all()) {
      if (format.refusal(document, sources) !== null) continue;
      // Files beside a result are found by the name of its subjects.
      const [first] = real.document.architectures;
      const kept: ExportSources = { histograms: () => sources.histograms(first?.name ?? '') };
      const harmless = sizeOf(renamed(document, HARMLESS_NAMES), kept);
      expect(sizeOf(renamed(document, HOSTILE_NAMES), kept), document.schema).toEqual(harmless);
    }
  });

  /** What a reader of the format would take for structure. */
  function structureOf(text: string): unknown {
    if (name === 'json') return shapeOf(JSON.parse(text));
    if (name === 'otlp') return text.match(/"(spanId|key|name)":/g)?.length;
    if (name === 'perfetto') {
      const { traceEvents } = JSON.parse(text) as { traceEvents: Record<string, unknown>[] };
      // Series stand under their names within `args`.
      return traceEvents.map(({ args: _, ...rest }) => shapeOf(rest));
    }
    if (name === 'csv') return csvShape(text);
    if (name === 'junit') return text.match(/<\/?[a-z-]+/g);
    if (name === 'markdown') {
      expect(text).not.toMatch(/<[a-z/!]|(?<!\\)\]\(|javascript:|https?:\/\//i);
      return text.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length);
    }
    return text.split('\n').map((line) => line.split(/[ {=,]/)[0]);
  }
});

/** Types and keys, without values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

/** Cells a record, by a reader of RFC 4180 of its own. */
function csvShape(text: string): readonly number[] {
  const records: number[] = [];
  let [cells, quoted] = [1, false];
  for (let i = 0; i < text.length; i += 1) {
    if (text[i] === '"') quoted = !quoted;
    else if (!quoted && text[i] === ',') cells += 1;
    else if (!quoted && text[i] === '\r' && text[i + 1] === '\n') {
      records.push(cells);
      cells = 1;
    }
  }
  return records;
}

describe('names of formats', () => {
  it('X9: all are those that the document can become; an unknown name is told its nearest', () => {
    const document = documents.get('backlot.check/1') as ExportableDocument;
    const names = formatsNamed('all', document, NO_SOURCES).map((one) => one.name);
    expect(names).toEqual(['json', 'ndjson', 'csv', 'junit', 'markdown', 'openmetrics']);
    const twice = formatsNamed('csv, csv,hdr', document, NO_SOURCES);
    expect(twice.map((one) => one.name)).toEqual(['csv', 'hdr']);
    expect(() => formatsNamed('junut', document, NO_SOURCES)).toThrow(/did you mean "junit"/);
  });
});
