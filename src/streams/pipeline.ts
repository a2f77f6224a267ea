/** The pipeline, on one screen: log → validate → dedupe → enrich → watermark → windows → sink. It
 * is driven by `poll`: read what is new, run it through synchronously, commit facts, panes, bad
 * rows and offsets together. Observers of `enriched$` and `panes$` change nothing. Spec: W1–W9. */
import { merge, type Observable, Subject, share } from 'rxjs';
import type {
  BadRow,
  EnrichedEvent,
  LateEvent,
  LogReader,
  LogRecord,
  PipelineSink,
  ReferenceData,
  StageCount,
  WindowPane,
} from '../domain/pipeline-ports.ts';
import { assignWatermarks, type WatermarkControl } from './assign-watermarks.ts';
import { dedupe } from './dedupe.ts';
import { enrich } from './enrich.ts';
import { StageCounter } from './stage-counter.ts';
import { validate } from './validate.ts';
import { countInWindows, type StreamElement, type WindowSpec } from './window.ts';

/** What a pipeline is made of. Times are durations in µs. */
export interface PipelineOptions {
  readonly log: LogReader;
  readonly sink: PipelineSink;
  readonly reference: ReferenceData;
  readonly windows: readonly WindowSpec[];
  readonly watermark: {
    /** How far events may be out of order without being late. */
    readonly boundUs: number;
    /** A partition silent for this long (process time) no longer holds the watermark back. */
    readonly idleTimeoutUs: number;
  };
  readonly allowedLatenessUs: number;
  readonly dedupeTtlUs: number;
  /** Records of one partition that one commit holds at most. */
  readonly maxRecordsPerPoll: number;
}

/** A running pipeline. */
export interface Pipeline {
  /** Processes and commits what is new. @param processTimeUs - Now, µs since the Unix epoch; never
   * less than before. @returns records read.
   * @throws what the sink threw: nothing is lost, and the next poll commits it. What a stage threw:
   * the pipeline has stopped, and throws it again. */
  poll(processTimeUs: number): number;
  /** Declares the end of the stream: closes and commits all windows. */
  finish(processTimeUs: number): void;
  counts(): readonly StageCount[];
  readonly watermarkUs: number;
  readonly enriched$: Observable<EnrichedEvent>;
  readonly panes$: Observable<WindowPane>;
}

/** Makes a pipeline that resumes where its sink left off. */
export function createPipeline(options: PipelineOptions): Pipeline {
  return new LogPipeline(options);
}

/** What has been produced since the last commit. */
interface Pending {
  facts: EnrichedEvent[];
  panes: WindowPane[];
  late: LateEvent[];
  badRows: BadRow[];
}

class LogPipeline implements Pipeline {
  readonly #options: PipelineOptions;
  readonly #records$ = new Subject<LogRecord>();
  readonly #enriched$ = new Subject<EnrichedEvent>();
  readonly #counters: Readonly<Record<'validate' | 'dedupe' | 'enrich', StageCounter>>;
  readonly #control: WatermarkControl;
  readonly #nextOffsets: number[];
  readonly panes$: Observable<WindowPane>;
  #pending: Pending = emptyPending();
  #processTimeUs = 0;
  #isCommitted = true;
  #failure: { readonly cause: unknown } | undefined;

  constructor(options: PipelineOptions) {
    this.#options = options;
    const { log, sink } = options;
    this.#nextOffsets = [...sink.committedOffsets(log.partitionCount)];
    this.#counters = {
      validate: new StageCounter('validate'),
      dedupe: new StageCounter('dedupe'),
      enrich: new StageCounter('enrich'),
    };
    const processTimeUs = () => this.#processTimeUs;
    const events$ = this.#records$.pipe(
      validate({
        counter: this.#counters.validate,
        onBadRow: (row) => this.#pending.badRows.push(row),
      }),
      dedupe({ counter: this.#counters.dedupe, ttlUs: options.dedupeTtlUs }),
      enrich({ counter: this.#counters.enrich, reference: options.reference, processTimeUs }),
    );
    const { elements$, control } = assignWatermarks(events$, {
      partitionCount: log.partitionCount,
      ...options.watermark,
    });
    this.#control = control;
    const shared$ = elements$.pipe(share());
    const panes = options.windows.map((spec) =>
      shared$.pipe(
        countInWindows({
          spec,
          allowedLatenessUs: options.allowedLatenessUs,
          processTimeUs,
          onLate: (late) => this.#pending.late.push(late),
        }),
      ),
    );
    const fail = (cause: unknown) => {
      this.#failure = { cause };
    };
    this.panes$ = merge(...panes).pipe(share());
    this.panes$.subscribe({ next: (pane) => this.#pending.panes.push(pane), error: fail });
    shared$.subscribe({ next: (element) => this.#keepFact(element), error: fail });
  }

  get enriched$(): Observable<EnrichedEvent> {
    return this.#enriched$;
  }

  get watermarkUs(): number {
    return this.#control.watermarkUs;
  }

  poll(processTimeUs: number): number {
    this.#processTimeUs = processTimeUs;
    let total = 0;
    for (let round = this.#readRound(); round > 0; round = this.#readRound()) {
      total += round;
      this.#commit();
    }
    this.#control.passProcessTime(processTimeUs);
    if (!this.#isCommitted || this.#pending.panes.length > 0) this.#commit();
    return total;
  }

  finish(processTimeUs: number): void {
    this.poll(processTimeUs);
    this.#control.end();
    this.#commit();
  }

  counts(): readonly StageCount[] {
    const { validate: first, dedupe: second, enrich: third } = this.#counters;
    return [first.counts(), second.counts(), third.counts()];
  }

  #readRound(): number {
    const { log, maxRecordsPerPoll } = this.#options;
    let read = 0;
    for (let partition = 0; partition < log.partitionCount; partition += 1) {
      const offset = this.#nextOffsets[partition] ?? 0;
      const records = log.read(partition, offset, maxRecordsPerPoll);
      const last = records.at(-1);
      if (last === undefined) continue;
      this.#isCommitted = false;
      this.#control.hear(partition, this.#processTimeUs);
      for (const record of records) this.#records$.next(record);
      this.#nextOffsets[partition] = last.offset + 1;
      read += records.length;
    }
    return read;
  }

  #keepFact(element: StreamElement): void {
    if (element.kind !== 'event') return;
    this.#pending.facts.push(element.enriched);
    if (this.#enriched$.observed) this.#enriched$.next(element.enriched);
  }

  /** What is pending stays so until the sink has taken it. */
  #commit(): void {
    if (this.#failure !== undefined) throw this.#failure.cause;
    this.#options.sink.commit({
      ...this.#pending,
      nextOffsets: [...this.#nextOffsets],
      stageCounts: this.counts(),
      watermarkUs: this.#control.watermarkUs,
      processTimeUs: this.#processTimeUs,
    });
    this.#pending = emptyPending();
    this.#isCommitted = true;
  }
}

function emptyPending(): Pending {
  return { facts: [], panes: [], late: [], badRows: [] };
}
