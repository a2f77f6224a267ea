/** The comparison with peers: our side does its work; a peer that cannot be run is skipped, with
 * the reason. The peers themselves need a network: `npm run bench:peers` runs them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { comparePeers, PEER_WORKLOADS } from '../bench/peers/comparison.ts';
import { peersIn } from '../bench/peers/peers.ts';

const folder = mkdtempSync(join(tmpdir(), 'backlot-peers-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('bench:peers', () => {
  it('runs backlot and skips what is not on this machine, with the reason', () => {
    const peers = peersIn(folder, { python: 'no-such-python', npm: 'no-such-npm' });
    const small = PEER_WORKLOADS.map((workload) => ({ ...workload, units: 2_000 }));
    const { figures, skipped } = comparePeers(peers, small, 1);
    expect(figures.map(({ workload }) => workload)).toEqual(['hold', 'mm1', 'phold']);
    for (const { peer, rate, timesSlower } of figures) {
      expect([peer, timesSlower]).toEqual(['backlot', 1]);
      expect(rate).toBeGreaterThan(0);
    }
    expect(skipped.map(({ reason }) => reason)).toEqual([
      expect.stringMatching(/^no-such-python cannot be started/),
      expect.stringMatching(/^no-such-npm cannot be started/),
    ]);
  });
});
