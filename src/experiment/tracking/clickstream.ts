/** From the SDKs' batches to the warehouse: the collector accepts, the log keeps, the pipeline is
 * polled on the kernel's clock. Beside it, out of the pipeline's sight, the truth is counted, so
 * that every event can be accounted for at the end. */

import type { ViewerProfile } from '../../domain/audience.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { AppendRequest, CollectorAnswer, LogWriter } from '../../domain/collector-ports.ts';
import type { TrackedEvent } from '../../domain/tracked-event.ts';
import type { Chance } from '../../kernel/chance.ts';
import type { RunDigest } from '../../kernel/digest.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { createCollector } from '../../streams/collector/collector.ts';
import { createPipeline, type Pipeline } from '../../streams/pipeline.ts';
import type { EventWitness } from '../agreement/event-witness.ts';
import { type PipelineSettings, pipelineOptionsOf } from '../backfill/job-settings.ts';
import type { LakeTap } from '../backfill/lake-tap.ts';
import type { FaultBoard } from '../faults/board/fault-board.ts';
import type { MadeRecords } from '../faults/pipeline/record-faults.ts';
import { watermarkOf, worldPlans } from '../pipelines/built-in-plans.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { WorldProbe } from '../world/probe.ts';
import { createPipelineDrive, type PipelineDrive, type PipelineParts } from './pipeline-drive.ts';
import { type CountryLookup, createReferenceData } from './reference-data.ts';

/** One batch on its way from a device. */
export interface SentBatch {
  readonly viewer: ViewerProfile;
  readonly batch: number;
  readonly attempt: number;
  readonly events: readonly TrackedEvent[];
  readonly sentTimeUs: number;
  readonly sentUptimeUs?: number;
}

/** Events that an SDK gave up: of a batch, or one that found no room. */
export interface GivenUp {
  readonly viewer: number;
  readonly batch: number | undefined;
  readonly reason: string;
  readonly count: number;
}

/** What is counted beside the pipeline. */
export interface EventTruth {
  readonly captured: number;
  /** Plays begun: events of the type `media.play` that were captured. */
  readonly plays: number;
  /** Batches that reached the collector, every try of them. */
  readonly requests: number;
  readonly accepted: number;
  readonly acceptedTwice: number;
  /** Dropped on the device, by reason. */
  readonly droppedByReason: Readonly<Record<string, number>>;
  /** Accepted by the log, not yet read by the pipeline. */
  readonly unread: number;
  /** Records that faults have put into the log: events of nobody. */
  readonly made: MadeRecords;
}

/** The clickstream of one run. */
export interface Clickstream {
  /** What brings events from the log to the warehouse. */
  readonly drive: PipelineDrive;
  /** The one that runs now. */
  readonly pipeline: Pipeline;
  /** An SDK captured an event: the truth of it. What it captures later tells how much. */
  captured(event: TrackedEvent, by?: ViewerProfile, agoUs?: number): void;
  /** An SDK sends a batch, for the first time or again. */
  sent(viewer: number, batch: number, events: readonly TrackedEvent[]): void;
  /** An SDK gave events up. */
  dropped(given: GivenUp): void;
  /** The collector takes a batch in: what it answers `ok` or `drop` for is in the log. */
  accept(batch: SentBatch): CollectorAnswer;
  /** Whether a batch is in the log already. */
  wasAccepted(viewer: number, batch: number): boolean;
  /** Draws for the batch: is it, or its acknowledgement, lost on the way? */
  isLost(batch: SentBatch, leg: 'batch' | 'acknowledgement'): boolean;
  truth(): EventTruth;
  /** The part of the truth that costs nothing to read: live. */
  readonly counted: Omit<EventTruth, 'unread' | 'made'>;
}

/** What a clickstream is made of. */
export interface ClickstreamOptions {
  readonly scenario: Scenario;
  readonly catalogue: Catalogue;
  readonly countryOf: CountryLookup;
  readonly chance: Chance;
  readonly simulation: Simulation;
  readonly digest: RunDigest;
  readonly warehouse: Warehouse;
  /** An event as it leaves its device. */
  readonly asSent: (event: TrackedEvent) => unknown;
  readonly board: FaultBoard;
  readonly tap?: LakeTap | undefined;
  readonly probe?: WorldProbe | undefined;
  readonly witness?: EventWitness | undefined;
  /** The Unix time at virtual time 0, in µs. */
  readonly epochUs: number;
  /** Length of a time bucket of series, and the end of the run, µs. */
  readonly bucketUs: number;
  readonly endUs: number;
}

/** Batches of one SDK that draw separately; later tries of one batch draw anew up to this many. */
const ATTEMPTS_PER_BATCH = 64;

/** What is counted, at first. */
const NOTHING = { captured: 0, plays: 0, requests: 0, accepted: 0, acceptedTwice: 0 };

/** Makes the clickstream. */
export function createClickstream(options: ClickstreamOptions): Clickstream {
  const { scenario, simulation, digest, epochUs, witness } = options;
  const drive = createPipelineDrive({
    ...options,
    createPipeline: (parts) => createWorldPipeline(options, parts),
    onSurvived(request) {
      const sent = batchOf.get(request);
      if (sent !== undefined) took(sent);
    },
  });
  /** Where an append may be in the log although it was refused: which batch it came of. */
  const batchOf = new WeakMap<AppendRequest, SentBatch>();
  let arriving: SentBatch | undefined;
  const collector = createCollector({
    log:
      drive.made === undefined
        ? drive.writer
        : noting(drive.writer, (request) => arriving && batchOf.set(request, arriving)),
  });
  const spoil = createSpoiler(scenario, options.chance, options.asSent);
  const acceptedBatches = new Set<string>();
  const givenUpBatches = new Map<string, GivenUp>();
  const droppedByReason: Record<string, number> = {};
  const count = { ...NOTHING, droppedByReason };
  const drop = (reason: string, events: number) => {
    droppedByReason[reason] = (droppedByReason[reason] ?? 0) + events;
  };
  const keyOf = (sent: SentBatch) => `${sent.viewer.viewer}/${sent.batch}`;
  /** The log has the batch. */
  const took = (sent: SentBatch) => {
    const key = keyOf(sent);
    if (acceptedBatches.has(key)) {
      count.acceptedTwice += sent.events.length;
      return;
    }
    acceptedBatches.add(key);
    witness?.accepted(sent.events);
    count.accepted += sent.events.length;
    const givenUp = givenUpBatches.get(key);
    if (givenUp !== undefined) drop(givenUp.reason, -givenUp.count);
  };
  return {
    drive,
    counted: count,
    get pipeline() {
      return drive.pipeline;
    },
    captured(event, by, agoUs = 0) {
      count.captured += 1;
      if (event.type === 'media.play') count.plays += 1;
      if (by !== undefined) witness?.captured(event, by, epochUs + simulation.nowUs - agoUs);
    },
    sent: (viewer, batch, events) => witness?.sent(viewer, batch, events),
    dropped(given) {
      const key = `${given.viewer}/${given.batch}`;
      if (given.batch !== undefined && acceptedBatches.has(key)) return;
      if (given.batch !== undefined) givenUpBatches.set(key, given);
      witness?.dropped(given);
      drop(given.reason, given.count);
    },
    accept(sent) {
      const key = keyOf(sent);
      count.requests += 1;
      arriving = sent;
      digest.record(simulation.nowUs, 'collector', key, sent.events.length);
      const answer = collector.take(payloadOf(sent, spoil), {
        ingestTimeUs: epochUs + simulation.nowUs,
        partitionKey: sent.events[0]?.subject ?? key,
      });
      if (answer.status === 200) took(sent);
      return answer;
    },
    wasAccepted: (viewer, batch) => acceptedBatches.has(`${viewer}/${batch}`),
    isLost: createBatchLoss(options),
    truth: () => ({
      ...count,
      droppedByReason: { ...droppedByReason },
      unread: drive.unread(),
      made: drive.made ?? { poison: 0, duplicate: 0 },
    }),
  };
}

/** What the collector is sent. */
function payloadOf(sent: SentBatch, spoil: (viewer: number, event: TrackedEvent) => unknown) {
  return {
    sentTimeUs: sent.sentTimeUs,
    ...(sent.sentUptimeUs === undefined ? {} : { sentUptimeUs: sent.sentUptimeUs }),
    userAgent: sent.viewer.userAgent,
    clientAddress: sent.viewer.clientAddress,
    events: sent.events.map((event) => spoil(sent.viewer.viewer, event)),
  };
}

/** Loss on the way: each try of a batch draws for itself. */
function createBatchLoss({ chance, scenario }: ClickstreamOptions): Clickstream['isLost'] {
  const draws = {
    batch: chance.draws('clickstream.batch-loss'),
    acknowledgement: chance.draws('clickstream.acknowledgement-loss'),
  };
  return ({ viewer: { viewer }, batch, attempt }, leg) => {
    const index = batch * ATTEMPTS_PER_BATCH + (attempt % ATTEMPTS_PER_BATCH);
    return draws[leg].uniform(viewer, index) < scenario.clickstream.batchLossProbability;
  };
}

/** Tells of what is about to be appended. */
function noting(writer: LogWriter, onAppend: (request: AppendRequest) => void): LogWriter {
  return {
    partitionCount: writer.partitionCount,
    append(request) {
      onAppend(request);
      return writer.append(request);
    },
    appendAll(requests) {
      requests.forEach(onAppend);
      return writer.appendAll(requests);
    },
  };
}

/** The pipeline as scenarios describe it. */
function createWorldPipeline(options: ClickstreamOptions, parts: PipelineParts): Pipeline {
  const { tap, warehouse, probe, witness } = options;
  const { log, wrapSink, ...checkpoint } = parts;
  const read = tap?.reader(log) ?? log;
  const kept = tap?.sink(warehouse) ?? warehouse;
  const sink = witness?.sink(kept) ?? kept;
  const reference = createReferenceData(options.catalogue, options.countryOf);
  return createPipeline({
    log: probe?.reader(read) ?? read,
    // The probe is told what the warehouse has taken, not what a fault made of it.
    sink: wrapSink(probe?.sink(sink, warehouse) ?? sink),
    ...checkpoint,
    ...pipelineOptionsOf(worldPipelineSettings(options.scenario), reference),
    maxRecordsPerPoll: 100_000,
  });
}

/** How a scenario's pipeline works. */
export function worldPipelineSettings({ clickstream }: Scenario): PipelineSettings {
  return {
    timeCorrection: clickstream.timeCorrection,
    plans: [...worldPlans(clickstream), ...(clickstream.pipelines ?? [])],
    watermark: watermarkOf(clickstream),
    dedupeTtlUs: clickstream.dedupeTtl,
  };
}

/** A client's bug: some events, always the same ones, leave the device malformed. */
function createSpoiler(
  scenario: Scenario,
  chance: Chance,
  asSent: (event: TrackedEvent) => unknown,
) {
  const draws = chance.draws('clickstream.malformed');
  const share = scenario.clickstream.malformedShare;
  return (viewer: number, event: TrackedEvent): unknown =>
    draws.uniform(viewer, event.sequence) < share
      ? { ...event, eventTimeUs: String(event.eventTimeUs) }
      : asSent(event);
}
