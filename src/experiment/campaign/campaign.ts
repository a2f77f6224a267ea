/** A campaign: many replications of many points, on worker threads, remembered in a journal. The
 * joint that `compare`, `plan`, `load` and `sweep` share. Procedures on it are deterministic:
 * what they ask next hangs on samples alone, never on threads, shards or the clock. So resuming is
 * asking again with the journal of before, where every sample that was made is found. */
import type { InterpreterName } from '../../actors/runtime/interpreters.ts';
import type { ArchitectureName } from '../../gateway/architecture.ts';
import type { InputFiles } from '../run-inputs.ts';
import { defaultThreads, openRunPool, type PoolOptions, type RunPool } from '../run-pool.ts';
import type { PackedInputs, PackedTask } from '../run-worker.ts';
import type { Scenario } from '../scenario/schema.ts';
import { createInputStore } from './input-store.ts';
import type { Journal } from './journal.ts';
import type { RunSample } from './run-sample.ts';
import { sampleKey } from './sample-key.ts';

/** One configuration: a scenario on an architecture, by a name that is unique in the campaign. */
export interface Point {
  readonly name: string;
  readonly architecture: ArchitectureName;
  readonly scenario: Scenario;
}

/** Why a campaign makes no more samples. */
export type StopReason = 'budget' | 'interrupted' | 'shard';

/** Makes samples. */
export interface Campaign {
  /** Samples of points, `[point][replication]` as asked; undefined where the campaign stopped
   * before. What the journal has is not run again. All points of a replication are run before any
   * of the next one asked.
   * @throws EngineError as runs do. Cost: points × replications runs, spread over threads. */
  samples(
    points: readonly Point[],
    replications: readonly number[],
  ): Promise<readonly (readonly (RunSample | undefined)[])[]>;
  /** Undefined while it goes on. */
  readonly stopped: StopReason | undefined;
  /** Runs made, and samples found in the journal. */
  readonly counts: { readonly made: number; readonly found: number };
  /** Keys of the samples asked for so far, in the order of asking. */
  readonly askedKeys: ReadonlySet<string>;
  /** Samples asked for that there are not, as `name, replication n`, in the order of asking. */
  readonly missing: readonly string[];
  /** Ends its threads. */
  close(): Promise<void>;
}

/** The i-th of n processes that share a campaign's samples: 0 ≤ index < count. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** How a campaign works. */
export interface CampaignOptions extends PoolOptions {
  readonly files?: InputFiles | undefined;
  readonly interpreter?: InterpreterName | undefined;
  /** Where samples are kept and found. The caller closes it. */
  readonly journal?: Journal | undefined;
  /** Of the first list of samples asked for only every count-th, from index on, is made; then the
   * campaign has stopped. */
  readonly shard?: Shard | undefined;
  /** Runs that are made at most; those found do not count. */
  readonly maxRuns?: number | undefined;
  /** Aborted, it stops at once: runs under way are dropped. The reason `'budget'` says that time
   * is up; any other is an interruption. */
  readonly signal?: AbortSignal | undefined;
  /** Whether odd replications mirror the draws of the one before. Spec: E151. */
  readonly isAntithetic?: boolean | undefined;
}

interface Asked extends PackedTask {
  readonly key: string;
}

/** Opens a campaign. */
export function createCampaign(options: CampaignOptions = {}): Campaign {
  const state = new CampaignState(options);
  const { signal } = options;
  const abort = () => state.stop(signal?.reason === 'budget' ? 'budget' : 'interrupted');
  if (signal?.aborted === true) abort();
  signal?.addEventListener('abort', abort, { once: true });
  const inputs = createInputStore(options.files ?? {});

  async function askedTasks(
    points: readonly Point[],
    replications: readonly number[],
  ): Promise<readonly Asked[]> {
    const { interpreter, isAntithetic } = options;
    const packed: { readonly point: Point; readonly inputs: PackedInputs }[] = [];
    for (const point of points) packed.push({ point, inputs: await inputs.packed(point.scenario) });
    const fixed = { interpreter, isAntithetic, directory: undefined, trace: false };
    return replications.flatMap((replication) =>
      packed.map((one) => {
        const task = { ...one.point, ...fixed, replication };
        return { task, inputs: one.inputs, key: sampleKey(task, one.inputs.key) };
      }),
    );
  }

  return {
    counts: state.counts,
    askedKeys: state.askedKeys,
    get missing() {
      return [...state.missing.values()];
    },
    get stopped() {
      return state.stopped;
    },
    async samples(points, replications) {
      const asked = await askedTasks(points, replications);
      const texts = await state.texts(asked);
      return points.map((_, i) =>
        replications.map((__, j) => {
          const text = texts[j * points.length + i];
          return text === undefined ? undefined : (JSON.parse(text) as RunSample);
        }),
      );
    },
    async close() {
      signal?.removeEventListener('abort', abort);
      await state.closePool();
    },
  };
}

/** What a campaign has done, and whether it goes on. */
class CampaignState {
  readonly counts = { made: 0, found: 0 };
  readonly askedKeys = new Set<string>();
  /** What there is not, by key. */
  readonly missing = new Map<string, string>();
  stopped: StopReason | undefined;
  readonly #options: CampaignOptions;
  /** Samples of a campaign without a journal. */
  readonly #kept = new Map<string, string>();
  #pool: RunPool | undefined;
  #expected = 0;
  #launched = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
  }

  stop(reason: StopReason): void {
    this.stopped ??= reason;
    // The promises of what is under way are rejected, and `#make` knows why.
    void this.closePool();
  }

  async closePool(): Promise<void> {
    const pool = this.#pool;
    this.#pool = undefined;
    await pool?.close();
  }

  /** Sample texts in the order of the tasks, undefined where it stopped before. */
  async texts(asked: readonly Asked[]): Promise<readonly (string | undefined)[]> {
    const texts = asked.map(({ key }) => this.#find(key));
    for (const { key } of asked) this.askedKeys.add(key);
    const found = texts.filter((text) => text !== undefined).length;
    this.counts.found += found;
    const open = asked.flatMap((_, i) => (texts[i] === undefined && this.#isOurs(i) ? [i] : []));
    this.#expected += found + open.length;
    this.#note();
    await this.#makeAll(asked, open, texts);
    if (this.#options.shard !== undefined) this.stopped ??= 'shard';
    for (const [i, { key, task }] of asked.entries()) {
      if (texts[i] !== undefined) this.missing.delete(key);
      else this.missing.set(key, `${task.name}, replication ${task.replication}`);
    }
    return texts;
  }

  /** Takes the open tasks in their order, as many at once as there are threads. After a failure
   * none is begun, and the first one in order is thrown: which that is hangs on no thread. */
  async #makeAll(
    asked: readonly Asked[],
    open: readonly number[],
    texts: (string | undefined)[],
  ): Promise<void> {
    const failures: { readonly i: number; readonly error: unknown }[] = [];
    const left = open[Symbol.iterator]();
    const work = async () => {
      for (const i of left) {
        const one = asked[i];
        if (one === undefined || failures.length > 0 || !this.#mayBegin()) return;
        try {
          texts[i] = await this.#make(one);
        } catch (error) {
          failures.push({ i, error });
        }
      }
    };
    const threads = Math.min(this.#options.threads ?? defaultThreads(), open.length);
    await Promise.all(Array.from({ length: threads }, work));
    const [first] = failures.sort((a, b) => a.i - b.i);
    if (first !== undefined) throw first.error;
  }

  async #make({ key, task, inputs }: Asked): Promise<string | undefined> {
    this.#launched += 1;
    try {
      const text = await this.#threads().sample({ task, inputs });
      this.#keep(key, text);
      this.counts.made += 1;
      this.#note();
      return text;
    } catch (error) {
      if (this.stopped === 'interrupted' || this.stopped === 'budget') return undefined;
      throw error;
    }
  }

  #find(key: string): string | undefined {
    return this.#options.journal?.find(key) ?? this.#kept.get(key);
  }

  #keep(key: string, text: string): void {
    if (this.#options.journal === undefined) this.#kept.set(key, text);
    else this.#options.journal.append(key, text);
  }

  #mayBegin(): boolean {
    const { maxRuns = Infinity } = this.#options;
    if (this.stopped === undefined && this.#launched >= maxRuns) this.stopped = 'budget';
    return this.stopped === undefined;
  }

  #isOurs(position: number): boolean {
    const { shard } = this.#options;
    return shard === undefined || position % shard.count === shard.index;
  }

  #threads(): RunPool {
    const { threads = defaultThreads(), signal } = this.#options;
    this.#pool ??= openRunPool({ threads, isStoppable: signal !== undefined });
    return this.#pool;
  }

  #note(): void {
    this.#options.onProgress?.(this.counts.found + this.counts.made, this.#expected);
  }
}
