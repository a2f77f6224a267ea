/** Suite `collector`: `backlot serve` under load, over loopback, each in a process of its own.
 * N = 5,000 requests/s of 20 events (about 6 kB) for 60 s at full scale, after 5 s in which the
 * rate rises; acknowledged after `fdatasync`; then how fast the pipeline drains; a tenfold burst;
 * `kill -9` under load. Seedless: nothing is drawn. It asserts that no acknowledged event is
 * lost. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import { type BenchSuite, figure } from '../bench-suite.ts';
import type { LoadOrder } from './load-generator.ts';
import { type AckAudit, auditAcks, load, type ServedProcess, serveProcess } from './processes.ts';

const RATE_PER_SEC = 5_000;
const TINY_RATE_PER_SEC = 200;
const STEADY_MS = 60_000;
const WARM_UP_MS = 5_000;
const BURST_MS = 5_000;
const DRAIN_MS = 10_000;
const TINY_MS = 400;
const TINY_POLL_MS = 20;
const LOOKED_EVERY_MS = 100;
const EVENTS = 20;
const KEY = 'bench-key';

/** The suite. */
export const collectorSuite: BenchSuite = async ({ scale }) => {
  const isFull = scale >= 1;
  const directory = mkdtempSync(join(tmpdir(), 'backlot-bench-'));
  const rate = isFull ? RATE_PER_SEC : TINY_RATE_PER_SEC;
  const order = (port: number, prefix: string, changes: Partial<LoadOrder>): LoadOrder => ({
    port,
    key: KEY,
    ratePerSec: rate,
    forMs: isFull ? STEADY_MS : TINY_MS,
    warmUpMs: 0,
    connections: isFull ? 64 : 4,
    eventsPerRequest: EVENTS,
    prefix,
    ackedFile: join(directory, `${prefix}.acked`),
    ...changes,
  });
  const start = (name: string, ratePerSec: number) =>
    serveProcess({
      ...{ folder: join(directory, name), key: KEY, ratePerSec, hasLake: isFull },
      pollMs: isFull ? undefined : TINY_POLL_MS,
    });
  try {
    const steady = await measureSteady(await start('steady', rate * 2), {
      folder: join(directory, 'steady'),
      order: (port) => order(port, 'steady', { warmUpMs: isFull ? WARM_UP_MS : TINY_MS }),
      drainMs: DRAIN_MS,
    });
    const burst = await measureBurst(await start('burst', rate), {
      folder: join(directory, 'burst'),
      order: (port) =>
        order(port, 'burst', { ratePerSec: rate * 10, forMs: isFull ? BURST_MS : TINY_MS }),
    });
    const killed = await measureKill((name) => start(name, rate * 2), {
      folder: join(directory, 'kill'),
      order: (port) => order(port, 'kill', { forMs: isFull ? BURST_MS : TINY_MS }),
    });
    const lost = steady.audit.lost + burst.audit.lost + killed.lost;
    if (lost > 0) throw new Error(`bench collector: ${lost} acknowledged requests were lost`);
    return [
      figure('ack_p50_ms', steady.outcome.ackP50Ms, 'ms'),
      figure('ack_p99_ms', steady.outcome.ackP99Ms, 'ms'),
      figure('ack_max_ms', steady.outcome.ackMaxMs, 'ms'),
      figure('cold_ack_max_ms', steady.outcome.coldAckMaxMs, 'ms'),
      figure('acked_lost', lost, 'lost'),
      figure('requests_per_s', steady.requestsPerSec, 'requests/s'),
      figure('events_per_s', steady.requestsPerSec * EVENTS, 'events/s'),
      figure('acked_share', steady.outcome.acked / steady.outcome.sent, 'acked/sent'),
      figure('requests_per_sync', steady.requestsPerSync, 'requests'),
      figure('collector_cpu_us_per_request', steady.cpuUsPerRequest, 'µs'),
      figure('stored_events_per_s', steady.storedPerSec, 'events/s'),
      figure('burst_acked', burst.acked, 'requests'),
      figure('burst_refused', burst.refused, 'requests'),
      figure('kill_acked', killed.acked, 'requests'),
      // At a tiny scale there may be nothing left to drain.
      ...(isFull
        ? [
            figure('unread_at_end', steady.unread, 'events'),
            figure('drain_events_per_s', steady.drainPerSec, 'events/s'),
          ]
        : []),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

interface Measured {
  readonly folder: string;
  readonly order: (port: number) => LoadOrder;
}

async function measureSteady(
  served: ServedProcess,
  { folder, order, drainMs }: Measured & { readonly drainMs: number },
) {
  const asked = order(served.port);
  const before = await served.figures();
  const beganMs = performance.now();
  const outcome = await load(asked);
  const after = await served.figures();
  const drain = await drained(served, drainMs);
  const storedForSec = (performance.now() - beganMs) / 1_000;
  const stored = (await served.figures()).stored - before.stored;
  await served.end();
  const audit = checked(auditAcks(folder, asked));
  const facts = factsIn(folder);
  if (facts < stored) throw new Error(`bench collector: ${facts} facts of ${stored} events`);
  return {
    outcome,
    audit,
    requestsPerSec: outcome.timed / (Math.max(asked.forMs, outcome.tookMs) / 1_000),
    requestsPerSync: after.requests / Math.max(1, after.groups),
    cpuUsPerRequest: ((after.threadCpuMs - before.threadCpuMs) * 1_000) / outcome.acked,
    unread: after.unread,
    storedPerSec: stored / storedForSec,
    drainPerSec: drain,
  };
}

/** Until nothing is unread, or so long. @returns events a second that the pipeline took in. */
async function drained(served: ServedProcess, forMs: number): Promise<number> {
  const fromMs = performance.now();
  const { unread: from } = await served.figures();
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, LOOKED_EVERY_MS));
    const { unread } = await served.figures();
    const tookMs = performance.now() - fromMs;
    if (unread === 0 || tookMs >= forMs) return ((from - unread) * 1_000) / tookMs;
  }
}

/** Ten times the rate that the key may send: refused with Retry-After, and nothing lost. */
async function measureBurst(served: ServedProcess, { folder, order }: Measured) {
  const asked = order(served.port);
  const outcome = await load(asked);
  await served.end();
  const audit = checked(auditAcks(folder, asked));
  const { statuses, withoutRetryAfter } = outcome;
  const refused = (statuses['429'] ?? 0) + (statuses['503'] ?? 0);
  const known = refused + (statuses['200'] ?? 0) + (statuses['0'] ?? 0);
  const all = Object.values(statuses).reduce((sum, n) => sum + n, 0);
  if (known !== all || withoutRetryAfter > 0 || refused === 0) {
    throw new Error(`bench collector: a burst was answered ${JSON.stringify(statuses)}`);
  }
  return { audit, acked: outcome.acked, refused };
}

/** Killed in the middle, served again, read to the end: each acknowledged event is there once. */
async function measureKill(
  start: (name: string) => Promise<ServedProcess>,
  { folder, order }: Measured,
) {
  const first = await start('kill');
  const asked = order(first.port);
  let loading: ReturnType<typeof load> | undefined;
  await new Promise<void>((resolve) => {
    loading = load(asked, resolve);
  });
  await new Promise((resolve) => setTimeout(resolve, asked.forMs / 2));
  await first.kill();
  await loading;
  const { acked, lost, records } = checked(auditAcks(folder, asked));
  const second = await start('kill');
  while ((await second.figures()).unread > 0) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await second.end();
  const stored = factsIn(folder);
  if (stored < acked * EVENTS || stored > records) {
    throw new Error(`bench collector: ${stored} events stored of ${records} in the log`);
  }
  return { acked, lost };
}

function factsIn(folder: string): number {
  const warehouse = openWarehouse({ path: join(folder, 'warehouse.sqlite') });
  const [row = {}] = warehouse.query('SELECT count(*) AS n FROM fact_event');
  warehouse.close();
  return Number(row['n']);
}

function checked(audit: AckAudit): AckAudit {
  if (audit.acked > 0) return audit;
  throw new Error('bench collector: nothing was acknowledged');
}
