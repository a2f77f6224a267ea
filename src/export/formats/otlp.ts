/** Kept pages (sampled, slowest and failed ones) as OTLP/JSON traces: what Jaeger, Tempo and every
 * OpenTelemetry collector read. Ids are hexadecimal, 64-bit whole numbers decimal strings,
 * enums numbers, names lowerCamelCase. Source: OpenTelemetry protocol 1.x, JSON encoding.
 * Spec: X50–X53. */
import type { ArchitectureResult, RunDocument } from '../../experiment/result.ts';
import type { PageTrace } from '../../experiment/results/traces/page-trace.ts';
import type { ExportFormat } from '../export-format.ts';
import { traceRefusal } from '../traces/trace-refusal.ts';
import { isFailed, type NamedSpan, namedTraces, type SpanRole } from '../traces/trace-spans.ts';

/** `TracesData` of opentelemetry/proto/trace/v1: one object, one resource a service. */
export const OTLP: ExportFormat = {
  name: 'otlp',
  mediaType: 'application/json',
  extension: 'otlp.json',
  refusal: traceRefusal,
  render(document) {
    const run = document as RunDocument;
    const resourceSpans = run.architectures.flatMap((subject) => resourcesOf(run, subject));
    // On one line: the collector's file receiver takes a request a line.
    return `${JSON.stringify({ resourceSpans })}\n`;
  },
};

const KINDS: Readonly<Record<SpanRole, number>> = { internal: 1, server: 2, client: 3 };
const STATUS_OK = 1;
const STATUS_ERROR = 2;

function resourcesOf(run: RunDocument, subject: ArchitectureResult): readonly object[] {
  const startNs = BigInt(Date.parse(run.startUtc)) * 1_000_000n;
  const byService = new Map<string, object[]>();
  for (const { trace, spans } of namedTraces(subject)) {
    for (const one of spans) {
      const ofService = byService.get(one.service) ?? [];
      byService.set(one.service, ofService);
      ofService.push(spanOf(one, trace, startNs));
    }
  }
  const scope = { name: 'backlot', version: run.backlot };
  return [...byService]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([service, spans]) => ({
      resource: {
        attributes: [
          text('service.name', service),
          text('service.namespace', run.scenario),
          text('backlot.subject', subject.name),
          text('backlot.architecture', subject.architecture),
          text('backlot.digest', subject.digest),
        ],
      },
      scopeSpans: [{ scope, spans }],
    }));
}

function spanOf(one: NamedSpan, trace: PageTrace, startNs: bigint): object {
  const { span } = one;
  const beginNs = startNs + BigInt(span.startUs) * 1_000n;
  return {
    traceId: one.traceId,
    spanId: one.spanId,
    ...(one.parentSpanId === '' ? {} : { parentSpanId: one.parentSpanId }),
    name: one.name,
    kind: KINDS[one.role],
    startTimeUnixNano: String(beginNs),
    endTimeUnixNano: String(beginNs + BigInt(span.durationUs) * 1_000n),
    attributes: [
      text('backlot.span.kind', span.kind),
      ...(span.outcome === null ? [] : [text('backlot.outcome', span.outcome)]),
      ...(span.parent === null ? pageAttributes(trace) : []),
    ],
    status: statusOf(one),
  };
}

function pageAttributes(trace: PageTrace): readonly object[] {
  const shares = Object.entries(trace.sharesUs).filter(([, us]) => us > 0);
  return [
    text('backlot.request', trace.request),
    text('backlot.page', trace.page),
    whole('backlot.viewer', trace.viewer),
    texts('backlot.kept.because', trace.reasons),
    ...shares.map(([kind, us]) => whole(`backlot.path.${kind}.us`, us)),
  ];
}

function statusOf({ span }: NamedSpan): object {
  if (span.outcome === null) return {};
  if (isFailed(span)) return { code: STATUS_ERROR, message: span.outcome };
  return span.kind === 'page' ? { code: STATUS_OK } : {};
}

function text(key: string, value: string): object {
  return { key, value: { stringValue: value } };
}

function texts(key: string, values: readonly string[]): object {
  return { key, value: { arrayValue: { values: values.map((one) => ({ stringValue: one })) } } };
}

function whole(key: string, value: number): object {
  return { key, value: { intValue: String(value) } };
}
