/** OTLP/JSON held to the protocol's own tables: every field, its JSON type, its range; and traces
 * that hang together. The tables are written from opentelemetry-proto 1.x and its JSON mapping. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../../src/experiment/result.ts';
import { OTLP } from '../../../src/export/formats/otlp.ts';
import { runDocument } from '../../report/fixture-documents.ts';
import { NO_SOURCES, realRun } from '../export-documents.ts';

type Check = (value: unknown) => boolean;
type Message = Readonly<Record<string, Check>>;

const hex = (digits: number) => new RegExp(`^(?!0+$)[0-9a-f]{${digits}}$`);
const text: Check = (value) => typeof value === 'string';
const id =
  (digits: number): Check =>
  (value) =>
    text(value) && hex(digits).test(String(value));
/** fixed64 and int64 are decimal strings. */
const uint64: Check = (value) =>
  text(value) && /^(0|[1-9]\d*)$/.test(String(value)) && BigInt(String(value)) < 2n ** 64n;
const int64: Check = (value) => text(value) && /^-?(0|[1-9]\d*)$/.test(String(value));
const enumOf =
  (max: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= 0 && Number(value) <= max;
const list =
  (each: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(each);
const message =
  (fields: Message): Check =>
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.entries(value).every(([key, inner]) => fields[key]?.(inner) === true);
const oneOf =
  (fields: Message): Check =>
  (value) =>
    message(fields)(value) && Object.keys(value as object).length === 1;

const ANY_VALUE: Check = (value) =>
  oneOf({
    stringValue: text,
    boolValue: (one) => typeof one === 'boolean',
    intValue: int64,
    doubleValue: (one) => typeof one === 'number',
    arrayValue: message({ values: list(ANY_VALUE) }),
  })(value);
const KEY_VALUES = list(message({ key: text, value: ANY_VALUE }));
const SPAN = message({
  traceId: id(32),
  spanId: id(16),
  parentSpanId: id(16),
  name: text,
  kind: enumOf(5),
  startTimeUnixNano: uint64,
  endTimeUnixNano: uint64,
  attributes: KEY_VALUES,
  status: message({ code: enumOf(2), message: text }),
});
const TRACES = message({
  resourceSpans: list(
    message({
      resource: message({ attributes: KEY_VALUES }),
      scopeSpans: list(
        message({ scope: message({ name: text, version: text }), spans: list(SPAN) }),
      ),
    }),
  ),
});

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code?: number; readonly message?: string };
}
interface Traces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}

let run: RunDocument;
let traces: Traces;
let spans: readonly (Span & { readonly service: string })[];

beforeAll(async () => {
  run = (await realRun()).document;
  traces = JSON.parse(OTLP.render(run, NO_SOURCES)) as Traces;
  spans = traces.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap((scope) =>
      scope.spans.map((span) => ({
        ...span,
        service: textOf(resource.attributes, 'service.name'),
      })),
    ),
  );
});

function textOf(attributes: readonly Attribute[], key: string): string {
  return String(attributes.find((one) => one.key === key)?.value['stringValue'] ?? '');
}

describe('OTLP/JSON', () => {
  it('X50: has only fields of the protocol, each of its JSON type and range', () => {
    expect(spans.length).toBeGreaterThan(100);
    expect(TRACES(traces)).toBe(true);
    const [first] = spans;
    for (const wrong of [
      { kind: 'SPAN_KIND_SERVER' },
      { kind: 6 },
      { traceId: 'AAAA' },
      { spanId: '0000000000000000' },
      { startTimeUnixNano: 1_795_204_804_722_591_000 },
      { start_time_unix_nano: '1' },
      { attributes: [{ key: 'a', value: { intValue: 3 } }] },
    ]) {
      expect(SPAN({ ...first, ...wrong, service: undefined })).toBe(false);
    }
  });

  it('X51: every span but the page has its parent in the trace, and no two have one id', () => {
    const byId = new Map(spans.map((span) => [`${span.traceId} ${span.spanId}`, span]));
    expect(byId.size).toBe(spans.length);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.length).toBe(new Set(spans.map(({ traceId }) => traceId)).size);
    for (const span of spans) {
      expect(BigInt(span.endTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(span.startTimeUnixNano));
      if (span.parentSpanId === undefined) continue;
      const parent = byId.get(`${span.traceId} ${span.parentSpanId}`);
      expect(parent).toBeDefined();
      if (parent === undefined) continue;
      expect(BigInt(span.startTimeUnixNano)).toBeGreaterThanOrEqual(
        BigInt(parent.startTimeUnixNano),
      );
      expect(BigInt(span.endTimeUnixNano)).toBeLessThanOrEqual(BigInt(parent.endTimeUnixNano));
    }
  });

  it('X52: a server span stands below the client span of another service', () => {
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const servers = spans.filter(({ kind }) => kind === 2);
    expect(servers.length).toBeGreaterThan(20);
    for (const { service, parentSpanId } of servers) {
      const parent = byId.get(parentSpanId ?? '');
      expect(parent?.kind).toBe(3);
      expect(parent?.service).not.toBe(service);
    }
    const services = new Set(spans.map(({ service }) => service));
    expect([...services].sort()).toEqual(['clients', 'movie', 'production', 'router', 'talent']);
  });

  it('X53: tells every kept page, its failures as errors, retries and hedges by name', () => {
    const pages = run.architectures.flatMap(({ traces: kept }) => kept?.pages ?? []);
    const roots = spans.filter(({ parentSpanId }) => parentSpanId === undefined);
    expect(roots.map(({ attributes }) => textOf(attributes, 'backlot.request')).sort()).toEqual(
      pages.map(({ request }) => request).sort(),
    );
    const failedKept = run.architectures.reduce(
      (sum, one) => sum + (one.traces?.failedKept ?? 0),
      0,
    );
    expect(failedKept).toBeGreaterThan(0);
    const failed = roots.filter(({ status }) => status.code === 2);
    expect(failed.length).toBe(
      pages.filter(({ outcome }) => outcome === 'failed' || outcome === 'timeout').length,
    );
    expect(failed.every(({ status }) => (status.message ?? '') !== '')).toBe(true);
    const names = spans.map(({ name }) => name).join('\n');
    expect(names).toMatch(/try 2 \(retry\)/);
    expect(names).toMatch(/\(hedge\)/);
    const first = pages[0];
    const root = roots.find((one) => textOf(one.attributes, 'backlot.request') === first?.request);
    const startMs = Date.parse(run.startUtc);
    expect(root?.startTimeUnixNano).toBe(
      String(BigInt(startMs) * 1_000_000n + BigInt(first?.askedAtUs ?? 0) * 1_000n),
    );
  });

  it('X57: a run of before keeps no traces, and says what to do', () => {
    const before = runDocument();
    expect(OTLP.refusal(before, NO_SOURCES)).toMatch(/keeps no traces.*run its scenario again/);
    const none = { ended: 0, sampled: 0, failed: 0, failedKept: 0, pages: [] };
    const empty = {
      ...before,
      architectures: before.architectures.map((one) => ({ ...one, traces: none })),
    };
    expect(OTLP.refusal(empty, NO_SOURCES)).toMatch(/no page of it ended/);
  });
});
