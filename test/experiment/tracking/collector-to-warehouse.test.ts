/** Collector, log on disk, pipeline and warehouse together: what is sent is in the warehouse as a
 * fact or as a bad row, exactly once, while the disk fills up and the process is restarted. */
import { describe, expect, it } from 'vitest';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { createCollector } from '../../../src/streams/collector/collector.ts';
import { countPlan } from '../../../src/streams/count-plan.ts';
import { createPipeline } from '../../../src/streams/pipeline.ts';
import { createFillingDisk, openLog } from '../../storage/log/log-builder.ts';
import { REFERENCE, START_US, trackedEvent, WINDOWS } from '../../streams/clickstream-builder.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const WATERMARK = { boundUs: seconds(10), idleTimeoutUs: minutes(60) };

const folder = temporaryFolder();
const ROUNDS = 40;

/** A batch of a round: good events, one twice, one that validation and two that the collector
 * refuses. */
function batchOf(round: number): string {
  const good = [0, 1, 2, 1].map((i) =>
    trackedEvent({
      id: `r${round}-${i}`,
      subject: `v${(round + i) % 5}`,
      eventTimeUs: START_US + seconds(round),
    }),
  );
  const bad = [{ id: `r${round}-bad`, type: 'media.sneeze' }, 7];
  const polluted = `{"id":"r${round}-p","__proto__":{"a":1}}`;
  return `[${[...good, ...bad].map((event) => JSON.stringify(event)).join(',')},${polluted}]`;
}

describe('collector to warehouse', () => {
  it('S10, S20–S24 loses nothing over full disks and restarts, and its ledger closes', () => {
    const path = folder.fresh();
    const disk = createFillingDisk(0);
    const warehouse = openWarehouse({ path: ':memory:' });
    const total = { received: 0, accepted: 0, rejected: 0, deferred: 0 };
    let restarts = 0;
    for (let round = 0; round < ROUNDS; ) {
      const options = { partitions: 3, segmentBytesMax: 4_000, files: disk.files };
      const log = openLog(path, options);
      restarts += 1;
      expect(log.repairs).toEqual([]);
      const collector = createCollector({ log });
      const ingestTimeUs = START_US + seconds(round);
      // The disk takes some rounds and part of another; then somebody makes room.
      disk.roomBytes = 5_000 + 371 * restarts;
      for (let status = 200; status === 200 && round < ROUNDS; ) {
        const body = Buffer.from(batchOf(round));
        const sender = { userAgent: 'Roku/DVP-12.5', clientAddress: '192.0.2.1' };
        const answer = collector.collect({ ...sender, body, ingestTimeUs });
        status = answer.status;
        if (status === 200) round += 1;
        else expect(answer.results.every(({ result }) => result === 'retry')).toBe(true);
      }
      const count = collector.count();
      total.received += count.received;
      total.accepted += count.accepted;
      for (const events of Object.values(count.rejected)) total.rejected += events;
      for (const events of Object.values(count.deferred)) total.deferred += events;
      createPipeline({
        log,
        sink: warehouse,
        reference: REFERENCE,
        watermark: WATERMARK,
        plans: WINDOWS.map((spec) =>
          countPlan(spec, { watermark: WATERMARK, allowedLatenessUs: minutes(60) }),
        ),
        dedupeTtlUs: minutes(60),
        maxRecordsPerPoll: 50,
      }).finish(ingestTimeUs);
      log.truncateBefore(warehouse.committedOffsets(3));
      log.close();
    }
    expect(restarts).toBeGreaterThan(4);
    expect(total).toMatchObject({ accepted: ROUNDS * 5, rejected: ROUNDS * 2 });
    expect(total.deferred).toBe((restarts - 1) * 7);
    expect(total.received).toBe(total.accepted + total.rejected + total.deferred);
    const [facts] = warehouse.query('SELECT count(*) AS n FROM fact_event');
    expect(facts).toEqual({ n: ROUNDS * 3 });
    const reasons = warehouse.query(
      'SELECT reason, count(*) AS n FROM bad_row GROUP BY reason ORDER BY reason',
    );
    expect(reasons).toEqual([
      { reason: 'event is no object', n: ROUNDS },
      { reason: 'forbidden key', n: ROUNDS },
      { reason: 'type: invalid_value', n: ROUNDS },
    ]);
    warehouse.close();
  });
});
