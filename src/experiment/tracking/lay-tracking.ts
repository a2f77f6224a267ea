/** The way from an SDK's batch to the warehouse: the link that carries batches, the collector with
 * its pipeline, and bots that use the same link. */
import type { ActorId, ActorSystem } from '../../actors/runtime/actor-system.ts';
import { createCountryLookup } from '../../domain/audience.ts';
import { startBotFlood } from '../faults/client/bot-flood.ts';
import { createBatchLink } from '../faults/network/batch-link.ts';
import type { LinkFaults } from '../faults/network/link-faults.ts';
import type { Household } from '../households/household.ts';
import type { WideAreaNetwork } from '../households/wide-area-network.ts';
import {
  type BatchDelivery,
  type BatchDeliveryOptions,
  createBatchDelivery,
} from './batch-delivery.ts';
import { type Clickstream, type ClickstreamOptions, createClickstream } from './clickstream.ts';

/** What it is laid from. */
export interface TrackingOptions
  extends Omit<ClickstreamOptions, 'countryOf'>,
    Pick<BatchDeliveryOptions, 'board'> {
  readonly actors: ActorSystem;
  readonly wan: WideAreaNetwork;
  readonly homeOf: (actor: ActorId) => Household;
  readonly linkFaults: LinkFaults;
}

/** Lays it. */
export function layTracking(options: TrackingOptions): {
  readonly clickstream: Clickstream;
  readonly delivery: BatchDelivery;
} {
  const { scenario } = options;
  const countryOf = createCountryLookup(scenario.audience.countries);
  const clickstream = createClickstream({ ...options, countryOf });
  const link = createBatchLink({ ...options, faults: options.linkFaults });
  const { killProbability } = scenario.clickstream.sdk;
  const delivery = createBatchDelivery({ ...options, clickstream, link, killProbability });
  startBotFlood({ ...options, clickstream, link });
  return { clickstream, delivery };
}
