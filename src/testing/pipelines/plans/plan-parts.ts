/** What a check of a plan needs besides its properties: records for its sources, how results are
 * read, its own batch SQL, and the counts of its last window. */

import fc from 'fast-check';
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { PlanRow } from '../../../streams/execute/compile-expression.ts';
import { parsePlan } from '../../../streams/plan/parse-plan.ts';
import type { PipelinePlan, PlanStep, SourceSpec } from '../../../streams/plan/plan.ts';
import { disordered, type EventStreamOptions, listsOf } from '../../arbitraries/event-streams.ts';
import { planRecords, recordStamp } from '../../arbitraries/plan-records.ts';
import type { StampRow } from '../delivery.ts';
import type { PlanKnowledge, ResultReading } from '../pipeline-case.ts';
import type { StreamedEvent, StreamTrial } from '../stream-trial.ts';
import type { PlanSubject, StartPipeline } from '../subject.ts';
import { batchDifference, openPlanOracle, type PlanOracle } from './plan-oracle.ts';
import { planWindowDifference } from './plan-windows.ts';
import { type PlanRecord, startPlan } from './start-plan.ts';

/** A pipeline made ready to be checked. */
export interface PipelineParts<Row, Result> extends ResultReading<Result> {
  readonly name: string;
  readonly start: StartPipeline<Row, Result>;
  readonly stamp: StampRow<Row>;
  readonly streams: fc.Arbitrary<StreamTrial<Row>>;
  readonly plan: PlanKnowledge<Row, Result> | undefined;
  close?(): void;
}

/** What can be said otherwise than by the plan. */
export interface PlanPartsOptions extends ResultReading<PlanRow> {
  readonly name?: string | undefined;
  readonly events?: Partial<EventStreamOptions<PlanRecord>> | undefined;
  readonly streams?: fc.Arbitrary<StreamTrial<PlanRecord>> | undefined;
  readonly stamp?: StampRow<PlanRecord> | undefined;
}

/** Makes a plan ready. @throws EngineError `PLAN_INVALID`. */
export function planParts(
  subject: PlanSubject,
  options: PlanPartsOptions,
): PipelineParts<PlanRecord, PlanRow> {
  const plan = parsePlan(subject.plan);
  const { events = {} } = options;
  const sources = sourceSpecs(plan);
  const partitions = events.partitions ?? 1;
  let oracle: PlanOracle | undefined;
  return {
    name: options.name ?? plan.name,
    start: startPlan(subject, partitions),
    stamp: options.stamp ?? recordStamp(plan, sources),
    streams: options.streams ?? planStreams(plan, sources, events),
    resultKey: options.resultKey ?? resultKeyOf(plan),
    isRetraction: options.isRetraction ?? (({ is_retraction: is }) => is === true),
    compared: options.compared ?? withoutPane,
    plan: {
      batchDifference(seen) {
        oracle ??= openPlanOracle(subject);
        return batchDifference(subject, oracle, seen);
      },
      windowDifference: (seen) => planWindowDifference(subject, seen),
    },
    close: () => oracle?.close(),
  };
}

/** A plan's sources, the first one first. */
function sourceSpecs({ source, steps }: PipelinePlan): readonly SourceSpec[] {
  return [source, ...steps.flatMap((step) => (step.kind === 'interval-join' ? [step.right] : []))];
}

const EVENTS_MAX = 24;

/** Streams with the disorder that the plan's first source allows for. */
function planStreams(
  plan: PipelinePlan,
  sources: readonly SourceSpec[],
  given: Partial<EventStreamOptions<PlanRecord>>,
): fc.Arbitrary<StreamTrial<PlanRecord>> {
  const { stepUs = US_PER_SECOND, maxEvents = EVENTS_MAX } = given;
  const spanUs = given.spanUs ?? defaultSpanUs(plan, stepUs);
  const time = fc.nat(Math.floor(spanUs / stepUs)).map((step) => step * stepUs);
  const ofSources = sources.map((source, n) =>
    fc.tuple(time, given.row ?? planRecords(plan, source)).map(
      ([timeUs, row]): StreamedEvent<PlanRecord> => ({
        timeUs,
        row,
        ...(n === 0 ? {} : { source: source.name }),
      }),
    ),
  );
  const events = listsOf(fc.oneof(...ofSources), maxEvents);
  return disordered(events, {
    boundUs: boundOf(plan),
    idleTimeoutUs: plan.source.idleTimeoutUs,
    poison: fc.constantFrom<unknown>(null, 'no record', {}),
    faults: ['poison', 'stall', 'crash'],
    ...given,
    stepUs,
    spanUs,
  });
}

/** Some windows long. */
function defaultSpanUs({ steps }: PipelinePlan, stepUs: number): number {
  const sizes = steps.map((step) => {
    if (step.kind !== 'window') return 0;
    const { assign } = step.window;
    if ('sizeUs' in assign) return 3 * assign.sizeUs;
    if ('maxSizeUs' in assign) return 2 * assign.maxSizeUs;
    return assign.kind === 'session' && typeof assign.gapUs === 'number' ? 5 * assign.gapUs : 0;
  });
  return Math.max(60 * stepUs, ...sizes);
}

/** Disorder that changes no result. Sessions that merge where they touch (Flink's) may be gone at
 * the very instant that an event touches them: there it is 1 µs less than watermarks allow for. */
function boundOf({ source: { watermark }, steps }: PipelinePlan): number {
  if (watermark.kind !== 'bounded') return 0;
  const touches = steps.some((step) => {
    if (step.kind !== 'window') return false;
    const { assign } = step.window;
    return assign.kind === 'session' && assign.touch !== 'split';
  });
  return Math.max(0, watermark.boundUs - (touches ? 1 : 0));
}

/** Which pane of a window told a result hangs on the order of arrival; what it says does not. */
function withoutPane({
  pane_timing: _,
  pane_index: __,
  is_retraction: ___,
  ...row
}: PlanRow): PlanRow {
  return row;
}

/** What makes a result's identity: keys and window, or the sink's key. */
function resultKeyOf(plan: PipelinePlan): ((row: PlanRow) => string) | undefined {
  const last = plan.steps.findLast(
    (step): step is Extract<PlanStep, { kind: 'window' }> => step.kind === 'window',
  );
  const isLast = last !== undefined && plan.steps.at(-1) === last;
  if (isLast && last.top === undefined) {
    return keyBy([...Object.keys(last.keys), 'window_start', 'window_end']);
  }
  return plan.sink.mode === 'upsert' ? keyBy(plan.sink.key) : undefined;
}

function keyBy(names: readonly string[]): (row: PlanRow) => string {
  return (row) => JSON.stringify(names.map((name) => row[name]));
}
