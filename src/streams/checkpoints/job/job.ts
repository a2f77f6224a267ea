/** A checkpointed job: sources with positions, parts with one or several inputs, sinks with two
 * phases. It is driven by `poll`: what is there is read, in order of arrival, and sent through one
 * item at a time. Barriers travel between the items; restarting from the last complete checkpoint
 * gives what would have been without the crash. Spec: W115–W121. */
import type { CheckpointSink, CheckpointStore } from '../../../domain/checkpoint-ports.ts';
import type { PlainValue } from '../../../domain/plain-value.ts';
import { EngineError, invariant } from '../../../kernel/errors.ts';
import { savedNumber } from '../../watermarks/saved-number.ts';
import { openSnapshot, sealSnapshot } from '../sealed-snapshot.ts';
import { savedFields } from '../snapshot-refused.ts';
import { type Aligner, createAligner } from './aligner.ts';
import { type CheckpointCounts, Coordinator, type JobTrigger } from './coordinator.ts';
import type { Emit, JobItem, JobOperator, JobRow, JobSource } from './job-item.ts';
import { SourceTask } from './source-task.ts';

/** A part between sources and sinks. */
export interface JobNode {
  readonly name: string;
  /** Names of sources and of nodes that stand before it in the list, or of their side outputs. */
  readonly inputs: readonly string[];
  readonly operator: JobOperator;
  /** Side outputs: read as `name.output`. */
  readonly outputs?: readonly string[];
}

/** Where a part's rows go. */
export interface JobSink {
  readonly name: string;
  readonly input: string;
  readonly sink: CheckpointSink<JobRow>;
}

/** A source that could be picked next. */
export interface ReadySource {
  readonly source: number;
  /** A barrier waits to be sent; otherwise a record. */
  readonly isBarrier: boolean;
  /** When the record came in. */
  readonly arrivalUs: number;
}

/** What a job is made of. */
export interface JobOptions {
  /** What the state belongs to: a job of another definition is refused it. */
  readonly definition: PlainValue;
  readonly sources: readonly JobSource[];
  readonly nodes: readonly JobNode[];
  readonly sinks: readonly JobSink[];
  readonly store: CheckpointStore;
  readonly trigger: JobTrigger;
  /** `skip`: barriers block nothing, and rows can be counted twice after a crash. */
  readonly alignment?: 'aligned' | 'skip';
  /** Items that alignment holds at most before only barriers are sent. Default 10,000. */
  readonly maxHeld?: number;
  /** Which of the ready sources goes next. Default: barriers, then records by arrival, then
   * sources by place, so that a run depends on nothing but its records. */
  readonly pick?: (ready: readonly ReadySource[]) => number;
}

/** A job at work. */
export interface Job {
  /** Reads and processes what is there, with checkpoints on the way. @param processTimeUs - Never
   * less than before. @returns records read.
   * @throws what a checkpoint failed with: nothing is lost, and the next poll goes on; what an
   * operator or source threw: the job is dead, and a new one goes on from the last checkpoint. */
  poll(processTimeUs: number): number;
  /** The sources are over: all windows close, and a last checkpoint is taken. @returns false while
   * a sink has not answered yet: call it again. */
  finish(processTimeUs: number): boolean;
  /** Of the last poll, or of the checkpoint resumed from; −∞ before. */
  readonly processTimeUs: number;
  readonly counts: CheckpointCounts & {
    readonly records: number;
    /** Most items that alignment held at once. */
    readonly maxHeld: number;
  };
}

/** Makes a job that goes on from the store's last checkpoint, if there is one.
 * @throws EngineError `PIPELINE_BAD_ARGUMENT` for parts that do not fit together,
 * `SNAPSHOT_REFUSED` for a checkpoint of another job. */
export function createJob(options: JobOptions): Job {
  return new BarrierJob(options);
}

const SCHEMA = 'backlot.job/1';
/** State of the job itself, beside its parts'. */
const JOB = 'job';
const MAIN = '';

/** Items and barriers of one producer to one consumer. */
interface Channel {
  item(item: JobItem): void;
  barrier(checkpoint: number): void;
}

class BarrierJob implements Job {
  readonly #options: JobOptions;
  readonly #sources: readonly SourceTask[];
  readonly #aligners: Aligner<JobItem>[] = [];
  /** By part, then by side output; the main one is ''. */
  readonly #outputs = new Map<string, ReadonlyMap<string, Channel[]>>();
  readonly #coordinator: Coordinator;
  readonly #waiting: (number | undefined)[];
  readonly #maxHeldAllowed: number;
  #processTimeUs = Number.NEGATIVE_INFINITY;
  #records = 0;
  #maxHeld = 0;
  #isUnsaved = false;
  #hasEnded = false;
  #death: { readonly cause: unknown } | undefined;

  constructor(options: JobOptions) {
    this.#options = options;
    check(options);
    const { sources, nodes, sinks, store, trigger } = options;
    this.#maxHeldAllowed = options.maxHeld ?? DEFAULT_MAX_HELD;
    this.#waiting = sources.map(() => undefined);
    for (const part of [...sources, ...nodes]) {
      this.#outputs.set(part.name, new Map(outputsOf(part).map((output) => [output, []])));
    }
    this.#coordinator = new Coordinator({
      trigger,
      store,
      sinks: new Map(sinks.map(({ name, sink }) => [name, sink])),
      parts: [JOB, ...sources.map(({ name }) => name), ...nodes.map(({ name }) => name)],
      seal: (states) => sealSnapshot(this.#seal, states),
      onAbort: (checkpoint) => this.#abort(checkpoint),
    });
    this.#sources = sources.map((source) => new SourceTask(source, this.#emitOf(source.name)));
    for (const node of nodes) this.#connectNode(node);
    for (const sink of sinks) this.#connectSink(sink);
    this.#resume(store);
  }

  get processTimeUs(): number {
    return this.#processTimeUs;
  }

  get counts() {
    return { ...this.#coordinator.counts, records: this.#records, maxHeld: this.#maxHeld };
  }

  poll(processTimeUs: number): number {
    const before = this.#records;
    this.#alive(() => {
      this.#processTimeUs = processTimeUs;
      this.#runOn();
      // A source is not silent while what it has is not read, as a failed checkpoint leaves it.
      if (this.#coordinator.hasFailed) return;
      for (const source of this.#sources) source.passProcessTime(processTimeUs);
      for (const { name, operator } of this.#options.nodes) {
        operator.passProcessTime?.(processTimeUs, this.#emitOf(name));
      }
    });
    return this.#records - before;
  }

  finish(processTimeUs: number): boolean {
    this.poll(processTimeUs);
    this.#alive(() => {
      if (!this.#hasEnded) {
        this.#hasEnded = true;
        this.#isUnsaved = true;
        for (const source of this.#sources) source.end();
      }
      if (this.#coordinator.current !== undefined || !this.#isUnsaved) return;
      this.#begin();
      this.#runOn();
    });
    return this.#coordinator.current === undefined && !this.#isUnsaved;
  }

  /** What an operator throws leaves the job between two states; what a checkpoint fails with does
   * not. */
  #alive(act: () => void): void {
    if (this.#death !== undefined) throw this.#death.cause;
    try {
      act();
    } catch (cause) {
      this.#death = { cause };
      throw cause;
    }
    this.#coordinator.throwFailure();
  }

  #runOn(): void {
    while (!this.#coordinator.hasFailed && this.#step());
  }

  /** Sends one barrier or record. @returns false where there is none. */
  #step(): boolean {
    if (this.#coordinator.isDue(this.#processTimeUs)) this.#begin();
    const next = this.#options.pick === undefined ? this.#first() : this.#picked();
    if (next < 0) return false;
    const source = this.#sources[next] as SourceTask;
    const checkpoint = this.#waiting[next];
    if (checkpoint === undefined) this.#sendRecord(source);
    else this.#sendBarrier(next, checkpoint);
    return true;
  }

  /** Barriers first, in the order of sources; then the record that came in first. */
  #first(): number {
    let best = -1;
    let bestUs = Number.POSITIVE_INFINITY;
    const isFull = this.#held() >= this.#maxHeldAllowed;
    for (const [at, source] of this.#sources.entries()) {
      if (this.#waiting[at] !== undefined) return at;
      const arrivalUs = isFull ? undefined : source.peek()?.arrivalUs;
      if (arrivalUs === undefined || arrivalUs >= bestUs) continue;
      best = at;
      bestUs = arrivalUs;
    }
    return best;
  }

  #picked(): number {
    const isFull = this.#held() >= this.#maxHeldAllowed;
    const ready: ReadySource[] = [];
    for (const [at, source] of this.#sources.entries()) {
      if (this.#waiting[at] !== undefined) {
        ready.push({ source: at, isBarrier: true, arrivalUs: this.#processTimeUs });
        continue;
      }
      const arrivalUs = isFull ? undefined : source.peek()?.arrivalUs;
      if (arrivalUs !== undefined) ready.push({ source: at, isBarrier: false, arrivalUs });
    }
    return ready[this.#options.pick?.(ready) ?? 0]?.source ?? -1;
  }

  #sendRecord(source: SourceTask): void {
    const record = source.peek();
    if (record === undefined) return;
    this.#records += 1;
    this.#isUnsaved = true;
    this.#coordinator.note(record.sizeBytes ?? 0);
    source.send(record, this.#processTimeUs);
    this.#maxHeld = Math.max(this.#maxHeld, this.#held());
  }

  #sendBarrier(at: number, checkpoint: number): void {
    const source = this.#sources[at] as SourceTask;
    this.#waiting[at] = undefined;
    this.#coordinator.answer(source.name, checkpoint, source.snapshot());
    this.#forward(source.name, checkpoint);
  }

  #begin(): void {
    const checkpoint = this.#coordinator.begin(this.#processTimeUs);
    this.#isUnsaved = false;
    this.#coordinator.answer(JOB, checkpoint, {
      processTimeUs: savedNumber(this.#processTimeUs),
      hasEnded: this.#hasEnded,
      coordinator: this.#coordinator.snapshot(),
    });
    this.#waiting.fill(checkpoint);
  }

  #abort(checkpoint: number): void {
    this.#isUnsaved = true;
    this.#waiting.fill(undefined);
    for (const aligner of this.#aligners) aligner.abort(checkpoint);
  }

  #emitOf(from: string): Emit {
    const outputs = this.#outputs.get(from) ?? new Map<string, Channel[]>();
    const main = outputs.get(MAIN) ?? [];
    const all = [...outputs.values()];
    return (item, output) => {
      if (output !== undefined && item.kind === 'row') {
        const side = outputs.get(output);
        invariant(side !== undefined, 'JOB_OUTPUT_UNKNOWN', { from, output });
        for (const channel of side) channel.item(item);
      } else if (item.kind === 'row') {
        for (const channel of main) channel.item(item);
      } else {
        for (const channels of all) for (const channel of channels) channel.item(item);
      }
    };
  }

  #forward(from: string, checkpoint: number): void {
    for (const channels of this.#outputs.get(from)?.values() ?? []) {
      for (const channel of channels) channel.barrier(checkpoint);
    }
  }

  #connect(from: string, channel: Channel): void {
    for (const [name, outputs] of this.#outputs) {
      for (const [output, channels] of outputs) {
        if (from === outputName(name, output)) channels.push(channel);
      }
    }
  }

  #held(): number {
    let held = 0;
    for (const aligner of this.#aligners) held += aligner.held;
    return held;
  }

  #connectNode({ name, inputs, operator }: JobNode): void {
    const emit = this.#emitOf(name);
    const aligner = createAligner<JobItem>({
      inputCount: inputs.length,
      mode: this.#options.alignment ?? 'aligned',
      onItem: (input, item) => operator.push(input, item, emit),
      onAligned: (checkpoint) => {
        this.#coordinator.answer(name, checkpoint, operator.snapshot());
        this.#forward(name, checkpoint);
      },
    });
    this.#aligners.push(aligner);
    for (const [input, from] of inputs.entries()) {
      this.#connect(from, {
        item: (item) => aligner.receive(input, item),
        barrier: (checkpoint) => aligner.barrier(input, checkpoint),
      });
    }
  }

  #connectSink({ name, input, sink }: JobSink): void {
    this.#connect(input, {
      item: (item) => {
        if (item.kind === 'row') sink.write(item.row);
      },
      barrier: (checkpoint) => this.#coordinator.preCommit(name, checkpoint),
    });
  }

  #resume(store: CheckpointStore): void {
    const saved = store.latest();
    this.#coordinator.recover(saved?.checkpoint ?? 0);
    if (saved === undefined) return;
    const states = savedFields(openSnapshot(this.#seal, saved.text), 'job');
    for (const source of this.#sources) source.restore(states.value(source.name));
    for (const { name, operator } of this.#options.nodes) operator.restore(states.value(name));
    const job = states.fields(JOB);
    this.#processTimeUs = job.time('processTimeUs');
    this.#hasEnded = job.flag('hasEnded');
    this.#coordinator.restore(job.value('coordinator'));
  }

  get #seal() {
    const { definition, sources, nodes, sinks } = this.#options;
    const names = [sources, nodes, sinks].map((parts) => parts.map(({ name }) => name));
    return { schema: SCHEMA, definition: { definition, names } };
  }
}

function outputsOf({ outputs = [] }: JobSource | JobNode): readonly string[] {
  return [MAIN, ...outputs];
}

function outputName(part: string, output: string): string {
  return output === MAIN ? part : `${part}.${output}`;
}

const DEFAULT_MAX_HELD = 10_000;

function check({ sources, nodes, sinks, trigger, maxHeld = DEFAULT_MAX_HELD }: JobOptions): void {
  const known = new Set([JOB]);
  const declare = (name: string) => {
    if (known.has(name)) throw bad('name', name, 'stands for two parts; give each its own');
    known.add(name);
  };
  const use = (input: string) => {
    if (known.has(input) && input !== JOB) return;
    throw bad('input', input, 'is no source or earlier node; name one of them');
  };
  const declareOutputs = (part: JobSource | JobNode) => {
    for (const output of outputsOf(part)) declare(outputName(part.name, output));
  };
  sources.forEach(declareOutputs);
  for (const node of nodes) {
    const { name, inputs } = node;
    if (inputs.length === 0) throw bad('inputs', name, 'has none; a node needs at least one');
    inputs.forEach(use);
    declareOutputs(node);
  }
  for (const { input } of sinks) use(input);
  for (const { name } of sinks) declare(name);
  if (sources.length === 0) throw bad('sources', 'none', 'leave nothing to do; give at least one');
  for (const [name, value] of Object.entries({ ...trigger, maxHeld })) {
    if (value === undefined || (value > 0 && !Number.isNaN(value))) continue;
    throw bad(name, value, 'must be above 0');
  }
}

function bad(argument: string, found: unknown, rule: string): EngineError {
  const message = `job.${argument}: ${String(found)} ${rule}`;
  return new EngineError('PIPELINE_BAD_ARGUMENT', message, { argument, found });
}
