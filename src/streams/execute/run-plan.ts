/** Runs a plan in process: records go in by source and partition, rows of results and of side
 * outputs come out, everything between two calls is done. It has no clock: event time comes from
 * the records, process time is told. Its whole state can be saved and put back. Spec: W41, W42. */
import { ignoreElements, Observable, Subject, type Subscriber, tap } from 'rxjs';
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import { hashValue, hashWords } from '../aggregates/hash-value.ts';
import type { VersionedTable } from '../joins/versioned-table.ts';
import { restoring } from '../operators/restoring.ts';
import { type SideRow, through } from '../operators/stage.ts';
import type { StepCount } from '../operators/step-counts.ts';
import { functionsByName, type PlanFunction } from '../plan/functions.ts';
import { parsePlan } from '../plan/parse-plan.ts';
import type { PipelinePlan } from '../plan/plan.ts';
import type { StreamItem } from '../stream-item.ts';
import { refuseSnapshot } from '../watermarks/saved-number.ts';
import type { PlanRow } from './compile-expression.ts';
import { compileSteps, type PlanStage } from './compile-plan.ts';
import { PlanSource, type RejectedRecord } from './plan-source.ts';

/** A result: columns of the last step, and its event time. */
export interface PlanResult {
  readonly row: PlanRow;
  readonly timeUs: number;
}

/** What a run needs besides the plan. */
export interface RunPlanOptions {
  /** Partitions of each source, or of all; default 1. */
  readonly partitions?: number | Readonly<Record<string, number>>;
  /** Tables that lookups name. Those that are not frozen are saved with the run. */
  readonly tables?: Readonly<Record<string, VersionedTable>>;
  /** Bodies of the functions that the plan names. */
  readonly functions?: readonly PlanFunction[];
  /** Records to read until they end, as the first source's only partition; then the run ends. What
   * is there at once is read before `runPlan` returns: its results go to `onResult` alone. */
  readonly records$?: Observable<unknown>;
  /** Takes results without RxJS; what it throws, `push` throws. */
  readonly onResult?: (result: PlanResult) => void;
}

/** A running plan. */
export interface PlanRun extends Checkpointable {
  readonly results$: Observable<PlanResult>;
  /** Rows of a side output. @throws EngineError `STREAMS_BAD_ARGUMENT` for a name of none. */
  output(name: string): Observable<SideRow<PlanRow>>;
  /** Records that are no rows, and rows whose functions failed, with the reason. */
  readonly rejected$: Observable<RejectedRecord>;
  /** A record of the first source. What the run throws, every later call throws too. */
  push(record: unknown, partition?: number): void;
  /** A record of a named source: the first one, or that of a join. */
  pushTo(source: string, record: unknown, partition?: number): void;
  /** Process time moved on: silent partitions let go, triggers by process time fire. */
  passProcessTime(nowUs: number): void;
  /** The streams are over: everything fires, and the outputs complete. */
  finish(): void;
  /** One entry for each source and step, in their order. */
  counts(): readonly StepCount[];
  /** Keys, rows and windows that are held: 0 after the end, apart from tables. */
  readonly stateSize: number;
  /** The first source's. */
  readonly watermarkUs: number;
}

/** Starts a plan. @throws EngineError `PLAN_INVALID` for a plan that is wrong, or functions and
 * tables that it names and that are not given. */
export function runPlan(plan: PipelinePlan, options: RunPlanOptions = {}): PlanRun {
  const run = new Run(parsePlan(plan), options);
  if (options.records$ !== undefined) run.read(options.records$);
  return run;
}

interface SavedRun {
  readonly plan: string;
  readonly sources: readonly PlainValue[];
  readonly stages: readonly PlainValue[];
  readonly tables: readonly (readonly [string, PlainValue])[];
}

class Run implements PlanRun {
  readonly #plan: PipelinePlan;
  readonly #tables: Readonly<Record<string, VersionedTable>>;
  readonly #stages: readonly PlanStage[];
  readonly #first: PlanSource;
  readonly #sources = new Map<string, PlanSource>();
  readonly #results$ = new Subject<PlanResult>();
  readonly #rejected$ = new Subject<RejectedRecord>();
  readonly #outputs = new Map<string, Subject<SideRow<PlanRow>>>();
  readonly #onResult: ((result: PlanResult) => void) | undefined;
  /** Whether a source was silent when it was last looked at. */
  #isAnyIdle = false;
  #failure: { readonly error: unknown } | undefined;
  readonly results$ = this.#results$.asObservable();
  readonly rejected$ = this.#rejected$.asObservable();

  constructor(plan: PipelinePlan, options: RunPlanOptions) {
    const { tables = {}, functions = [], onResult } = options;
    this.#plan = plan;
    this.#tables = tables;
    this.#onResult = onResult;
    for (const name of outputsOf(plan)) this.#outputs.set(name, new Subject());
    this.#stages = compileSteps(plan.steps, {
      functions: functionsByName(functions),
      tableOf: (name) => tables[name] ?? missingTable(name),
      onSide: (output, step, side) => this.#side(output, step, side),
    });
    const onRejected = (rejected: RejectedRecord) => this.#rejected$.next(rejected);
    const partitionsOf = (name: string) => partitionCount(options.partitions, name);
    const chain = this.#connect();
    const { source } = plan;
    const partitions = partitionsOf(source.name);
    this.#first = new PlanSource(source, {
      partitions,
      emit: (item) => chain.next(item),
      onRejected,
    });
    this.#sources.set(source.name, this.#first);
    for (const { join } of this.#stages) {
      if (join === undefined) continue;
      const { name } = join.source;
      const emit = (item: StreamItem<PlanRow>) => join.stage.takeRight(item);
      const right = new PlanSource(join.source, {
        partitions: partitionsOf(name),
        emit,
        onRejected,
      });
      this.#sources.set(name, right);
    }
  }

  /** Builds the RxJS chain and subscribes to it. @returns its entry. */
  #connect(): Subscriber<StreamItem<PlanRow>> {
    let entry: Subscriber<StreamItem<PlanRow>> | undefined;
    let items$ = new Observable<StreamItem<PlanRow>>((subscriber) => {
      entry = subscriber;
    });
    for (const { stage } of this.#stages) items$ = items$.pipe(through(stage));
    items$.subscribe({
      next: (item) => {
        if (item.kind === 'row') this.#result(item);
      },
      error: (error) => this.fail(error),
    });
    return entry as unknown as Subscriber<StreamItem<PlanRow>>;
  }

  #result({ row, timeUs }: PlanResult): void {
    const result = { row, timeUs };
    if (this.#results$.observed) this.#results$.next(result);
    if (this.#onResult === undefined) return;
    try {
      this.#onResult(result);
    } catch (error) {
      this.fail(error);
    }
  }

  #side(output: string | null, step: string, side: SideRow<PlanRow>): void {
    if (output === null) this.#rejected$.next({ step, ...side });
    else this.#outputs.get(output)?.next(side);
  }

  /** Reads a stream to its end. @throws what fails before it returns; what fails later is told to
   * those who observe, or, where there are none, left to RxJS to report. */
  read(records$: Observable<unknown>): void {
    let isReturned = false;
    const push = (record: unknown) => this.push(record);
    const finish = () => this.finish();
    records$.pipe(tap({ next: push, complete: finish }), ignoreElements()).subscribe({
      error: (error) => {
        const isTold = this.#subjects().length > 0 || this.#failure !== undefined;
        this.fail(error);
        if (isReturned && !isTold) throw error;
      },
    });
    isReturned = true;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Ends the run with an error; `push` throws it. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    this.#failure = { error };
    for (const subject of this.#subjects()) subject.error(error);
  }

  #subjects(): Subject<never>[] {
    const all = [this.#results$, this.#rejected$, ...this.#outputs.values()];
    return all.filter((subject) => subject.observed) as unknown as Subject<never>[];
  }

  output(name: string): Observable<SideRow<PlanRow>> {
    const output = this.#outputs.get(name);
    if (output !== undefined) return output.asObservable();
    const names = [...this.#outputs.keys()].join(', ');
    const message = `side output "${name}": the plan has ${names === '' ? 'none' : names}`;
    throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'output', found: name });
  }

  push(record: unknown, partition = 0): void {
    this.#first.push(record, partition);
    if (this.#isAnyIdle) this.#passIdle();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  pushTo(source: string, record: unknown, partition = 0): void {
    const known = this.#sources.get(source);
    if (known === undefined) {
      const message = `source "${source}": the plan has ${[...this.#sources.keys()].join(', ')}`;
      throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'source', found: source });
    }
    known.push(record, partition);
    if (this.#isAnyIdle) this.#passIdle();
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  passProcessTime(nowUs: number): void {
    for (const source of this.#sources.values()) source.passProcessTime(nowUs);
    this.#passIdle();
    for (const { stage } of this.#stages) stage.passProcessTime(nowUs);
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Tells joins which of their sides are silent: a source with an idle timeout does not hold the
   * other one back. */
  #passIdle(): void {
    let isLeftIdle = this.#first.isIdle;
    this.#isAnyIdle = isLeftIdle;
    for (const { join } of this.#stages) {
      if (join === undefined) continue;
      const isRightIdle = this.#sources.get(join.source.name)?.isIdle === true;
      join.stage.setIdle({ left: isLeftIdle, right: isRightIdle });
      this.#isAnyIdle ||= isRightIdle;
      isLeftIdle &&= isRightIdle;
    }
  }

  finish(): void {
    // A stream that ends is not silent.
    for (const { join } of this.#stages) join?.stage.setIdle({ left: false, right: false });
    for (const source of this.#sources.values()) source.end();
    if (this.#failure !== undefined) throw this.#failure.error;
    for (const subject of this.#subjects()) subject.complete();
  }

  counts(): readonly StepCount[] {
    return [...this.#sources.values(), ...this.#stages.map(({ stage }) => stage)].map((part) =>
      part.counts(),
    );
  }

  get stateSize(): number {
    return this.#stages.reduce((sum, { stage }) => sum + stage.stateSize, 0);
  }

  get watermarkUs(): number {
    return this.#first.watermarkUs;
  }

  snapshot(): PlainValue {
    const saved: SavedRun = {
      plan: fingerprint(this.#plan),
      sources: [...this.#sources.values()].map((source) => source.snapshot()),
      stages: this.#stages.map(({ stage }) => stage.snapshot()),
      tables: this.#changingTables().map(([name, one]) => [name, one.snapshot()]),
    };
    return saved as unknown as PlainValue;
  }

  restore(saved: PlainValue): void {
    const what = `a run of "${this.#plan.name}"`;
    const found = (saved ?? {}) as unknown as Partial<SavedRun>;
    if (found.plan !== fingerprint(this.#plan)) {
      refuseSnapshot(what, 'it was saved by another plan');
    }
    const { sources = [], stages = [], tables = [] } = found;
    const changing = this.#changingTables();
    if (tables.length !== changing.length) {
      refuseSnapshot(what, `it has ${tables.length} tables, and ${changing.length} were given`);
    }
    restoring(what, () => {
      [...this.#sources.values()].forEach((source, n) => {
        source.restore(sources[n] ?? null);
      });
      this.#stages.forEach(({ stage }, n) => {
        stage.restore(stages[n] ?? null);
      });
      this.#passIdle();
      changing.forEach(([name, one], n) => {
        const [savedName, state] = tables[n] ?? [];
        if (savedName !== name) refuseSnapshot(what, `table "${name}" is not in it`);
        one.restore(state ?? null);
      });
    });
  }

  /** Tables that are saved, by name. */
  #changingTables(): [string, VersionedTable][] {
    return Object.entries(this.#tables)
      .filter(([, { isFrozen }]) => !isFrozen)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

function outputsOf(plan: PipelinePlan): string[] {
  return plan.steps.flatMap((step) => {
    if (step.kind === 'divert') return [step.output];
    return step.kind === 'window' && step.lateOutput !== undefined ? [step.lateOutput] : [];
  });
}

function partitionCount(partitions: RunPlanOptions['partitions'], source: string): number {
  const count = typeof partitions === 'object' ? (partitions[source] ?? 1) : (partitions ?? 1);
  if (Number.isSafeInteger(count) && count > 0) return count;
  const message = `source "${source}" with ${count} partitions: at least 1`;
  throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'partitions', found: count });
}

function missingTable(name: string): never {
  const rule = `give { tables: { "${name}": createVersionedTable(…) } } to the run`;
  const problems = [{ path: `tables.${name}`, found: 'nothing', rule }];
  throw new EngineError('PLAN_INVALID', `table "${name}" is not given; ${rule}`, { problems });
}

/** Tells plans apart; equal plans have equal ones. */
function fingerprint(plan: PipelinePlan): string {
  hashValue(JSON.stringify(plan));
  return Array.from(hashWords, (word) => word.toString(16).padStart(8, '0')).join('');
}
