/** The ways of a run: how clients reach what they ask, over the wide-area network of their device
 * or, as load generators inside the datacentre, over its network without handshakes; and how
 * servers reach one another, by where they stand. Spec: E35–E37. */
import type { Chance } from '../../../kernel/chance.ts';
import {
  createDatacentreLinks,
  type DatacentreLinks,
  type PlaceDistance,
} from '../../../queueing/network/places.ts';
import type { WanConnection } from '../../households/wan-connection.ts';
import type { WideAreaNetwork } from '../../households/wide-area-network.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { datacentreProfileOf } from '../../scenario/station-configs.ts';
import type { Recorder } from '../../world/recorder.ts';
import type { Attempt } from '../calls/call.ts';
import type { CallTarget } from '../calls/call-edge.ts';
import type { Client } from '../calls/client.ts';
import { createDatacentreTransport } from '../transport/datacentre-transport.ts';
import { CLIENT_HEADER_BYTES, INTERNAL_HEADER_BYTES } from '../transport/message-sizes.ts';
import type { Transport } from '../transport/transport.ts';
import { createWanTransport } from '../transport/wan-transport.ts';

/** The ways of a run. */
export interface Ways {
  /** From clients to a server. */
  fromClients(target: CallTarget): Transport;
  /** From a gateway in this region to a server. */
  between(region: number, target: CallTarget): Transport;
  /** Opens a client's next connection; undefined inside the datacentre. */
  openConnection(client: Client): WanConnection | undefined;
}

/** What ways are made of. */
export interface WaysOptions {
  readonly scenario: Scenario;
  readonly chance: Chance;
  readonly recorder: Recorder;
  readonly wan: WideAreaNetwork;
}

/** Clients reach this region, and load generators inside stand in it. */
const ENTRY_REGION = 0;
/** Where load generators inside stand. */
const GENERATOR_ZONE = 0;

/** Makes the ways. */
export function createWays(options: WaysOptions): Ways {
  const { scenario, chance, recorder, wan } = options;
  const { traffic: meter } = recorder;
  const links: DatacentreLinks = createDatacentreLinks(
    datacentreProfileOf(scenario.network.datacentre),
  );
  const inside = { links, chance, meter };
  const areInside = scenario.traffic?.via === 'datacentre';
  const fromOutside = (target: CallTarget): Transport => {
    const backbone = createDatacentreTransport({
      ...inside,
      name: 'backbone',
      distanceOf: () => 'other-region',
      headerBytes: CLIENT_HEADER_BYTES,
      count: undefined,
    });
    const isAway = target.region !== ENTRY_REGION;
    return createWanTransport({
      wan,
      meter,
      count: recorder.wan,
      backbone: isAway ? backbone : undefined,
    });
  };
  const fromInside = (target: CallTarget): Transport =>
    createDatacentreTransport({
      ...inside,
      name: 'datacentre',
      distanceOf: distanceTo(target, { region: ENTRY_REGION, zoneOf: () => GENERATOR_ZONE }),
      headerBytes: CLIENT_HEADER_BYTES,
      count: recorder.wan,
    });
  return {
    fromClients: areInside ? fromInside : fromOutside,
    between: (region, target) =>
      createDatacentreTransport({
        ...inside,
        name: 'datacentre',
        distanceOf: distanceTo(target, { region, zoneOf: ({ call }) => call.owner.zone }),
        headerBytes: INTERNAL_HEADER_BYTES,
        count: recorder.internal,
      }),
    openConnection: (client) => (areInside ? undefined : wan.open(client)),
  };
}

/** How far a try's replica is from who asks. A try that no replica takes is refused next door. */
function distanceTo(
  target: CallTarget,
  from: { readonly region: number; readonly zoneOf: (attempt: Attempt) => number },
): (attempt: Attempt) => PlaceDistance {
  if (target.region !== from.region) return () => 'other-region';
  return (attempt) => {
    const zone = from.zoneOf(attempt);
    return (target.zoneOf(attempt.replica) ?? zone) === zone ? 'same-zone' : 'other-zone';
  };
}
