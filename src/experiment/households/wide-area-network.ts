/** The WAN between households and everybody else: one link profile a device kind, own lanes
 * for API calls and for clickstream batches, up and down. Order is kept on each lane. */
import type { DeviceKind } from '../../domain/audience.ts';
import type { Chance, Draws } from '../../kernel/chance.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { createLink, createLinkOrder, type Link } from '../../queueing/link.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Household } from './household.ts';

/** The wide-area network: delays of messages between households and the outside. */
export interface WideAreaNetwork {
  /** Delay in µs of a message sent now; `key` is the index of its draws. */
  delayUs(message: WanMessage): number;
  /** A handshake of TCP and TLS 1.3: two round trips. */
  handshakeUs(household: Household, key: number): number;
}

/** A message on the WAN. */
export interface WanMessage {
  readonly household: Household;
  readonly direction: 'up' | 'down';
  /** API calls and clickstream batches travel on separate connections. */
  readonly channel: 'api' | 'clickstream';
  readonly sizeBytes: number;
  readonly key: number;
  /** Time until it is sent, added to the delay. */
  readonly afterUs?: number;
}

interface Legs {
  readonly delay: Draws;
  readonly loss: Draws;
}

/** TCP and TLS 1.3 take one round trip each before the request can go. */
const HANDSHAKE_ROUND_TRIPS = 2;
const LINKS_PER_HOUSEHOLD = 4;

/** Makes the WAN of all households: one link profile a device kind. */
export function createWideAreaNetwork(
  scenario: Scenario,
  chance: Chance,
  simulation: Simulation,
): WideAreaNetwork {
  const { devices } = scenario.audience;
  const kinds = Object.keys(devices) as DeviceKind[];
  const links = Object.fromEntries(
    kinds.map((kind) => [kind, createLink(devices[kind].wan)]),
  ) as Record<DeviceKind, Link>;
  const order = createLinkOrder();
  const legs: Readonly<Record<string, Legs>> = Object.fromEntries(
    ['api/up', 'api/down', 'clickstream/up', 'clickstream/down'].map((leg) => [
      leg,
      { delay: chance.draws(`wan.${leg}.delay`), loss: chance.draws(`wan.${leg}.loss`) },
    ]),
  );
  const handshakes = chance.draws('wan.handshake');
  return {
    delayUs({ household, direction, channel, sizeBytes, key, afterUs = 0 }) {
      const leg = legs[`${channel}/${direction}`] as Legs;
      const { viewer, device } = household.profile;
      const delay = links[device].delayUs(
        sizeBytes,
        leg.delay.uniform(viewer, key),
        leg.loss.uniform(viewer, key),
      );
      const lane = (channel === 'api' ? 0 : 2) + (direction === 'up' ? 0 : 1);
      const link = household.index * LINKS_PER_HOUSEHOLD + lane;
      return order.deliverAtUs(link, simulation.nowUs, afterUs + delay) - simulation.nowUs;
    },
    handshakeUs: (household, key) =>
      HANDSHAKE_ROUND_TRIPS *
      links[household.profile.device].roundTripUs(
        handshakes.uniform(household.profile.viewer, key),
      ),
  };
}
