/** Batches on their way from an SDK to the collector, and acknowledgements back: over the WAN, lost
 * at times, and not at all while the device is offline. */
import type { SdkEmission, SdkMessage } from '../../actors/client-sdk.ts';
import type { ActorId, ActorSystem } from '../../actors/runtime/actor-system.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Household } from '../households/household.ts';
import type { WideAreaNetwork } from '../households/wide-area-network.ts';
import type { Clickstream, SentBatch } from './clickstream.ts';

/** Sends batches. */
export interface BatchDelivery {
  send(household: Household, batch: Extract<SdkEmission, { type: 'batch.sent' }>): void;
}

/** What delivery needs. */
export interface BatchDeliveryOptions {
  readonly simulation: Simulation;
  readonly actors: ActorSystem;
  readonly wan: WideAreaNetwork;
  readonly clickstream: Clickstream;
  readonly homeOf: (actor: ActorId) => Household;
  /** The Unix time at virtual time 0, in µs. */
  readonly epochUs: number;
}

/** Mean size of a tracked event, of a batch's envelope and headers, and of an acknowledgement. */
const EVENT_BYTES = 420;
const BATCH_BYTES = 900;
const ACKNOWLEDGEMENT_BYTES = 300;
const ATTEMPTS_PER_BATCH = 64;

/** Makes the delivery. */
export function createBatchDelivery(options: BatchDeliveryOptions): BatchDelivery {
  const { simulation, actors, wan, clickstream, homeOf, epochUs } = options;
  const keyOf = (sent: SentBatch) =>
    sent.batch * ATTEMPTS_PER_BATCH + (sent.attempt % ATTEMPTS_PER_BATCH);
  const accept = simulation.registerHandler('collector.accept', (sdk, payload) => {
    const sent = payload as SentBatch;
    clickstream.accept(sent);
    const household = homeOf(sdk);
    if (!household.isOnline || clickstream.isLost(sent, 'acknowledgement')) return;
    const delayUs = wan.clickstreamUs({
      client: household,
      direction: 'down',
      sizeBytes: ACKNOWLEDGEMENT_BYTES,
      key: keyOf(sent),
    });
    const message: SdkMessage = { type: 'batch.acknowledged', batch: sent.batch };
    actors.send(sdk, message, delayUs);
  });
  return {
    send(household, { batch, attempt, events }) {
      if (!household.isOnline) return;
      const sentTimeUs = epochUs + simulation.nowUs;
      const sent: SentBatch = { viewer: household.profile, batch, attempt, events, sentTimeUs };
      if (clickstream.isLost(sent, 'batch')) return;
      const delayUs = wan.clickstreamUs({
        client: household,
        direction: 'up',
        sizeBytes: BATCH_BYTES + EVENT_BYTES * events.length,
        key: keyOf(sent),
      });
      simulation.schedule(delayUs, accept, household.sdkActor, sent);
    },
  };
}
