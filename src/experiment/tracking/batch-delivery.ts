/** Batches on their way from an SDK to the collector, and acknowledgements back: over the WAN,
 * lost at times, and not at all while the device is offline. The app may be killed while a batch
 * is under way: its answer then reaches nobody, and the SDK sends it again. Spec: A47. */
import type { SdkMachineMessage } from '../../actors/client-sdk.ts';
import type { ActorId, ActorSystem } from '../../actors/runtime/actor-system.ts';
import type { CollectorAnswer } from '../../domain/collector-ports.ts';
import type { Chance } from '../../kernel/chance.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { US_PER_SECOND } from '../../kernel/time.ts';
import type { SdkMessage, SentBatchEffect } from '../../sdk/sdk-messages.ts';
import type { Household } from '../households/household.ts';
import type { WideAreaNetwork } from '../households/wide-area-network.ts';
import type { Clickstream, SentBatch } from './clickstream.ts';

/** Sends batches. */
export interface BatchDelivery {
  send(household: Household, batch: SentBatchEffect): void;
}

/** What delivery needs. */
export interface BatchDeliveryOptions {
  readonly simulation: Simulation;
  readonly actors: ActorSystem;
  readonly wan: WideAreaNetwork;
  readonly clickstream: Clickstream;
  readonly homeOf: (actor: ActorId) => Household;
  readonly chance: Chance;
  /** Chance that the app is killed while a batch is under way. */
  readonly killProbability: number;
}

/** Size of a request's headers. */
const HEADER_BYTES = 700;
/** Of an answer of the collector, headers included. */
export const ACKNOWLEDGEMENT_BYTES = 300;
const ATTEMPTS_PER_BATCH = 64;

/** A batch, and which run of the app waits for the answer. */
interface UnderWay {
  readonly sent: SentBatch;
  readonly killCount: number;
}

/** What the SDK hears, unless its app was killed meanwhile. */
interface Answer {
  readonly killCount: number;
  readonly message: SdkMessage;
}

/** Makes the delivery. */
export function createBatchDelivery(options: BatchDeliveryOptions): BatchDelivery {
  const { simulation, actors, wan, clickstream, homeOf, killProbability } = options;
  const killDraws = options.chance.draws('sdk.kill');
  const keyOf = (sent: SentBatch) =>
    sent.batch * ATTEMPTS_PER_BATCH + (sent.attempt % ATTEMPTS_PER_BATCH);
  const tell = (sdk: ActorId, message: SdkMachineMessage, delayUs: number) =>
    actors.send(sdk, message, delayUs);
  const answer = simulation.registerHandler('collector.answer', (sdk, payload) => {
    const { killCount, message } = payload as Answer;
    if (homeOf(sdk).killCount === killCount) actors.deliver(sdk, message);
  });
  const accept = simulation.registerHandler('collector.accept', (sdk, payload) => {
    const { sent, killCount } = payload as UnderWay;
    const answered = clickstream.accept(sent);
    const household = homeOf(sdk);
    if (!household.isOnline || clickstream.isLost(sent, 'acknowledgement')) return;
    const delayUs = wan.clickstreamUs({
      client: household,
      direction: 'down',
      sizeBytes: ACKNOWLEDGEMENT_BYTES,
      key: keyOf(sent),
    });
    const message = messageOf(sent, answered);
    simulation.schedule(delayUs, answer, sdk, { killCount, message } satisfies Answer);
  });
  const carry = (household: Household, underWay: UnderWay, bodyBytes: number) => {
    const { sent } = underWay;
    if (clickstream.isLost(sent, 'batch')) return;
    const delayUs = wan.clickstreamUs({
      client: household,
      direction: 'up',
      sizeBytes: HEADER_BYTES + bodyBytes,
      key: keyOf(sent),
    });
    simulation.schedule(delayUs, accept, household.sdkActor, underWay);
  };
  return {
    send(household, { batch, attempt, events, bodyBytes, sentTimeUs, sentUptimeUs }) {
      if (!household.isOnline) return;
      const sent: SentBatch = {
        viewer: household.profile,
        batch,
        attempt,
        events,
        sentTimeUs,
        ...(sentUptimeUs === undefined ? {} : { sentUptimeUs }),
      };
      carry(household, { sent, killCount: household.killCount }, bodyBytes);
      // Once the viewer has left, nobody opens the app again.
      if (killProbability === 0 || household.hasLeft) return;
      if (killDraws.uniform(household.profile.viewer, keyOf(sent)) >= killProbability) return;
      household.killCount += 1;
      tell(household.sdkActor, { type: 'app.reloaded' }, 0);
    },
  };
}

/** The collector's answer in the SDK's words: all well, event by event, or refused as a whole. */
function messageOf(sent: SentBatch, answer: CollectorAnswer): SdkMessage {
  const { batch, attempt } = sent;
  if (answer.status !== 200) {
    const { retryAfterSeconds: seconds } = answer;
    const pause = seconds === undefined ? {} : { retryAfterUs: seconds * US_PER_SECOND };
    return { type: 'batch.refused', batch, attempt, status: answer.status, ...pause };
  }
  if (answer.results.every(({ result }) => result === 'ok')) {
    return { type: 'batch.acknowledged', batch };
  }
  const judged = sent.events.map(({ id }, i) => [id, answer.results[i]?.result ?? 'retry']);
  return { type: 'batch.judged', batch, attempt, results: Object.fromEntries(judged) };
}
