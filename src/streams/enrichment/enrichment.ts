/** The chain of enrichment: stages in an order that is data, each counted, each with its version.
 * A record goes in; an enriched event, a bad row or a counted drop comes out, at once, in order.
 * Stages are swapped at barriers between batches only. Usable alone. Spec: W70, W78–W79. */
import type { BadRow, EnrichedEvent, LogRecord, StageCount } from '../../domain/pipeline-ports.ts';
import type { Checkpointable, PlainValue } from '../../domain/plain-value.ts';
import type { TrackedEvent } from '../../domain/tracked-event.ts';
import type { StateRegister } from '../checkpoints/pipeline-checkpoints.ts';
import { isChunked } from '../checkpoints/state-book.ts';
import { StageCounter } from '../stage-counter.ts';
import { refusedSnapshot } from '../time-correction/time-correction.ts';
import { type BadRowPrivacy, createBadRowFactory } from './bad-rows.ts';
import { createDeviceKind } from './lookups/device-kind.ts';
import { type EventDraft, isFailure, type Stage, type StageContext } from './stage.ts';
import { orderStages } from './stage-order.ts';

/** What a chain is made of. */
export interface EnrichmentOptions {
  readonly stages: readonly Stage[];
  /** Names of the stages in their order; default: the order of the list. */
  readonly order?: readonly string[];
  /** How bad rows are kept; without it, everything but addresses is kept. */
  readonly privacy?: BadRowPrivacy;
}

/** When, and for which time, records go through. */
export interface EnrichmentTime {
  /** µs since the Unix epoch. */
  readonly processTimeUs: number;
  /** Default 1: more for a replay. */
  readonly attempt?: number;
}

/** What became of one record. */
export type EnrichmentResult =
  | { readonly kind: 'event'; readonly enriched: EnrichedEvent }
  | { readonly kind: 'bad'; readonly row: BadRow }
  | { readonly kind: 'dropped'; readonly reason: string };

/** A chain of stages. */
export interface Enrichment extends Checkpointable {
  /** Takes one record through all stages. @throws what a stage throws: our own bug. */
  enrich(record: LogRecord, time: EnrichmentTime): EnrichmentResult;
  /** Versions of the stages, and of their reference data as `stage/name`. */
  readonly versions: Readonly<Record<string, string>>;
  /** Counts of each stage, in order: received = passed + Σ rejected + Σ dropped. */
  counts(): readonly StageCount[];
  /** The same by part of the pipeline: `validate`, `dedupe`, `enrich`. */
  countsByPart(): readonly StageCount[];
  /** What was remarkable and went on, by name. */
  notes(): Readonly<Record<string, number>>;
  /** Puts a stage in the place of the one with its name at the next barrier; it takes over what the
   * old one remembers. @throws EngineError `ENRICHMENT_BAD_ORDER` where there is none. */
  swap(stage: Stage): void;
  /** Between two batches: swaps take effect. */
  passBarrier(): void;
  /** Makes the same state known in parts, so that of what mostly grows a checkpoint writes what is
   * new. Stages are swapped after a checkpoint has been committed, not before. */
  registerState(register: StateRegister): void;
}

/** Makes a chain.
 * @throws EngineError `ENRICHMENT_BAD_ORDER` for an order that does not name each stage once, or
 * puts a stage before what it needs. */
export function createEnrichment(options: EnrichmentOptions): Enrichment {
  return new StageChain(options);
}

/** An event before the schema stage has put the real one there. */
const NO_EVENT: TrackedEvent = {
  id: '',
  type: 'record.ingested',
  subject: '',
  sessionId: '',
  sequence: 0,
  eventTimeUs: 0,
  data: {},
};

class StageChain implements Enrichment {
  #stages: Stage[];
  readonly #counters: StageCounter[];
  readonly #badRowOf: ReturnType<typeof createBadRowFactory>;
  readonly #notes = new Map<string, number>();
  readonly #swaps = new Map<string, Stage>();
  #versions: Readonly<Record<string, string>>;
  #context: StageContext = { processTimeUs: 0, attempt: 1, note: (what) => this.#note(what) };

  constructor(options: EnrichmentOptions) {
    this.#stages = [...orderStages(options.stages, options.order)];
    this.#counters = this.#stages.map(({ name }) => new StageCounter(name));
    this.#badRowOf = createBadRowFactory(options.privacy, createDeviceKind());
    this.#versions = versionsOf(this.#stages);
  }

  get versions(): Readonly<Record<string, string>> {
    return this.#versions;
  }

  enrich(record: LogRecord, time: EnrichmentTime): EnrichmentResult {
    const context = this.#contextOf(time);
    let draft = draftOf(record);
    for (let i = 0; i < this.#stages.length; i += 1) {
      const stage = this.#stages[i] as Stage;
      const counter = this.#counters[i] as StageCounter;
      const outcome = stage.apply(draft, context);
      // The usual case by identity: asking whether it is a failure costs more.
      if (outcome === draft || !isFailure(outcome)) {
        counter.pass();
        draft = outcome;
        continue;
      }
      if (outcome.failed === 'dropped') {
        counter.drop(outcome.reason);
        return { kind: 'dropped', reason: outcome.reason };
      }
      counter.reject(outcome.reason);
      const refusal = { raw: draft.raw, stage, failure: outcome, context };
      return { kind: 'bad', row: this.#badRowOf(record, refusal) };
    }
    return { kind: 'event', enriched: enrichedOf(draft, context, this.#versions) };
  }

  counts(): readonly StageCount[] {
    return this.#counters.map((counter) => counter.counts());
  }

  countsByPart(): readonly StageCount[] {
    const counts = this.counts();
    return (['validate', 'dedupe', 'enrich'] as const).flatMap((part) => {
      const own = counts.filter((_, i) => this.#stages[i]?.part === part);
      return own.length === 0 ? [] : [joined(part, own)];
    });
  }

  notes(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#notes].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  swap(stage: Stage): void {
    orderStages([stage, ...this.#stages.filter(({ name }) => name !== stage.name)], this.#order());
    this.#swaps.set(stage.name, stage);
  }

  passBarrier(): void {
    if (this.#swaps.size === 0) return;
    this.#stages = this.#stages.map((old) => {
      const next = this.#swaps.get(old.name);
      if (next === undefined) return old;
      if (old.memory !== undefined) next.memory?.restore(old.memory.snapshot());
      return next;
    });
    this.#swaps.clear();
    this.#versions = versionsOf(this.#stages);
  }

  snapshot(): PlainValue {
    return this.#snapshotOf(() => true);
  }

  restore(saved: PlainValue): void {
    this.#restoreInto(saved, () => true);
  }

  #snapshotOf(isWanted: (memory: Checkpointable) => boolean): PlainValue {
    return {
      memories: Object.fromEntries(
        this.#stages.flatMap(({ name, memory }) =>
          memory === undefined || !isWanted(memory) ? [] : [[name, memory.snapshot()] as const],
        ),
      ),
      counters: this.#counters.map((counter) => counter.snapshot()),
      notes: [...this.#notes],
    };
  }

  #restoreInto(saved: PlainValue, isWanted: (memory: Checkpointable) => boolean): void {
    const { memories, counters, notes } = readSnapshot(saved);
    if (counters.length !== this.#counters.length) {
      throw refusedSnapshot('enrichment', 'it is of another chain of stages');
    }
    for (const { name, memory } of this.#stages) {
      if (memory !== undefined && isWanted(memory)) memory.restore(memories[name] ?? null);
    }
    for (const [i, counter] of this.#counters.entries()) counter.restore(counters[i] ?? null);
    this.#notes.clear();
    for (const [what, count] of notes) this.#notes.set(what, count);
  }

  registerState(register: StateRegister): void {
    register.add('enrichment', {
      snapshot: () => this.#snapshotOf((memory) => !isChunked(memory)),
      restore: (saved) => this.#restoreInto(saved, (memory) => !isChunked(memory)),
    });
    for (const { name, memory } of this.#stages) {
      if (!isChunked(memory)) continue;
      // Looked up each time: the stage may be swapped.
      const current = () => {
        const now = this.#stages.find((stage) => stage.name === name)?.memory;
        if (isChunked(now)) return now;
        throw refusedSnapshot('enrichment', `stage ${name} remembers nothing in chunks`);
      };
      register.add(`${name} clock`, {
        snapshot: () => current().clock.snapshot(),
        restore: (saved) => current().clock.restore(saved),
      });
      register.addChunked(name, {
        changes: () => current().chunks.changes(),
        whole: () => current().chunks.whole(),
        restore: (chunks) => current().chunks.restore(chunks),
      });
    }
  }

  #order(): readonly string[] {
    return this.#stages.map(({ name }) => name);
  }

  #contextOf({ processTimeUs, attempt = 1 }: EnrichmentTime): StageContext {
    const { processTimeUs: knownUs, attempt: knownAttempt, note } = this.#context;
    if (knownUs !== processTimeUs || knownAttempt !== attempt) {
      this.#context = { processTimeUs, attempt, note };
    }
    return this.#context;
  }

  #note(what: string): void {
    this.#notes.set(what, (this.#notes.get(what) ?? 0) + 1);
  }
}

function draftOf(record: LogRecord): EventDraft {
  return {
    record,
    raw: record.raw,
    event: NO_EVENT,
    deviceKind: 'unknown',
    country: 'ZZ',
    localHour: 0,
    titleName: null,
    genre: null,
    annotations: undefined,
  };
}

function enrichedOf(
  draft: EventDraft,
  { processTimeUs }: StageContext,
  versions: Readonly<Record<string, string>>,
): EnrichedEvent {
  const { annotations } = draft;
  const enriched = {
    event: draft.event,
    ingestTimeUs: draft.record.ingestTimeUs,
    processTimeUs,
    deviceKind: draft.deviceKind,
    country: draft.country,
    localHour: draft.localHour,
    titleName: draft.titleName,
    genre: draft.genre,
  };
  if (annotations === undefined) return enriched;
  return { ...enriched, annotations: Object.assign(annotations, { versions }) };
}

function versionsOf(stages: readonly Stage[]): Readonly<Record<string, string>> {
  return Object.freeze(
    Object.fromEntries(
      stages.flatMap(({ name, version, references = {} }) => [
        [name, version],
        ...Object.entries(references).map(([data, of]) => [`${name}/${data}`, of]),
      ]),
    ),
  ) as Readonly<Record<string, string>>;
}

/** Counts of consecutive stages as one: what came to the first, what left the last. */
function joined(part: string, counts: readonly StageCount[]): StageCount {
  const sum = (of: 'rejected' | 'dropped') => {
    const all: Record<string, number> = {};
    for (const [reason, count] of counts.flatMap((one) => Object.entries(one[of]))) {
      all[reason] = (all[reason] ?? 0) + count;
    }
    return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  };
  return {
    stage: part,
    received: counts[0]?.received ?? 0,
    passed: counts.at(-1)?.passed ?? 0,
    rejected: sum('rejected'),
    dropped: sum('dropped'),
  };
}

interface ChainSnapshot {
  readonly memories: Readonly<Record<string, PlainValue>>;
  readonly counters: readonly PlainValue[];
  readonly notes: readonly (readonly [string, number])[];
}

function readSnapshot(saved: PlainValue): ChainSnapshot {
  const { memories, counters, notes } = (saved ?? {}) as unknown as Partial<ChainSnapshot>;
  if (typeof memories === 'object' && Array.isArray(counters) && Array.isArray(notes)) {
    return { memories, counters, notes };
  }
  throw refusedSnapshot('enrichment', 'it has no memories, counters and notes');
}
