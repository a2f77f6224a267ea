/** The WAN between clients and everybody else: API calls over the connections of a pool, batches
 * of the clickstream over one of their own. All connections of a client share its access link; a
 * connection delivers in the order of sending, grows its window and repairs its losses. Draws
 * are named by client and message, so that nobody's network depends on anybody else.
 * Spec: Q6, Q84–Q86. */
import type { DeviceKind } from '../../domain/audience.ts';
import type { Chance, Draws } from '../../kernel/chance.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { transferUs, windowAfter, windowAfterIdle } from '../../queueing/network/tcp.ts';
import { createWanLink, type WanLink } from '../../queueing/network/wan-link.ts';
import type { Client } from '../requests/calls/client.ts';
import type { Scenario } from '../scenario/schema.ts';
import { wanProfileOf } from '../scenario/station-configs.ts';
import { type WanAccess, WanConnection } from './wan-connection.ts';

/** Which way a message goes. */
type Direction = 'up' | 'down';

/** A message on a connection of the API. */
export interface WanMessage {
  readonly client: Client;
  readonly connection: WanConnection;
  readonly sizeBytes: number;
  /** Index of its draws. */
  readonly key: number;
}

/** The wide-area network. */
export interface WideAreaNetwork {
  /** Opens the client's next connection to the API's origin. */
  open(client: Client): WanConnection;
  /** Delay in µs of a request that is sent after `afterUs`. */
  upUs(message: WanMessage, afterUs: number): number;
  /** Delay in µs of an answer that is sent now. */
  downUs(message: WanMessage): number;
  /** Delay in µs of a message of the clickstream, whose connection is opened where need be. */
  clickstreamUs(message: ClickstreamMessage): number;
}

/** A batch, or an acknowledgement of one. */
export interface ClickstreamMessage {
  readonly client: Client;
  readonly direction: Direction;
  readonly sizeBytes: number;
  readonly key: number;
}

/** Draws of the messages of one channel in one direction. */
interface Leg {
  readonly direction: Direction;
  readonly roundTrip: Draws;
  readonly loss: Draws;
  readonly repeat: Draws;
}

/** Makes the WAN of one run. */
export function createWideAreaNetwork(
  scenario: Scenario,
  chance: Chance,
  simulation: Simulation,
): WideAreaNetwork {
  const { devices } = scenario.audience;
  const kinds = Object.keys(devices) as DeviceKind[];
  const links = Object.fromEntries(
    kinds.map((kind) => [kind, createWanLink(wanProfileOf(devices[kind].wan))]),
  ) as Record<DeviceKind, WanLink>;
  const accessOf = createAccesses(links, chance);
  const openers = {
    api: createOpener('api', chance),
    clickstream: createOpener('clickstream', chance),
  };
  const legs = {
    api: { up: legOf('api', 'up', chance), down: legOf('api', 'down', chance) },
    clickstream: {
      up: legOf('clickstream', 'up', chance),
      down: legOf('clickstream', 'down', chance),
    },
  };
  const { idleTimeout } = scenario.network.connections;
  /** The clickstream's connection, and how long it takes until it is open. */
  const clickstreamOf = (client: Client, access: WanAccess): WanConnection => {
    const { clickstream } = access;
    const { nowUs } = simulation;
    if (clickstream !== undefined && nowUs - clickstream.up.lastSentUs <= idleTimeout) {
      return clickstream;
    }
    const fresh = openers.clickstream(client, access, access.clickstreamOpenedCount);
    access.clickstreamOpenedCount += 1;
    access.clickstream = fresh;
    return fresh;
  };
  const delayUs = createDelays(simulation, accessOf);
  return {
    open(client) {
      const access = accessOf(client);
      const connection = openers.api(client, access, access.openedCount);
      access.openedCount += 1;
      return connection;
    },
    upUs: (message, afterUs) => delayUs(legs.api.up, message, afterUs),
    downUs: (message) => delayUs(legs.api.down, message, 0),
    clickstreamUs({ client, direction, sizeBytes, key }) {
      const access = accessOf(client);
      const before = access.clickstream;
      const connection =
        direction === 'down' && before !== undefined ? before : clickstreamOf(client, access);
      const afterUs = connection === before ? 0 : connection.handshakeUs;
      const message = { client, connection, sizeBytes, key };
      return delayUs(legs.clickstream[direction], message, afterUs);
    },
  };
}

/** Clients as the network knows them, each drawn when it first sends. */
function createAccesses(
  links: Readonly<Record<DeviceKind, WanLink>>,
  chance: Chance,
): (client: Client) => WanAccess {
  const downRates = chance.draws('wan.down-rate');
  const upRates = chance.draws('wan.up-rate');
  const roundTrips = chance.draws('wan.round-trip');
  return (client) => {
    if (client.access !== undefined) return client.access;
    const { viewer, device } = client.profile;
    const link = links[device];
    const isDrawnHere = link.profile.roundTripPer === 'client';
    const access: WanAccess = {
      link,
      up: { usPerByte: link.upUsPerByte(upRates.uniform(viewer, 0)), freeAtUs: 0 },
      down: { usPerByte: link.downUsPerByte(downRates.uniform(viewer, 0)), freeAtUs: 0 },
      roundTripUs: isDrawnHere ? link.roundTripUs(roundTrips.uniform(viewer, 0)) : 0,
      openedCount: 0,
      clickstream: undefined,
      clickstreamOpenedCount: 0,
    };
    client.access = access;
    return access;
  };
}

/** Opens the n-th connection of a client to an origin; sessions are resumed from the second on. */
function createOpener(
  channel: string,
  chance: Chance,
): (client: Client, access: WanAccess, n: number) => WanConnection {
  const roundTrips = chance.draws(`wan.${channel}.connection-round-trip`);
  const losses = chance.draws(`wan.${channel}.handshake-loss`);
  return (client, access, n) => {
    const { viewer } = client.profile;
    const { link } = access;
    const { roundTripPer, lossProbability } = link.profile;
    const roundTripUs =
      roundTripPer === 'client'
        ? access.roundTripUs
        : link.roundTripUs(roundTrips.uniform(viewer, n));
    const uLoss = lossProbability === 0 ? 1 : losses.uniform(viewer, n);
    const handshakeUs = link.handshakeUs(roundTripUs, n > 0, uLoss);
    return new WanConnection(roundTripPer === 'message' ? 0 : roundTripUs, handshakeUs);
  };
}

function legOf(channel: string, direction: Direction, chance: Chance): Leg {
  const name = `wan.${channel}.${direction}`;
  return {
    direction,
    roundTrip: chance.draws(`${name}.round-trip`),
    loss: chance.draws(`${name}.loss`),
    repeat: chance.draws(`${name}.repeat`),
  };
}

/** How long messages take. Where others of the same client are on the access link, a message is not
 * through before they are; one that waits for its handshake is left out of that reckoning. */
function createDelays(
  simulation: Simulation,
  accessOf: (client: Client) => WanAccess,
): (leg: Leg, message: WanMessage, afterUs: number) => number {
  // Written for each message anew, so that none costs an object.
  const transfer = { sizeBytes: 0, roundTripUs: 0, usPerByte: 0, windowSegments: 0 };
  const pause = { idleUs: 0, roundTripUs: 0 };
  return (leg, message, afterUs) => {
    const access = accessOf(message.client);
    const { link } = access;
    const { connection, sizeBytes } = message;
    const { nowUs } = simulation;
    const wire = access[leg.direction];
    const lane = connection[leg.direction];
    const sentAtUs = nowUs + afterUs;
    const roundTripUs = connection.roundTripUs || roundTripOf(leg, link, message);
    if (link.profile.restartsWhenIdle) {
      pause.idleUs = sentAtUs - lane.lastSentUs;
      pause.roundTripUs = roundTripUs;
      lane.windowSegments = windowAfterIdle(lane.windowSegments, pause);
    }
    transfer.sizeBytes = sizeBytes;
    transfer.roundTripUs = roundTripUs;
    transfer.usPerByte = wire.usPerByte;
    transfer.windowSegments = lane.windowSegments;
    let atUs = sentAtUs + transferUs(transfer);
    if (afterUs === 0) {
      wire.freeAtUs = Math.max(wire.freeAtUs, sentAtUs) + sizeBytes * wire.usPerByte;
      atUs = Math.max(atUs, wire.freeAtUs + roundTripUs / 2);
    }
    const repairUs =
      link.profile.lossProbability === 0 ? 0 : repairOf({ leg, link, message, roundTripUs });
    lane.windowSegments = windowAfter(transfer, repairUs > 0);
    lane.lastSentUs = sentAtUs;
    lane.lastDeliveryUs = Math.max(lane.lastDeliveryUs, nowUs + 1, Math.round(atUs + repairUs));
    return lane.lastDeliveryUs - nowUs;
  };
}

/** A message that may lose segments on its way. */
interface LossyMessage {
  readonly leg: Leg;
  readonly link: WanLink;
  readonly message: WanMessage;
  readonly roundTripUs: number;
}

function roundTripOf({ roundTrip }: Leg, link: WanLink, { client, key }: WanMessage): number {
  return link.roundTripUs(roundTrip.uniform(client.profile.viewer, key));
}

function repairOf({ leg, link, message, roundTripUs }: LossyMessage): number {
  const { sizeBytes, key } = message;
  const { viewer } = message.client.profile;
  const uLoss = leg.loss.uniform(viewer, key);
  if (!link.mayLose(sizeBytes, uLoss)) return 0;
  return link.repairUs({ sizeBytes, roundTripUs, uLoss, uRepeat: leg.repeat.uniform(viewer, key) });
}
