/** The life of a pipeline that may die: of a log that it cannot read, of a commit that fails, of a
 * fault. Another one then goes on from the last commit, whose state, rows and offsets are one
 * transaction: what was read since is read again, and counts once. Without faults there is one
 * pipeline, and its errors are the run's. Spec: E476, E477. */
import { EngineError, type ErrorCode } from '../../../kernel/errors.ts';
import { seconds } from '../../../kernel/time.ts';
import type { Pipeline } from '../../../streams/pipeline.ts';

/** A pipeline, and those that came before it. Times are µs since the start of the run. */
export interface PipelineLife {
  /** The one that runs; the last one that ran, while there is none. */
  readonly pipeline: Pipeline;
  /** How often one died. */
  readonly deaths: number;
  /** As the pipeline's; nothing while there is none or it is busy. */
  poll(atUs: number): number;
  finish(atUs: number): void;
  /** It dies now; another one may start at `untilUs`. */
  die(atUs: number, untilUs: number): void;
  /** It is busy until then. */
  pause(untilUs: number): void;
  /** Nothing holds it up any more: the run is over. */
  revive(atUs: number): void;
}

/** What a life is made of. */
export interface PipelineLifeOptions {
  readonly build: () => Pipeline;
  /** What the pipeline's process does besides, each time. */
  readonly afterPoll: () => void;
  /** The Unix time at virtual time 0, in µs. */
  readonly epochUs: number;
  /** Left out, errors are thrown on. */
  readonly recovery?: {
    readonly onDeath: (atUs: number) => void;
    readonly onRebirth: (atUs: number) => void;
  };
}

/** How long a pipeline takes to start again. Assumption. */
const PIPELINE_RESTART_US = seconds(2);

/** What a pipeline dies of; all else is a bug. */
const FATAL: ReadonlySet<ErrorCode> = new Set([
  'INPUT_UNREADABLE',
  'LOG_CORRUPT',
  'WAREHOUSE_UNREADABLE',
  'WAREHOUSE_UNWRITABLE',
]);

/** Begins a life. */
export function createPipelineLife(options: PipelineLifeOptions): PipelineLife {
  return new MortalPipeline(options);
}

class MortalPipeline implements PipelineLife {
  readonly #options: PipelineLifeOptions;
  #pipeline: Pipeline;
  #isAlive = true;
  #upAtUs = 0;
  #busyUntilUs = 0;
  deaths = 0;

  constructor(options: PipelineLifeOptions) {
    this.#options = options;
    this.#pipeline = options.build();
  }

  get pipeline(): Pipeline {
    return this.#pipeline;
  }

  poll(atUs: number): number {
    if (atUs < this.#busyUntilUs) return 0;
    const { epochUs, afterPoll } = this.#options;
    const act = (pipeline: Pipeline) => {
      const records = pipeline.poll(epochUs + atUs);
      afterPoll();
      return records;
    };
    return this.#survive(atUs, act) ?? 0;
  }

  finish(atUs: number): void {
    this.#survive(atUs, (pipeline) => pipeline.finish(this.#options.epochUs + atUs));
  }

  die(atUs: number, untilUs: number): void {
    this.#upAtUs = Math.max(this.#upAtUs, untilUs);
    if (!this.#isAlive) return;
    this.#isAlive = false;
    this.deaths += 1;
    this.#busyUntilUs = 0;
    this.#options.recovery?.onDeath(atUs);
  }

  pause(untilUs: number): void {
    this.#busyUntilUs = Math.max(this.#busyUntilUs, untilUs);
  }

  revive(atUs: number): void {
    this.#upAtUs = 0;
    this.#busyUntilUs = 0;
    if (!this.#isAlive) this.#rebuild(atUs);
  }

  #survive<T>(atUs: number, act: (pipeline: Pipeline) => T): T | undefined {
    if (this.#options.recovery === undefined) return act(this.#pipeline);
    if (atUs < this.#upAtUs && !this.#isAlive) return undefined;
    try {
      if (!this.#isAlive) this.#rebuild(atUs);
      return act(this.#pipeline);
    } catch (error) {
      if (!(error instanceof EngineError) || !FATAL.has(error.code)) throw error;
      this.die(atUs, atUs + PIPELINE_RESTART_US);
      return undefined;
    }
  }

  #rebuild(atUs: number): void {
    this.#pipeline = this.#options.build();
    this.#isAlive = true;
    this.#options.recovery?.onRebirth(atUs);
  }
}
