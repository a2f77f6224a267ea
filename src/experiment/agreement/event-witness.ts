/** Keeps, beside a run, what was captured on devices, what was sent, given up and committed, and
 * the metrics of a stream that reads what the pipeline commits. It changes nothing. Memory: every
 * event of the run stays, so a run has a witness only if somebody asks for the agreement.
 * Spec: S132. */
import type { ViewerProfile } from '../../domain/audience.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { EnrichedEvent, PipelineSink, ReferenceData } from '../../domain/pipeline-ports.ts';
import type { TrackedEvent } from '../../domain/tracked-event.ts';
import type { PlayedTitle } from '../../storage/metrics/stream/play-reducer.ts';
import { createViewingStream, type ViewingStream } from '../../storage/metrics/viewing-stream.ts';
import { createDeviceKind } from '../../streams/enrichment/lookups/device-kind.ts';

/** What a clickstream tells its witness. */
export interface EventWitness {
  captured(event: TrackedEvent, by: ViewerProfile, trueTimeUs: number): void;
  sent(viewer: number, batch: number, events: readonly TrackedEvent[]): void;
  /** The log has them. */
  accepted(events: readonly TrackedEvent[]): void;
  dropped(given: {
    readonly viewer: number;
    readonly batch: number | undefined;
    readonly reason: string;
    readonly count: number;
  }): void;
  /** A sink that does what it was given, and tells what was committed. */
  sink(sink: PipelineSink): PipelineSink;
}

/** Events that a witness keeps, some 1 KB each: beyond, nothing is compared. */
export const WITNESSED_MAX = 1_000_000;

/** A title, looked up. */
type TitleLookup = (titleId: string) => PlayedTitle | undefined;

/** The witness of one run. */
export class RunWitness implements EventWitness {
  /** By id, in the order of capture: at true times, looked up as the pipeline does. */
  readonly capturedEvents = new Map<string, EnrichedEvent>();
  /** By id: what the warehouse holds; what came again changed nothing. */
  readonly storedEvents = new Map<string, EnrichedEvent>();
  readonly acceptedIds = new Set<string>();
  /** Whether there were more events than it keeps. */
  isFull = false;
  /** Reason by id, of batches that were given up. */
  readonly givenUp = new Map<string, string>();
  /** Which viewer captured an event, and why viewers' SDKs dropped events of no batch. */
  readonly viewerOf = new Map<string, number>();
  readonly droppedAlone = new Map<number, Set<string>>();
  readonly stream: ViewingStream;
  readonly titleOf: TitleLookup;
  readonly #country: ReferenceData['country'];
  readonly #batches = new Map<string, readonly string[]>();

  constructor(catalogue: Catalogue, country: ReferenceData['country']) {
    this.titleOf = titleLookup(catalogue);
    this.stream = createViewingStream({ titleOf: this.titleOf });
    this.#country = country;
  }

  captured(event: TrackedEvent, by: ViewerProfile, trueTimeUs: number): void {
    if (this.capturedEvents.size >= WITNESSED_MAX) this.isFull = true;
    if (this.isFull) return;
    this.viewerOf.set(event.id, by.viewer);
    this.capturedEvents.set(event.id, {
      event: { ...event, eventTimeUs: trueTimeUs },
      ingestTimeUs: trueTimeUs,
      processTimeUs: trueTimeUs,
      deviceKind: createDeviceKind()(by.userAgent),
      country: this.#country(by.clientAddress),
      localHour: 0,
      titleName: null,
      genre: null,
    });
  }

  sent(viewer: number, batch: number, events: readonly TrackedEvent[]): void {
    const ids = events.map(({ id }) => id);
    this.#batches.set(`${viewer}/${batch}`, ids);
  }

  accepted(events: readonly TrackedEvent[]): void {
    for (const { id } of events) this.acceptedIds.add(id);
  }

  dropped({ viewer, batch, reason }: Parameters<EventWitness['dropped']>[0]): void {
    if (batch === undefined) {
      const reasons = this.droppedAlone.get(viewer) ?? new Set<string>();
      this.droppedAlone.set(viewer, reasons.add(reason));
      return;
    }
    for (const id of this.#batches.get(`${viewer}/${batch}`) ?? []) this.givenUp.set(id, reason);
  }

  sink(sink: PipelineSink): PipelineSink {
    return {
      commit: (batch) => {
        sink.commit(batch);
        for (const fact of batch.facts) this.#store(fact);
        this.stream.advanceTo(batch.watermarkUs);
      },
      committedOffsets: (partitionCount) => sink.committedOffsets(partitionCount),
      ...(sink.committedState === undefined
        ? {}
        : { committedState: () => sink.committedState?.() }),
    };
  }

  #store(fact: EnrichedEvent): void {
    const { id } = fact.event;
    if (this.isFull || this.storedEvents.has(id)) return;
    this.storedEvents.set(id, fact);
    this.stream.add(fact);
  }
}

/** Titles as the warehouse describes them: a release is the first day of its year. */
function titleLookup(catalogue: Catalogue): TitleLookup {
  const titles = new Map(
    catalogue.titles.map(({ id, kind, durationMinutes, releaseYear }) => [
      id,
      {
        kind,
        runtimeSeconds: durationMinutes * 60,
        releaseUs: Date.UTC(releaseYear, 0, 1) * 1_000,
      },
    ]),
  );
  return (titleId) => titles.get(titleId);
}
