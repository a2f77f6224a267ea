/** The pages of a run as spans with ids, services and roles: what trace formats are written from.
 * Ids are hashes of the run's digest and the page's name, so that the same run always has the same
 * ids, and two runs never share one. Spec: X50. */
import { createHash } from 'node:crypto';
import type { ArchitectureResult } from '../../experiment/result.ts';
import type { PageTrace, TraceSpan } from '../../experiment/results/traces/page-trace.ts';

/** What a span is to the service that it is of, as OpenTelemetry has it. */
export type SpanRole = 'internal' | 'server' | 'client';

/** A span. */
export interface NamedSpan {
  /** 32 hexadecimal digits, not all 0; of the page. */
  readonly traceId: string;
  /** 16 hexadecimal digits, not all 0. */
  readonly spanId: string;
  /** Empty for the page itself. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly role: SpanRole;
  readonly service: string;
  readonly span: TraceSpan;
}

/** A page with its spans, parents before children. */
export interface NamedTrace {
  readonly trace: PageTrace;
  readonly spans: readonly NamedSpan[];
}

/** Who asks for pages, where no edge tells. */
const CLIENTS = 'clients';

/** All kept pages of a subject; none where its document keeps no spans. Cost O(spans). */
export function namedTraces(subject: ArchitectureResult): readonly NamedTrace[] {
  const pages = subject.traces?.pages ?? [];
  return pages.map((trace) => {
    const traceId = hashed(`${subject.digest} ${subject.name} ${trace.request}`, 32);
    const spanId = (id: number) => hashed(`${traceId} ${id}`, 16);
    const services = servicesOf(trace.spans);
    const names = new Map(trace.spans.map(({ id, name }) => [id, name]));
    return {
      trace,
      spans: trace.spans.map((span, i) => ({
        traceId,
        spanId: spanId(span.id),
        parentSpanId: span.parent === null ? '' : spanId(span.parent),
        name: nameOf(span, services[i] ?? CLIENTS, names),
        role: roleOf(span),
        service: services[i] ?? CLIENTS,
        span,
      })),
    };
  });
}

/** Trace viewers list names without what they stand in: those of parts say whose they are. */
function nameOf(
  { kind, name, parent }: TraceSpan,
  service: string,
  names: ReadonlyMap<number, string>,
): string {
  if (kind === 'try') return `${names.get(parent ?? 0) ?? service} ${name}`;
  if (kind === 'page' || kind === 'call') return name;
  return kind === 'server' ? `${name}: request` : `${service}: ${name}`;
}

/** Outcomes after which somebody went without an answer. */
const FAILURES = /^(failed|timeout|refused|hung up|withdrawn)/;

/** Whether a span ended badly. Tries that nobody wanted any more are no errors: they lost a
 * race. */
export function isFailed({ outcome }: Pick<TraceSpan, 'outcome'>): boolean {
  return outcome !== null && FAILURES.test(outcome) && !/^(hung up|withdrawn)/.test(outcome);
}

/** A call is asked by the caller, a try of it as well; what happens on arrival is the server's. */
function roleOf({ kind }: TraceSpan): SpanRole {
  if (kind === 'try') return 'client';
  return kind === 'server' ? 'server' : 'internal';
}

/** The service of each span, in their order: edges name both ends, the rest is within a server. */
function servicesOf(spans: readonly TraceSpan[]): readonly string[] {
  const byId = new Map<number, string>();
  return spans.map((span) => {
    const ofParent = span.parent === null ? undefined : byId.get(span.parent);
    const service = serviceOf(span, ofParent ?? CLIENTS);
    byId.set(span.id, service);
    return service;
  });
}

function serviceOf({ kind, name }: TraceSpan, ofParent: string): string {
  if (kind === 'call') return name.split('→')[0] || ofParent;
  return kind === 'server' ? name : ofParent;
}

/** @param digits - Hexadecimal; the last one is never 0, so that no id is all zeros. */
function hashed(text: string, digits: number): string {
  const id = createHash('sha256').update(text).digest('hex').slice(0, digits);
  return id.endsWith('0') ? `${id.slice(0, -1)}1` : id;
}
