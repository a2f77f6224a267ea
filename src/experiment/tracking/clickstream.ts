/** From the SDKs' batches to the warehouse: the collector accepts, the log keeps, the pipeline is
 * polled on the kernel's clock. Beside it, out of the pipeline's sight, the truth is counted, so
 * that every event can be accounted for at the end. */

import type { ViewerProfile } from '../../domain/audience.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { CollectorAnswer } from '../../domain/collector-ports.ts';
import type { LogReader } from '../../domain/pipeline-ports.ts';
import type { TrackedEvent } from '../../domain/tracked-event.ts';
import type { Chance } from '../../kernel/chance.ts';
import type { RunDigest } from '../../kernel/digest.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { createCollector } from '../../streams/collector/collector.ts';
import { createPipeline, type Pipeline } from '../../streams/pipeline.ts';
import { type PipelineSettings, pipelineOptionsOf } from '../backfill/job-settings.ts';
import type { LakeTap } from '../backfill/lake-tap.ts';
import { watermarkOf, worldPlans } from '../pipelines/built-in-plans.ts';
import type { Scenario } from '../scenario/schema.ts';
import { createPipelineDrive, type PipelineDrive } from './pipeline-drive.ts';
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
}

/** The clickstream of one run. */
export interface Clickstream {
  /** What brings events from the log to the warehouse. */
  readonly drive: PipelineDrive;
  readonly pipeline: Pipeline;
  /** An SDK captured an event: the truth of it. */
  captured(event: TrackedEvent): void;
  /** An SDK gave events up. */
  dropped(given: GivenUp): void;
  /** The collector takes a batch in: what it answers `ok` or `drop` for is in the log. */
  accept(batch: SentBatch): CollectorAnswer;
  /** Whether a batch is in the log already. */
  wasAccepted(viewer: number, batch: number): boolean;
  /** Draws for the batch: is it, or its acknowledgement, lost on the way? */
  isLost(batch: SentBatch, leg: 'batch' | 'acknowledgement'): boolean;
  truth(): EventTruth;
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
  readonly tap?: LakeTap | undefined;
  /** The Unix time at virtual time 0, in µs. */
  readonly epochUs: number;
  /** Length of a time bucket of series, and the end of the run, µs. */
  readonly bucketUs: number;
  readonly endUs: number;
}

/** Batches of one SDK that draw separately; later tries of one batch draw anew up to this many. */
const ATTEMPTS_PER_BATCH = 64;

/** Makes the clickstream. */
export function createClickstream(options: ClickstreamOptions): Clickstream {
  const { scenario, simulation, digest, epochUs } = options;
  const { clickstream } = scenario;
  const drive = createPipelineDrive({
    ...options,
    createPipeline: (log) => createWorldPipeline(options, log),
  });
  const collector = createCollector({ log: drive.writer });
  const spoil = createSpoiler(scenario, options.chance);
  const lossDraws = options.chance.draws('clickstream.batch-loss');
  const ackLossDraws = options.chance.draws('clickstream.acknowledgement-loss');
  const acceptedBatches = new Set<string>();
  const givenUpBatches = new Map<string, GivenUp>();
  const droppedByReason: Record<string, number> = {};
  const count = { captured: 0, plays: 0, requests: 0, accepted: 0, acceptedTwice: 0 };
  const drop = (reason: string, events: number) => {
    droppedByReason[reason] = (droppedByReason[reason] ?? 0) + events;
  };
  return {
    drive,
    pipeline: drive.pipeline,
    captured({ type }) {
      count.captured += 1;
      if (type === 'media.play') count.plays += 1;
    },
    dropped(given) {
      const key = `${given.viewer}/${given.batch}`;
      if (given.batch !== undefined && acceptedBatches.has(key)) return;
      if (given.batch !== undefined) givenUpBatches.set(key, given);
      drop(given.reason, given.count);
    },
    accept(sent) {
      const key = `${sent.viewer.viewer}/${sent.batch}`;
      count.requests += 1;
      digest.record(simulation.nowUs, 'collector', key, sent.events.length);
      const payload = {
        sentTimeUs: sent.sentTimeUs,
        ...(sent.sentUptimeUs === undefined ? {} : { sentUptimeUs: sent.sentUptimeUs }),
        userAgent: sent.viewer.userAgent,
        clientAddress: sent.viewer.clientAddress,
        events: sent.events.map((event) => spoil(sent.viewer.viewer, event)),
      };
      const answer = collector.take(payload, {
        ingestTimeUs: epochUs + simulation.nowUs,
        partitionKey: sent.events[0]?.subject ?? key,
      });
      if (answer.status !== 200) return answer;
      if (acceptedBatches.has(key)) {
        count.acceptedTwice += sent.events.length;
        return answer;
      }
      acceptedBatches.add(key);
      count.accepted += sent.events.length;
      const givenUp = givenUpBatches.get(key);
      if (givenUp !== undefined) drop(givenUp.reason, -givenUp.count);
      return answer;
    },
    wasAccepted: (viewer, batch) => acceptedBatches.has(`${viewer}/${batch}`),
    isLost(sent, leg) {
      const draws = leg === 'batch' ? lossDraws : ackLossDraws;
      const index = sent.batch * ATTEMPTS_PER_BATCH + (sent.attempt % ATTEMPTS_PER_BATCH);
      return draws.uniform(sent.viewer.viewer, index) < clickstream.batchLossProbability;
    },
    truth: () => ({
      ...count,
      droppedByReason: { ...droppedByReason },
      unread: drive.unread(),
    }),
  };
}

/** The pipeline as scenarios describe it. */
function createWorldPipeline(options: ClickstreamOptions, log: LogReader): Pipeline {
  const { tap, warehouse } = options;
  const reference = createReferenceData(options.catalogue, options.countryOf);
  return createPipeline({
    log: tap?.reader(log) ?? log,
    sink: tap?.sink(warehouse) ?? warehouse,
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
function createSpoiler(scenario: Scenario, chance: Chance) {
  const draws = chance.draws('clickstream.malformed');
  const share = scenario.clickstream.malformedShare;
  return (viewer: number, event: TrackedEvent): unknown =>
    draws.uniform(viewer, event.sequence) < share
      ? { ...event, eventTimeUs: String(event.eventTimeUs) }
      : event;
}
