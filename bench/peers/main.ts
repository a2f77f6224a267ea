/** `npm run --silent bench:peers [-- --json]`: backlot beside SimPy and SIM.JS on this machine. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comparePeers, PEER_WORKLOADS } from './comparison.ts';
import { peersIn } from './peers.ts';

const ROUNDS = 5;

const folder = join(tmpdir(), 'backlot-bench-peers');
const peers = peersIn(folder, { python: 'python3', npm: 'npm' });
const { figures, skipped } = comparePeers(peers, PEER_WORKLOADS, ROUNDS);
for (const { peer, reason } of skipped) process.stderr.write(`skipped ${peer}: ${reason}\n`);
if (process.argv.includes('--json')) {
  process.stdout.write(`${JSON.stringify({ figures, skipped }, null, 2)}\n`);
} else {
  for (const { workload, peer, rate, unit, timesSlower } of figures) {
    const ratio = `${timesSlower.toFixed(1)}× slower`;
    const columns = [
      workload.padEnd(8),
      peer.padEnd(16),
      rate.toLocaleString('en-US').padStart(14),
    ];
    process.stdout.write(`${columns.join('')} ${unit.padEnd(10)} ${ratio}\n`);
  }
}
