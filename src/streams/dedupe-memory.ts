/** The ids that deduplication remembers, each with the fingerprint that it came with first: for a
 * time to live in ingestion time, in two generations, so that memory is bounded by twice what
 * arrives in it. Saved in chunks: a checkpoint writes the ids since the last one, not all of them.
 * Spec: W3, W114. */
import type { Checkpointable, PlainValue } from '../domain/plain-value.ts';
import { savedFields, snapshotRefused } from './checkpoints/snapshot-refused.ts';
import type { ChunkedCheckpointable, StateChunk } from './checkpoints/state-book.ts';
import { savedNumber } from './watermarks/saved-number.ts';

/** A memory of ids. */
export interface DedupeMemory extends ChunkedCheckpointable {
  /** The fingerprint that the id came with first; undefined where it comes now, and is
   * remembered. */
  firstPrint(
    id: string,
    now: { readonly print: number; readonly ingestTimeUs: number },
  ): number | undefined;
}

interface Generation {
  /** 0, 1, 2, …; −1 for the empty one before the first. */
  readonly number: number;
  readonly prints: Map<string, number>;
  /** Ids and fingerprints that no chunk holds yet, in turn: the last ones of `prints`. */
  fresh: (string | number)[];
  /** Ids in each chunk; chunks hold them in the order of arrival. */
  readonly chunkSizes: number[];
}

/** Makes an empty memory. @param ttlUs - An id is known for this long at least after it came. */
export function createDedupeMemory(ttlUs: number): DedupeMemory {
  return new TwoGenerations(ttlUs);
}

class TwoGenerations implements DedupeMemory {
  readonly #ttlUs: number;
  #young = generation(0);
  #old = generation(-1);
  #youngSinceUs = Number.NEGATIVE_INFINITY;
  /** Names of chunks of generations that were forgotten since the last checkpoint. */
  #forgotten: string[] = [];

  constructor(ttlUs: number) {
    this.#ttlUs = ttlUs;
  }

  firstPrint(
    id: string,
    { print, ingestTimeUs }: { readonly print: number; readonly ingestTimeUs: number },
  ): number | undefined {
    if (ingestTimeUs - this.#youngSinceUs >= this.#ttlUs) this.#rotate(ingestTimeUs);
    const old = this.#old.prints;
    const known = this.#young.prints.get(id) ?? (old.size === 0 ? undefined : old.get(id));
    if (known !== undefined) return known;
    this.#young.prints.set(id, print);
    this.#young.fresh.push(id, print);
    return undefined;
  }

  get clock(): Checkpointable {
    return {
      snapshot: () => ({
        generation: this.#young.number,
        youngSinceUs: savedNumber(this.#youngSinceUs),
      }),
      restore: (saved) => {
        const fields = savedFields(saved, 'dedupe');
        this.#young = generation(fields.number('generation'));
        this.#old = generation(this.#young.number - 1);
        this.#youngSinceUs = fields.time('youngSinceUs');
        this.#forgotten = [];
      },
    };
  }

  get chunks() {
    return {
      changes: () => {
        const removed = this.#forgotten;
        this.#forgotten = [];
        const put = [this.#old, this.#young].flatMap((one) => {
          const chunk = freshChunk(one);
          cut(one);
          return chunk;
        });
        return { put, removed };
      },
      whole: () => {
        this.#forgotten = [];
        const all = this.#allChunks();
        for (const one of [this.#old, this.#young]) cut(one);
        return all;
      },
      restore: (chunks: readonly StateChunk[]) => {
        const numbered = chunks.map((chunk) => ({ chunk, at: chunk.name.split('.').map(Number) }));
        numbered.sort(({ at: [a = 0, i = 0] }, { at: [b = 0, j = 0] }) => a - b || i - j);
        for (const { chunk } of numbered) this.#restoreChunk(chunk);
      },
    };
  }

  snapshot(): PlainValue {
    const chunks = this.#allChunks().map(({ name, value }) => ({ name, value }));
    return { clock: this.clock.snapshot(), chunks };
  }

  restore(saved: PlainValue): void {
    const fields = savedFields(saved, 'dedupe');
    this.clock.restore(fields.value('clock'));
    const chunks = fields.list('chunks').map((one) => savedFields(one, 'chunk'));
    this.chunks.restore(
      chunks.map((chunk) => ({ name: chunk.text('name'), value: chunk.value('value') })),
    );
  }

  #allChunks(): readonly StateChunk[] {
    return [this.#old, this.#young].flatMap(allChunks);
  }

  #rotate(ingestTimeUs: number): void {
    for (const chunk of this.#old.chunkSizes.keys()) {
      this.#forgotten.push(chunkName(this.#old.number, chunk));
    }
    this.#old = this.#young;
    this.#young = generation(this.#old.number + 1);
    this.#youngSinceUs = ingestTimeUs;
  }

  #restoreChunk({ name, value }: StateChunk): void {
    const [number, chunk] = name.split('.').map(Number);
    const owner = [this.#young, this.#old].find((one) => one.number === number);
    if (owner === undefined || chunk !== owner.chunkSizes.length || !Array.isArray(value)) {
      throw snapshotRefused(`dedupe chunk ${name} is not the next one of a living generation`);
    }
    for (let i = 0; i < value.length; i += 2) {
      const [id, print] = [value[i], value[i + 1]];
      if (typeof id !== 'string' || typeof print !== 'number') {
        throw snapshotRefused(`dedupe chunk ${name} is no list of ids and fingerprints`);
      }
      owner.prints.set(id, print);
    }
    owner.chunkSizes.push(value.length / 2);
  }
}

function generation(number: number): Generation {
  return { number, prints: new Map(), fresh: [], chunkSizes: [] };
}

/** The chunk that is not cut yet, if there is anything to put into it. */
function freshChunk({ number, fresh, chunkSizes }: Generation): StateChunk[] {
  return fresh.length === 0 ? [] : [{ name: chunkName(number, chunkSizes.length), value: fresh }];
}

function cut(owner: Generation): void {
  if (owner.fresh.length === 0) return;
  owner.chunkSizes.push(owner.fresh.length / 2);
  owner.fresh = [];
}

function allChunks(owner: Generation): StateChunk[] {
  const all = [...owner.prints].flat();
  let from = 0;
  const chunks = owner.chunkSizes.map((size, chunk) => {
    from += 2 * size;
    return { name: chunkName(owner.number, chunk), value: all.slice(from - 2 * size, from) };
  });
  return [...chunks, ...freshChunk({ ...owner, fresh: [...owner.fresh] })];
}

function chunkName(number: number, chunk: number): string {
  return `${number}.${chunk}`;
}
