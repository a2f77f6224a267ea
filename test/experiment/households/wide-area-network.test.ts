/** The wide-area network by hand: connections with windows, an access link that a client's
 * connections share, and draws that belong to the client. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createWideAreaNetwork } from '../../../src/experiment/households/wide-area-network.ts';
import type { Client } from '../../../src/experiment/requests/calls/client.ts';
import { fixed, lognormal } from '../../../src/experiment/scenario/values.ts';
import { createChance } from '../../../src/kernel/chance.ts';
import { createSimulation } from '../../../src/kernel/simulation.ts';
import { ms, us } from '../../../src/kernel/time.ts';
import { smallScenario } from '../small-world.ts';

const BYTES_PER_WINDOW = 14_600;
/** A round trip of 40 ms and a µs a byte, both ways, nothing lost. */
const PLAIN = {
  roundTripTime: fixed(ms(40)),
  downBitsPerSec: fixed(us(8_000_000)),
  upBitsPerSec: fixed(us(8_000_000)),
  lossProbability: 0,
};

function networkOf(wan: object) {
  const share = { share: 1, wan: { ...PLAIN, ...wan } };
  const devices = { tv: share, phone: share, web: share, console: share };
  const simulation = createSimulation();
  const chance = createChance({ seed: 20_261_125, replication: 0 });
  const network = createWideAreaNetwork(
    smallScenario({ audience: { devices } }),
    chance,
    simulation,
  );
  return { network, simulation };
}

function clientOf(viewer: number): Client {
  return { profile: { viewer, device: 'tv' }, deviceActor: 0, access: undefined };
}

describe('a connection', () => {
  it('Q81: is resumed from the second on', () => {
    const { network } = networkOf({ tls: '1.2' });
    const client = clientOf(1);
    const handshakes = [1, 2, 3].map(() => network.open(client).handshakeUs);
    expect(handshakes).toEqual([120_000, 80_000, 80_000]);
    expect(network.open(clientOf(2)).handshakeUs).toBe(120_000);
  });

  it('Q85: sends more at once the more it has carried, until it pauses', () => {
    const later = (wan: object) => {
      const { network, simulation } = networkOf(wan);
      const client = clientOf(1);
      const connection = network.open(client);
      const message = { client, connection, sizeBytes: 2 * BYTES_PER_WINDOW, key: 0 };
      const next = simulation.registerHandler('next', () => delays.push(network.downUs(message)));
      const delays = [network.downUs(message)];
      simulation.schedule(ms(100), next, 0);
      simulation.schedule(ms(2_000), next, 0);
      simulation.run(ms(3_000));
      return delays;
    };
    // One window, a round trip, what is left, half a round trip.
    const slow = 40_000 + BYTES_PER_WINDOW + 20_000;
    const fast = 2 * BYTES_PER_WINDOW + 20_000;
    expect(later({ restartsWhenIdle: true })).toEqual([slow, fast, slow]);
    expect(later({ restartsWhenIdle: false })).toEqual([slow, fast, fast]);
  });

  test.prop([fc.array(fc.nat(40_000), { minLength: 2, maxLength: 20 })], {
    numRuns: 100,
    seed: 20261125,
  })('Q6: delivers in the order of sending, whatever is lost', (sizes) => {
    const { network } = networkOf({
      roundTripTime: lognormal(ms(40), 1),
      roundTripPer: 'message',
      lossProbability: 0.2,
    });
    const client = clientOf(1);
    const connection = network.open(client);
    const delays = sizes.map((sizeBytes, key) =>
      network.upUs({ client, connection, sizeBytes, key }, 0),
    );
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
  });
});

describe('an access link', () => {
  it('Q86: is shared by the connections of a client, and by nobody else', () => {
    const { network } = networkOf({});
    const [client, other] = [clientOf(1), clientOf(2)];
    const delayOf = (one: Client) =>
      network.downUs({ client: one, connection: network.open(one), sizeBytes: 10_000, key: 0 });
    expect([delayOf(client), delayOf(client), delayOf(client)]).toEqual([30_000, 40_000, 50_000]);
    expect(delayOf(other)).toBe(30_000);
  });

  it('Q86: carries the clickstream too, over a connection of its own', () => {
    const { network } = networkOf({});
    const client = clientOf(1);
    const batch = { client, direction: 'up', sizeBytes: 5_000, key: 0 } as const;
    // Two round trips of handshakes, then half a one and the batch; the second waits for the first.
    expect(network.clickstreamUs(batch)).toBe(80_000 + 20_000 + 5_000);
    expect(network.clickstreamUs({ ...batch, key: 1 })).toBe(105_000);
    const connection = network.open(client);
    const delayUs = network.upUs({ client, connection, sizeBytes: 1_000, key: 0 }, 0);
    expect(delayUs).toBe(5_000 + 1_000 + 20_000);
  });
});

describe('draws', () => {
  const DRAWN = {
    roundTripTime: lognormal(ms(40), 0.8),
    downBitsPerSec: lognormal(us(8_000_000), 0.8),
    lossProbability: 0.1,
  };

  it('Q87: are the client’s own: the same whoever else is there, in whatever order', () => {
    for (const roundTripPer of ['client', 'connection', 'message']) {
      const delays = (viewers: readonly number[]) => {
        const { network } = networkOf({ ...DRAWN, roundTripPer });
        const seen = viewers.map((viewer) => {
          const client = clientOf(viewer);
          const connection = network.open(client);
          const message = { client, connection, sizeBytes: 9_000, key: 3 };
          return [viewer, [connection.handshakeUs, network.downUs(message)]] as const;
        });
        return new Map(seen);
      };
      const few = delays([5, 9]);
      const many = delays([9, 1, 2, 5]);
      expect([many.get(5), many.get(9)]).toEqual([few.get(5), few.get(9)]);
      expect(few.get(5)).not.toEqual(few.get(9));
    }
  });

  it('Q87: of round trips are made once a client, a connection or a message', () => {
    const roundTrips = (roundTripPer: string) => {
      const { network } = networkOf({ ...DRAWN, lossProbability: 0, roundTripPer });
      const client = clientOf(1);
      const connections = [network.open(client), network.open(client)] as const;
      const delays = [0, 1].map((key) => {
        const fresh = { client, connection: connections[0], sizeBytes: 0, key };
        return network.upUs(fresh, 1_000_000 * (key + 1)) - 1_000_000 * (key + 1);
      });
      return {
        connections: new Set(connections.map((one) => one.handshakeUs)).size,
        messages: new Set(delays).size,
      };
    };
    expect(roundTrips('client')).toEqual({ connections: 1, messages: 1 });
    expect(roundTrips('connection')).toEqual({ connections: 2, messages: 1 });
    expect(roundTrips('message')).toEqual({ connections: 2, messages: 2 });
  });
});
