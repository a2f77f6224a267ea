/** `checkPipeline`: holds a pipeline (an RxJS operator, a stage, a plan, any function over events)
 * against streams with disorder and faults. Ten lines in any test runner. Spec: T84–T96. */
import type fc from 'fast-check';
import { EngineError } from '../../kernel/errors.ts';
import type { PlanRow } from '../../streams/execute/compile-expression.ts';
import type { PipelinePlan } from '../../streams/plan/plan.ts';
import { type EventStreamOptions, eventStreams } from '../arbitraries/event-streams.ts';
import type { CheckOptions, CheckReport } from '../check/check-options.ts';
import { type Broken, type Check, runCheck } from '../check/run-check.ts';
import type { StampRow } from './delivery.ts';
import { type PipelineCase, pipelineCase, type ResultReading } from './pipeline-case.ts';
import { type PipelineParts, type PlanPartsOptions, planParts } from './plans/plan-parts.ts';
import type { PlanRecord } from './plans/start-plan.ts';
import type { PipelineProperty } from './properties/property.ts';
import { smallerStreams } from './smaller-streams.ts';
import { startFunction, startOperator, startRows, startStage } from './start-operator.ts';
import { streamDiagram } from './stream-story.ts';
import { type StreamTrial, streamSize } from './stream-trial.ts';
import type { OperatorSubject, PipelineSubject, PlanSubject, StartPipeline } from './subject.ts';

/** What is drawn, and how rows and results are read. */
export interface CheckPipelineOptions<Row, Result> extends CheckOptions, ResultReading<Result> {
  /** Rows and their disorder. Plans have rows of their source's types by default. */
  readonly events?: Partial<EventStreamOptions<Row>>;
  /** Whole streams, instead. */
  readonly streams?: fc.Arbitrary<StreamTrial<Row>>;
  /** Puts the event's time, and its number, into a row; plans do it by themselves.
   * `(row, { timeUs }) => ({ ...row, at: timeUs / 1000 })` */
  readonly stamp?: StampRow<Row>;
}

const SHRINK_RUNS = 2_000;
const STEP_US = 1_000_000;

/** Holds a pipeline against drawn streams.
 * @returns what was done; to be awaited. @throws CheckFailure with the story of the smallest
 * counterexample. EngineError `TESTING_BAD_ARGUMENT` for properties that the pipeline cannot have,
 * `TESTING_BAD_TOKEN`, `TESTING_CORPUS_UNREADABLE`, and what plans throw. */
export async function checkPipeline(
  plan: PipelinePlan | PlanSubject,
  properties: readonly PipelineProperty<PlanRecord, PlanRow>[],
  options?: CheckPipelineOptions<PlanRecord, PlanRow>,
): Promise<CheckReport>;
export async function checkPipeline<Row, Result>(
  subject: OperatorSubject<Row, Result>,
  properties: readonly PipelineProperty<NoInfer<Row>, NoInfer<Result>>[],
  options: CheckPipelineOptions<NoInfer<Row>, NoInfer<Result>>,
): Promise<CheckReport>;
export async function checkPipeline<Row, Result>(
  subject: PipelineSubject<Row, Result>,
  properties: readonly PipelineProperty<Row, Result>[],
  options: CheckPipelineOptions<Row, Result> = {},
): Promise<CheckReport> {
  const parts = partsOf(subject, options);
  try {
    requireFit(properties, parts);
    return await runCheck(pipelineCheck(parts, properties, options), options);
  } finally {
    parts.close?.();
  }
}

function pipelineCheck<Row, Result>(
  parts: PipelineParts<Row, Result>,
  properties: readonly PipelineProperty<Row, Result>[],
  options: CheckPipelineOptions<Row, Result>,
): Check<StreamTrial<Row>> {
  const stepUs = options.events?.stepUs ?? STEP_US;
  const caseOf = (trial: StreamTrial<Row>) => pipelineCase(trial, parts);
  return {
    kind: 'pipeline',
    name: parts.name,
    inputs: parts.streams,
    judge: (trial, only) => judge(caseOf(trial), properties, only),
    smaller: (trial) => smallerStreams(trial, stepUs),
    sizeOf: streamSize,
    diagramOf: (trial) => streamDiagram(parts.name, trial, caseOf(trial).outcome),
    words: { command: 'event', fault: 'fault' },
    shrinkRuns: SHRINK_RUNS,
  };
}

/** Holds for every run, whatever is asked. */
const THROWS_NOTHING = 'throws-nothing';

async function judge<Row, Result>(
  seen: PipelineCase<Row, Result>,
  properties: readonly PipelineProperty<Row, Result>[],
  only: string | undefined,
): Promise<Broken | undefined> {
  const { thrown } = seen.outcome;
  if (thrown !== undefined) {
    if (only !== undefined && only !== THROWS_NOTHING) return undefined;
    const claim = 'nothing that can arrive makes the pipeline throw';
    return { property: THROWS_NOTHING, claim, finding: String(thrown.error) };
  }
  for (const property of properties) {
    const { name, claim } = property;
    if (only !== undefined && only !== name) continue;
    const finding = await property.check(seen);
    if (finding !== undefined) return { property: name, claim, finding };
  }
  return undefined;
}

function partsOf<Row, Result>(
  subject: PipelineSubject<Row, Result>,
  options: CheckPipelineOptions<Row, Result>,
): PipelineParts<Row, Result> {
  if ('schema' in subject || 'plan' in subject) {
    const plan = 'schema' in subject ? { plan: subject } : subject;
    const ofPlan = options as unknown as PlanPartsOptions;
    return planParts(plan, ofPlan) as unknown as PipelineParts<Row, Result>;
  }
  const { events, streams, stamp = (row: Row) => row } = options;
  const start = startOf(subject);
  const name = options.name ?? 'pipeline';
  const drawn = streams ?? streamsOf(events);
  const { resultKey, isRetraction, compared } = options;
  const reading = { resultKey, isRetraction, compared };
  return { ...reading, name, start, stamp, streams: drawn, plan: undefined };
}

function startOf<Row, Result>(subject: OperatorSubject<Row, Result>): StartPipeline<Row, Result> {
  if ('stage' in subject) return startStage(subject);
  if ('operator' in subject) return startOperator(subject);
  if ('rows' in subject) return startRows(subject);
  return startFunction(subject);
}

function streamsOf<Row>(
  events: Partial<EventStreamOptions<Row>> | undefined,
): fc.Arbitrary<StreamTrial<Row>> {
  if (events?.row !== undefined) return eventStreams({ ...events, row: events.row });
  const message =
    'checkPipeline: no rows to draw; give { events: { row: fc.record({ … }) } }, or { streams }';
  throw new EngineError('TESTING_BAD_ARGUMENT', message, { argument: 'events', found: events });
}

/** Refuses properties that cannot fail for what is checked. */
function requireFit<Row, Result>(
  properties: readonly PipelineProperty<Row, Result>[],
  { start, plan }: PipelineParts<Row, Result>,
): void {
  if (properties.length === 0) throw misfit([], 'no property to hold; name at least one');
  const nothing = () => {};
  const run = start({ result: nothing, watermark: nothing, late: nothing, rejected: nothing });
  for (const { name, needsSnapshots, needsCounts, needsPlan } of properties) {
    if (needsSnapshots === true && run.snapshots === undefined) {
      const remedy = 'give a stage that extends Stage of backlot/streams: { stage: … }';
      throw misfit(name, `${name}: the pipeline has no snapshots; ${remedy}`);
    }
    if (needsCounts === true && run.counts() === undefined) {
      const remedy = 'say how many events a result counts, by the argument';
      throw misfit(name, `${name}: the pipeline keeps no counts; ${remedy}`);
    }
    if (needsPlan === true && plan === undefined) {
      throw misfit(name, `${name}: only plans know what is right; say it, by the argument`);
    }
  }
}

function misfit(found: unknown, problem: string): EngineError {
  const details = { argument: 'properties', found };
  return new EngineError('TESTING_BAD_ARGUMENT', `checkPipeline: ${problem}`, details);
}
