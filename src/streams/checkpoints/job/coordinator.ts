/** Decides when a checkpoint begins and when it is complete: once every part and every sink has
 * answered, and the store has it. One at a time; one that fails is aborted, and what was pending
 * becomes part of the next. Spec: W118, W119. */
import type { CheckpointSink, CheckpointStore } from '../../../domain/checkpoint-ports.ts';
import type { Checkpointable, PlainValue } from '../../../domain/plain-value.ts';
import { invariant } from '../../../kernel/errors.ts';
import { savedNumber } from '../../watermarks/saved-number.ts';
import { savedFields } from '../snapshot-refused.ts';
import type { JobRow } from './job-item.ts';

/** When a checkpoint begins: as soon as one of these is reached. */
export interface JobTrigger {
  /** Records read since the last one began. */
  readonly everyRecords?: number;
  /** Bytes read since the last one began; records without a size count as 0. */
  readonly everyBytes?: number;
  /** Process time since the last one began, where anything was read since. */
  readonly everyUs?: number;
}

/** What a coordinator is made of. */
export interface CoordinatorOptions {
  readonly trigger: JobTrigger;
  readonly store: CheckpointStore;
  readonly sinks: ReadonlyMap<string, CheckpointSink<JobRow>>;
  /** Names of sources and parts, all of which must answer. */
  readonly parts: readonly string[];
  /** Makes one text of all states. */
  readonly seal: (states: { readonly [part: string]: PlainValue }) => string;
  /** Tells the parts that a checkpoint will not be. */
  readonly onAbort: (checkpoint: number) => void;
}

/** What checkpoints did so far, since the job was made. */
export interface CheckpointCounts {
  readonly completed: number;
  readonly aborted: number;
  /** Size of the last complete one, in characters; 0 before. */
  readonly stateSize: number;
}

/** The coordinator of one job. */
export class Coordinator implements Checkpointable {
  readonly #options: CoordinatorOptions;
  readonly #answers = new Map<string, PlainValue>();
  readonly #sinkAnswers = new Set<string>();
  #current: number | undefined;
  #last = 0;
  #records = 0;
  #bytes = 0;
  #begunUs: number | undefined;
  #counts = { completed: 0, aborted: 0, stateSize: 0 };
  #failure: { readonly cause: unknown } | undefined;

  constructor(options: CoordinatorOptions) {
    this.#options = options;
  }

  /** The checkpoint under way. */
  get current(): number | undefined {
    return this.#current;
  }

  /** Number of the last one begun or restored. */
  get last(): number {
    return this.#last;
  }

  /** Whether records were read since the last one began. */
  get hasNews(): boolean {
    return this.#records > 0;
  }

  get counts(): CheckpointCounts {
    return { ...this.#counts };
  }

  /** A record was read. */
  note(sizeBytes: number): void {
    this.#records += 1;
    this.#bytes += sizeBytes;
  }

  isDue(processTimeUs: number): boolean {
    this.#begunUs ??= processTimeUs;
    if (this.#current !== undefined || this.#records === 0) return false;
    const never = Number.POSITIVE_INFINITY;
    const { everyRecords = never, everyBytes = never, everyUs = never } = this.#options.trigger;
    return (
      this.#records >= everyRecords ||
      this.#bytes >= everyBytes ||
      processTimeUs - this.#begunUs >= everyUs
    );
  }

  /** Begins a checkpoint. @returns its number, for the barriers. */
  begin(processTimeUs: number): number {
    invariant(this.#current === undefined, 'CHECKPOINTS_OVERLAP', { current: this.#current });
    this.#last += 1;
    this.#current = this.#last;
    this.#records = 0;
    this.#bytes = 0;
    this.#begunUs = processTimeUs;
    this.#answers.clear();
    this.#sinkAnswers.clear();
    return this.#last;
  }

  /** A source or part has taken its snapshot. */
  answer(part: string, checkpoint: number, state: PlainValue): void {
    if (checkpoint !== this.#current) return;
    this.#answers.set(part, state);
    this.#completeIfAll(checkpoint);
  }

  /** The barrier has reached a sink. */
  preCommit(sink: string, checkpoint: number): void {
    if (checkpoint !== this.#current) return;
    try {
      this.#options.sinks.get(sink)?.preCommit(checkpoint, (outcome) => {
        if (checkpoint !== this.#current) return;
        if (outcome.kind === 'failed') {
          this.abort(checkpoint, outcome.cause);
          return;
        }
        this.#sinkAnswers.add(sink);
        this.#completeIfAll(checkpoint);
      });
    } catch (cause) {
      this.abort(checkpoint, cause);
    }
  }

  /** Gives a checkpoint up. */
  abort(checkpoint: number, cause: unknown): void {
    if (checkpoint !== this.#current) return;
    this.#current = undefined;
    this.#counts.aborted += 1;
    this.#failure = { cause };
    // What was read is not saved yet: the next checkpoint is due at once.
    this.#records = Number.MAX_SAFE_INTEGER;
    this.#options.onAbort(checkpoint);
  }

  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** @throws what the last checkpoint failed with, once. */
  throwFailure(): void {
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.cause;
  }

  snapshot(): PlainValue {
    return { begunUs: savedNumber(this.#begunUs ?? Number.NEGATIVE_INFINITY) };
  }

  /** @param saved - What `snapshot` gave when the last complete checkpoint began. */
  restore(saved: PlainValue): void {
    const begunUs = savedFields(saved, 'coordinator').time('begunUs');
    this.#begunUs = Number.isFinite(begunUs) ? begunUs : undefined;
  }

  /** Goes on after a checkpoint: sinks settle what they had pending. */
  recover(lastCompleted: number): void {
    this.#last = lastCompleted;
    for (const sink of this.#options.sinks.values()) sink.recover(lastCompleted);
  }

  #completeIfAll(checkpoint: number): void {
    const { parts, sinks, store, seal } = this.#options;
    if (this.#answers.size < parts.length || this.#sinkAnswers.size < sinks.size) return;
    const states: { [part: string]: PlainValue } = {};
    for (const [part, state] of this.#answers) states[part] = state;
    const text = seal(states);
    try {
      store.save({ checkpoint, text });
    } catch (cause) {
      this.abort(checkpoint, cause);
      return;
    }
    this.#current = undefined;
    this.#counts.completed += 1;
    this.#counts.stateSize = text.length;
    for (const sink of sinks.values()) this.#commit(sink, checkpoint);
  }

  /** The checkpoint is complete whatever happens here: the next commit, or `recover`, makes up. */
  #commit(sink: CheckpointSink<JobRow>, checkpoint: number): void {
    try {
      sink.commit(checkpoint);
    } catch (cause) {
      this.#failure ??= { cause };
    }
  }
}
