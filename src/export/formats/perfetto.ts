/** A run as a Chrome trace, for ui.perfetto.dev and chrome://tracing: each kept page is a process
 * whose lanes nest, the run's series are counters, faults are asynchronous events. Times are µs
 * since the start of the run. Source: Trace Event Format. Spec: X54–X57. */

import type { ArchitectureResult, RunDocument } from '../../experiment/result.ts';
import { US_PER_MINUTE } from '../../kernel/time.ts';
import type { ExportFormat } from '../export-format.ts';
import { placeInLanes } from '../traces/lanes.ts';
import { traceRefusal } from '../traces/trace-refusal.ts';
import { isFailed, type NamedTrace, namedTraces } from '../traces/trace-spans.ts';

/** JSON object format, one event a line. */
export const PERFETTO: ExportFormat = {
  name: 'perfetto',
  mediaType: 'application/json',
  extension: 'perfetto.json',
  refusal: traceRefusal,
  render(document) {
    const run = document as RunDocument;
    const events = eventsOf(run).map((event) => JSON.stringify(event));
    const otherData = { scenario: run.scenario, digest: run.digest, backlot: run.backlot };
    return [
      '{"displayTimeUnit":"ms",',
      `"otherData":${JSON.stringify(otherData)},`,
      `"traceEvents":[\n${events.join(',\n')}\n]}\n`,
    ].join('\n');
  },
};

type TraceEvent = Readonly<Record<string, unknown>>;

function eventsOf(run: RunDocument): readonly TraceEvent[] {
  let pid = 1;
  const events: TraceEvent[] = faultEvents(run, pid);
  for (const subject of run.architectures) {
    pid += 1;
    events.push(...processHead(pid, `${subject.name}: run`), ...counterEvents(subject, pid));
    // The longest first: what people look for stands on top.
    const traces = [...namedTraces(subject)].sort(
      (a, b) => b.trace.pageLoadTimeUs - a.trace.pageLoadTimeUs,
    );
    for (const named of traces) {
      pid += 1;
      events.push(...pageEvents(subject, named, pid));
    }
  }
  return events;
}

function faultEvents({ faults }: RunDocument, pid: number): TraceEvent[] {
  if (faults.length === 0) return [];
  const events = faults.flatMap(({ kind, target, fromMinute, toMinute, variants }, id) => {
    const common = { cat: 'fault', name: `${kind} ${target}`, id, pid, tid: 0 };
    const args = variants === undefined ? {} : { variants: variants.join(', ') };
    return [
      { ...common, ph: 'b', ts: Math.round(fromMinute * US_PER_MINUTE), args },
      { ...common, ph: 'e', ts: Math.round(toMinute * US_PER_MINUTE) },
    ];
  });
  return [...processHead(pid, 'faults'), ...events];
}

function pageEvents(
  subject: ArchitectureResult,
  { trace, spans }: NamedTrace,
  pid: number,
): readonly TraceEvent[] {
  const seconds = (trace.pageLoadTimeUs / 1e6).toFixed(3);
  const words = [subject.name, trace.request, trace.page, `${seconds} s`, trace.outcome];
  const namedById = new Map(spans.map((one) => [one.span.id, one]));
  const placed = placeInLanes(spans.map(({ span }) => span));
  const lanes = [...new Set(placed.map(({ lane }) => lane))].sort((a, b) => a - b);
  return [
    ...processHead(pid, words.join(' · ')),
    ...lanes.map((tid) => ({
      ph: 'M',
      name: 'thread_name',
      pid,
      tid,
      args: { name: tid === 0 ? 'page' : `at the same time ${tid}` },
    })),
    ...placed.map(({ span, lane }) => ({
      ph: 'X',
      name: namedById.get(span.id)?.name,
      cat: span.kind,
      pid,
      tid: lane,
      ts: span.startUs,
      dur: span.durationUs,
      // A reserved colour of the format: failures are red, as their outcome says in words.
      ...(isFailed(span) ? { cname: 'terrible' } : {}),
      args: {
        service: namedById.get(span.id)?.service,
        ...(span.outcome === null ? {} : { outcome: span.outcome }),
        ...(span.parent === null ? { keptBecause: trace.reasons.join(', ') } : {}),
      },
    })),
  ];
}

/** Series with values become counters: a track a name, a line a series. */
function counterEvents({ series, path }: ArchitectureResult, pid: number): readonly TraceEvent[] {
  const named = {
    'page-load time, ms': series.pageLoadTimeMs,
    utilization: series.utilization,
    'waiting for a worker': path?.queues ?? [],
    'ready replicas': series.replicas,
    'consumer lag, events': series.consumerLag,
    'pages a minute': [
      { name: 'asked', values: series.requestsPerMinute },
      { name: 'shown', values: series.goodPerMinute },
      { name: 'errors', values: series.errorsPerMinute },
    ],
  };
  return Object.entries(named).flatMap(([name, all]) =>
    series.minutes.flatMap((minute, i) => {
      const args = Object.fromEntries(
        all.flatMap((one) => {
          const value = one.values[i];
          return value === null || value === undefined ? [] : [[one.name, value] as const];
        }),
      );
      if (Object.keys(args).length === 0) return [];
      return [{ ph: 'C', name, pid, tid: 0, ts: Math.round(minute * US_PER_MINUTE), args }];
    }),
  );
}

/** Its name, and its place among the others: that of the file. */
function processHead(pid: number, name: string): readonly TraceEvent[] {
  const common = { ph: 'M', pid, tid: 0 };
  return [
    { ...common, name: 'process_name', args: { name } },
    { ...common, name: 'process_sort_index', args: { sort_index: pid } },
  ];
}
