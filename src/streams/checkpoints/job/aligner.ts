/** Lets barriers through a part with several inputs. An input that has brought barrier n is
 * blocked, its items held in order of arrival, until every input has brought it: so the snapshot
 * taken then holds everything before the barriers and nothing behind them. Spec: W116, W117. */
import { invariant } from '../../../kernel/errors.ts';

/** Options of {@link createAligner}. */
export interface AlignerOptions<Item> {
  readonly inputCount: number;
  /** `skip`: nothing is blocked; what comes behind early barriers is in the snapshot, and comes
   * again after a restart (at least once). */
  readonly mode: 'aligned' | 'skip';
  readonly onItem: (input: number, item: Item) => void;
  /** All inputs have brought the barrier: take the snapshot and pass the barrier on. */
  readonly onAligned: (checkpoint: number) => void;
}

/** The inputs of one part. */
export interface Aligner<Item> {
  receive(input: number, item: Item): void;
  barrier(input: number, checkpoint: number): void;
  /** The checkpoint will not be: what is held goes on. Later barriers of it are ignored. */
  abort(checkpoint: number): void;
  /** Items held now. */
  readonly held: number;
}

/** Makes the inputs of one part. */
export function createAligner<Item>(options: AlignerOptions<Item>): Aligner<Item> {
  return new BarrierAligner(options);
}

class BarrierAligner<Item> implements Aligner<Item> {
  readonly #options: AlignerOptions<Item>;
  readonly #arrived = new Set<number>();
  /** The checkpoint whose barriers are coming in. */
  #current: number | undefined;
  /** The last one that is over, aligned or aborted. */
  #over = 0;
  #held: { readonly input: number; readonly item: Item }[] = [];

  constructor(options: AlignerOptions<Item>) {
    this.#options = options;
  }

  get held(): number {
    return this.#held.length;
  }

  receive(input: number, item: Item): void {
    const isBlocked = this.#arrived.has(input) && this.#options.mode === 'aligned';
    if (isBlocked) this.#held.push({ input, item });
    else this.#options.onItem(input, item);
  }

  barrier(input: number, checkpoint: number): void {
    if (checkpoint <= this.#over) return;
    this.#current ??= checkpoint;
    const isNew = this.#current === checkpoint && !this.#arrived.has(input);
    invariant(isNew, 'BARRIER_OUT_OF_TURN', { input, checkpoint, current: this.#current });
    this.#arrived.add(input);
    if (this.#arrived.size < this.#options.inputCount) return;
    this.#options.onAligned(checkpoint);
    this.#release(checkpoint);
  }

  abort(checkpoint: number): void {
    if (this.#current === checkpoint || this.#current === undefined) this.#release(checkpoint);
  }

  #release(checkpoint: number): void {
    this.#over = Math.max(this.#over, checkpoint);
    this.#current = undefined;
    this.#arrived.clear();
    const held = this.#held;
    this.#held = [];
    for (const { input, item } of held) this.#options.onItem(input, item);
  }
}
