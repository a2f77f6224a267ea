/** Keeps the state of a pipeline as named parts and tells, at each commit, which parts have
 * changed. What is kept is sealed: a manifest names the schema, the definition that saved it and a
 * digest over all parts, so that wrong, old or incomplete state is refused. Spec: W112, W113. */
import type { CommittedState, StateChange, StatePart } from '../../domain/pipeline-ports.ts';
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import { invariant } from '../../kernel/errors.ts';
import { canonicalJson, textHash } from './canonical-json.ts';
import { savedFields, snapshotRefused } from './snapshot-refused.ts';

/** State that mostly grows, like a set of ids: kept in chunks that never change once written. */
export interface ChunkedState {
  /** Chunks made, and names of chunks given up, since `changes` was last asked. */
  changes(): {
    readonly put: readonly StateChunk[];
    readonly removed: readonly string[];
  };
  /** All chunks. `changes` goes on from here. */
  whole(): readonly StateChunk[];
  /** Replaces all state. @throws EngineError `SNAPSHOT_REFUSED`. */
  restore(chunks: readonly StateChunk[]): void;
}

/** A part that can be saved whole, or as a little and chunks. */
export interface ChunkedCheckpointable extends Checkpointable {
  /** Everything but the chunks; to be restored before them. */
  readonly clock: Checkpointable;
  readonly chunks: ChunkedState;
}

/** Whether a part can be saved in chunks. */
export function isChunked(part: Checkpointable | undefined): part is ChunkedCheckpointable {
  return part !== undefined && 'chunks' in part && 'clock' in part;
}

/** One chunk. Its name is unique among all that its owner ever makes. */
export interface StateChunk {
  readonly name: string;
  readonly value: PlainValue;
}

/** Options of a state book. */
export interface StateBookOptions {
  /** Name and version of what the parts hold, like `backlot.pipeline-state/1`. */
  readonly schema: string;
  /** What the state belongs to: another definition must not go on with it. */
  readonly definition: PlainValue;
}

/** The state of one pipeline. */
export interface StateBook {
  /** A part that is written whole where it has changed. Parts are added before `restore`. */
  add(name: string, part: Checkpointable): void;
  addChunked(name: string, part: ChunkedState): void;
  /** The next checkpoint, to be committed. Cost: all whole parts, and new chunks. */
  take(): StateChange;
  /** What became of the change taken last: after a failure everything is told again. */
  settle(isCommitted: boolean): void;
  /** @throws EngineError `SNAPSHOT_REFUSED`; parts may have been restored in part then. */
  restore(saved: CommittedState): void;
  /** Number of the last checkpoint taken; 0 before. */
  readonly checkpoint: number;
}

const MANIFEST = 'manifest';
/** Between the name of a chunked part and those of its chunks. */
const SEPARATOR = '/';

/** Makes a book without parts. */
export function createStateBook(options: StateBookOptions): StateBook {
  return new PartsBook(options);
}

class PartsBook implements StateBook {
  readonly #schema: string;
  readonly #definition: string;
  readonly #parts = new Map<string, Checkpointable>();
  readonly #chunked = new Map<string, ChunkedState>();
  /** Of every part that the sink holds, once the change taken last is in it. */
  #digests = new Map<string, bigint>();
  #isWhole = true;
  checkpoint = 0;

  constructor(options: StateBookOptions) {
    this.#schema = options.schema;
    this.#definition = textHash(canonicalJson(options.definition));
  }

  add(name: string, part: Checkpointable): void {
    this.#checkName(name);
    this.#parts.set(name, part);
  }

  addChunked(name: string, part: ChunkedState): void {
    this.#checkName(name);
    this.#chunked.set(name, part);
  }

  take(): StateChange {
    this.checkpoint += 1;
    const isWhole = this.#isWhole;
    if (isWhole) this.#digests = new Map();
    const put: StatePart[] = [];
    const removed: string[] = [];
    for (const [name, part] of this.#parts) {
      const text = canonicalJson(part.snapshot());
      if (this.#note(name, text)) put.push({ name, text });
    }
    for (const [owner, part] of this.#chunked) {
      const change = isWhole ? { put: part.whole(), removed: [] } : part.changes();
      for (const chunk of change.put) {
        const name = `${owner}${SEPARATOR}${chunk.name}`;
        const text = canonicalJson(chunk.value);
        this.#note(name, text);
        put.push({ name, text });
      }
      for (const chunk of change.removed) {
        const name = `${owner}${SEPARATOR}${chunk}`;
        // A chunk made and given up between two commits was never there.
        if (this.#digests.delete(name)) removed.push(name);
      }
    }
    put.push({ name: MANIFEST, text: this.#manifest() });
    return { checkpoint: this.checkpoint, isWhole, put, removed };
  }

  settle(isCommitted: boolean): void {
    this.#isWhole = !isCommitted;
    // The number is free again: a run without the failure would have used it.
    if (!isCommitted) this.checkpoint -= 1;
  }

  restore(saved: CommittedState): void {
    this.#check(saved);
    const chunks = new Map<string, StateChunk[]>();
    for (const owner of this.#chunked.keys()) chunks.set(owner, []);
    const whole = new Map<string, PlainValue>();
    for (const { name, text } of saved.parts) {
      if (name === MANIFEST) continue;
      const value = JSON.parse(text) as PlainValue;
      const at = name.indexOf(SEPARATOR);
      const owned = at < 0 ? undefined : chunks.get(name.slice(0, at));
      if (owned !== undefined) owned.push({ name: name.slice(at + 1), value });
      else if (this.#parts.has(name)) whole.set(name, value);
      else throw snapshotRefused(`part ${name}: nothing here has such a state`);
    }
    for (const [name, part] of this.#parts) {
      const value = whole.get(name);
      if (value === undefined) throw snapshotRefused(`part ${name} is missing`);
      part.restore(value);
    }
    for (const [owner, part] of this.#chunked) part.restore(chunks.get(owner) ?? []);
    this.checkpoint = saved.checkpoint;
    this.#isWhole = false;
  }

  #check({ checkpoint, parts }: CommittedState): void {
    const text = parts.find(({ name }) => name === MANIFEST)?.text;
    if (text === undefined) throw snapshotRefused('state without a manifest');
    const manifest = savedFields(parsed(text), MANIFEST);
    const schema = manifest.text('schema');
    if (schema !== this.#schema) throw snapshotRefused(`schema ${schema} is not ${this.#schema}`);
    if (manifest.text('definition') !== this.#definition) {
      throw snapshotRefused('the state is of another definition (windows, sources, options)');
    }
    this.#digests = new Map();
    for (const part of parts) if (part.name !== MANIFEST) this.#note(part.name, part.text);
    this.checkpoint = checkpoint;
    if (text !== this.#manifest()) throw snapshotRefused('parts differ from what was saved');
  }

  /** @returns whether the part is new or differs from what is noted. */
  #note(name: string, text: string): boolean {
    const digest = partDigest(name, text);
    if (this.#digests.get(name) === digest) return false;
    this.#digests.set(name, digest);
    return true;
  }

  #manifest(): string {
    let digest = 0n;
    for (const one of this.#digests.values()) digest ^= one;
    return canonicalJson({
      schema: this.#schema,
      definition: this.#definition,
      checkpoint: this.checkpoint,
      parts: this.#digests.size,
      digest: digest.toString(16),
    });
  }

  #checkName(name: string): void {
    const isFree = !this.#parts.has(name) && !this.#chunked.has(name) && name !== MANIFEST;
    invariant(isFree && !name.includes(SEPARATOR), 'STATE_PART_NAME', { name });
  }
}

/** 64 bits of (name, text). Parts join by exclusive or, so that the digest of all does not depend
 * on their order and a change costs what changed. Guards against mistakes, not against malice. */
function partDigest(name: string, text: string): bigint {
  return BigInt(`0x${textHash(`${JSON.stringify(name)}${text}`).slice(0, 16)}`);
}

function parsed(text: string): PlainValue {
  try {
    return JSON.parse(text) as PlainValue;
  } catch {
    return null;
  }
}
