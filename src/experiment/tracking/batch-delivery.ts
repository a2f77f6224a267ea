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
import type { FaultBoard } from '../faults/board/fault-board.ts';
import { createKills } from '../faults/client/kills.ts';
import type { BatchLink } from '../faults/network/batch-link.ts';
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
  readonly link: BatchLink;
  readonly board: FaultBoard;
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

/** A batch that the collector has, and how long it took to be sure of it. */
interface TakenIn extends UnderWay {
  readonly waitUs: number;
}

/** A batch that the collector could not read, and what it says to that: 0, nothing. */
interface Failed {
  readonly underWay: UnderWay;
  readonly status: number;
}

/** What the SDK hears, unless its app was killed meanwhile. */
interface Answer {
  readonly killCount: number;
  readonly message: SdkMessage;
}

/** Makes the delivery. */
export function createBatchDelivery(options: BatchDeliveryOptions): BatchDelivery {
  const { simulation, actors, wan, clickstream, homeOf, link } = options;
  const isKilled = createKills(options);
  const tell = (sdk: ActorId, message: SdkMachineMessage, delayUs: number) =>
    actors.send(sdk, message, delayUs);
  const answer = simulation.registerHandler('collector.answer', (sdk, payload) => {
    const { killCount, message } = payload as Answer;
    if (homeOf(sdk).killCount === killCount) actors.deliver(sdk, message);
  });
  const accept = simulation.registerHandler('collector.accept', (sdk, payload) => {
    const { sent, killCount } = payload as UnderWay;
    const answered = clickstream.accept(sent);
    const waitUs = answered.status === 200 ? clickstream.drive.syncDelayUs() : 0;
    reply({ sent, killCount, waitUs }, homeOf(sdk), messageOf(sent, answered));
  });
  const fail = simulation.registerHandler('collector.fail', (sdk, payload) => {
    const { underWay, status } = payload as Failed;
    reply({ ...underWay, waitUs: 0 }, homeOf(sdk), unheard(underWay.sent, status));
  });
  const reply = (taken: TakenIn, household: Household, message: SdkMessage) => {
    const { sent, killCount, waitUs } = taken;
    if (!household.isOnline || clickstream.isLost(sent, 'acknowledgement')) return;
    const { sdkActor: sdk, profile } = household;
    const key = keyOf(sent);
    const way = { direction: 'down', sizeBytes: ACKNOWLEDGEMENT_BYTES, key } as const;
    const delayUs = waitUs + wan.clickstreamUs({ client: household, ...way });
    const lane = household.access?.clickstream?.down;
    for (const one of link.deliveries({ ...way, viewer: profile.viewer, delayUs, lane })) {
      const heard = one.status === 'whole' ? message : unheard(sent, one.status);
      simulation.schedule(one.delayUs, answer, sdk, { killCount, message: heard } satisfies Answer);
    }
  };
  const carry = (household: Household, underWay: UnderWay, bodyBytes: number) => {
    const { sent, killCount } = underWay;
    if (clickstream.isLost(sent, 'batch')) return;
    const { sdkActor: sdk, profile } = household;
    const key = keyOf(sent);
    const way = { direction: 'up', sizeBytes: HEADER_BYTES + bodyBytes, key } as const;
    const plainUs = wan.clickstreamUs({ client: household, ...way });
    const lane = household.access?.clickstream?.up;
    const leg = { ...way, viewer: profile.viewer, delayUs: plainUs, lane };
    for (const { status, isRefused, delayUs } of link.deliveries(leg)) {
      if (status === 'whole') simulation.schedule(delayUs, accept, sdk, underWay);
      else if (isRefused) {
        const refused: Answer = { killCount, message: unheard(sent, status) };
        simulation.schedule(2 * delayUs, answer, sdk, refused);
      } else simulation.schedule(delayUs, fail, sdk, { underWay, status } satisfies Failed);
    }
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
      if (household.hasLeft || !isKilled(household.profile.viewer, keyOf(sent))) return;
      household.killCount += 1;
      tell(household.sdkActor, { type: 'app.reloaded' }, 0);
    },
  };
}

/** Names a try among those of its SDK. */
function keyOf({ batch, attempt }: SentBatch): number {
  return batch * ATTEMPTS_PER_BATCH + (attempt % ATTEMPTS_PER_BATCH);
}

/** What an SDK makes of an answer that it cannot read, or of none. */
function unheard({ batch, attempt }: SentBatch, status: number): SdkMessage {
  return { type: 'batch.refused', batch, attempt, status };
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
