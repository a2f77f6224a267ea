/** Parts of the collector by themselves: buckets, keys, frames, metrics, groups. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import type { LiveFrame } from '../../../src/domain/live/live-frame.ts';
import { createGroupCommit } from '../../../src/live/collector/group-commit.ts';
import { createCollectorFrames } from '../../../src/live/collector/live-frames.ts';
import { openMetricsText } from '../../../src/live/collector/open-metrics.ts';
import { openKeysFile } from '../../../src/live/collector/service/keys-file.ts';
import { createTokenBucket } from '../../../src/live/collector/token-bucket.ts';
import { createWriteKeys, isSameSecret } from '../../../src/live/collector/write-keys.ts';
import { openDiskLog } from '../../../src/storage/log/disk-log.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();

describe('S407 a token bucket', () => {
  it('gives its burst at once and its rate for good, and says how long to wait', () => {
    const bucket = createTokenBucket({ ratePerSec: 10, burst: 5 });
    const taken = (atMs: number, tries: number) =>
      Array.from({ length: tries }, () => bucket.take(atMs)).filter((wait) => wait === 0).length;
    expect(taken(0, 20)).toBe(5);
    expect(bucket.take(0)).toBe(1);
    expect(taken(1_000, 20)).toBe(5);
    let all = 0;
    for (let ms = 1_000; ms <= 11_000; ms += 50) all += taken(ms, 3);
    expect(all).toBe(100);
    const slow = createTokenBucket({ ratePerSec: 0.1, burst: 1 });
    expect([slow.take(0), slow.take(0), slow.take(5_000)]).toEqual([0, 10, 5]);
  });
});

describe('S406 write keys', () => {
  it('are found by all of their letters', () => {
    const keys = createWriteKeys([
      { key: 'first-key', ratePerSec: 1 },
      { key: 'second-key', ratePerSec: 2 },
    ]);
    expect(keys.find('second-key')?.settings.ratePerSec).toBe(2);
    for (const wrong of ['', 'first-ke', 'first-key ', 'first-key\0', 'FIRST-KEY']) {
      expect(keys.find(wrong)).toBeUndefined();
    }
    expect([isSameSecret('a'.repeat(40), 'a'.repeat(40)), isSameSecret('a', 'a\0')]).toEqual([
      true,
      false,
    ]);
  });

  it('S413 stay in their file, unless others are given', () => {
    const path = folder.path('keys.json');
    const made = openKeysFile(path, {});
    expect(openKeysFile(path, {})).toEqual(made);
    expect(openKeysFile(path, { writeKey: 'another-key' })).toEqual({
      ...made,
      writeKey: 'another-key',
    });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ writeKey: 'another-key' });
    expect(() => openKeysFile(path, { writeKey: 'two words' })).toThrow('8 to 128 letters');
    expect(() => openKeysFile(folder.write('bad.json', '{}'), {})).toThrow('it holds no keys');
  });
});

const FIGURES = {
  stored: 7,
  badRows: 1,
  duplicates: 2,
  lateEvents: 0,
  newestEventUs: 3_000_000,
  watermarkUs: 1_000_000,
  topTitles: [{ titleId: 't1', plays: 4 }],
};
const COUNT = {
  received: 12,
  accepted: 9,
  rejected: { 'event "without" an id\n': 2 },
  deferred: { 'too much unread': 1 },
};

describe('S430 frames', () => {
  it('are made each second of counters, lags and titles, and end with the collector', async () => {
    vi.useFakeTimers();
    let nowUs = 2_000_000;
    const frames = createCollectorFrames({
      count: () => COUNT,
      unreadByPartition: () => [3, 4],
      figures: () => FIGURES,
      nowUs: () => nowUs,
    });
    const seen: LiveFrame[] = [];
    const unsubscribe = frames.onFrame((frame) => seen.push(frame));
    expect(frames.latest()).toBeUndefined();
    nowUs = 5_000_000;
    vi.advanceTimersByTime(2_000);
    frames.stop();
    unsubscribe();
    vi.advanceTimersByTime(5_000);
    vi.useRealTimers();
    expect(seen.map(({ sequence, clock }) => [sequence, clock.state])).toEqual([
      [1, 'running'],
      [2, 'running'],
      [3, 'finished'],
    ]);
    expect(seen[0]).toMatchObject({
      subject: 'live',
      pages: null,
      clock: { nowUs: 3_000_000, startUs: 2_000_000 },
      pipeline: {
        accepted: 9,
        stored: 7,
        badRows: 1,
        duplicates: 2,
        unread: 7,
        watermarkLagUs: 4_000_000,
        freshnessUs: 2_000_000,
        dropped: { 'too much unread': 1 },
      },
      topTitles: [{ titleId: 't1', name: 't1', plays: 4 }],
    });
    expect(await frames.command({ type: 'pause' })).toMatchObject({ ok: false });
  });
});

describe('metrics', () => {
  it('are OpenMetrics text with labels escaped', () => {
    const text = openMetricsText({
      count: COUNT,
      answers: new Map([[200, 5]]),
      refusals: new Map([['busy', 1]]),
      groups: 2,
      groupedRequests: 5,
      openRequests: 0,
      openBytes: 0,
      unreadByPartition: [3, 4],
      figures: FIGURES,
      nowUs: 5_000_000,
    });
    expect(text).toContain(
      'backlot_events_rejected_total{reason="event \\"without\\" an id\\n"} 2',
    );
    expect(text).toContain('backlot_unread_events{partition="1"} 4\n');
    expect(text).toContain('backlot_watermark_lag_seconds 4\n');
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (TYPE \w+ (counter|gauge)|EOF)|\w+(\{\w+=".*"\})? -?[\d.]+)$/);
    }
    expect(text.endsWith('# EOF\n')).toBe(true);
  });
});

describe('S400 groups', () => {
  it('never hold more requests than they may, and are idle when none waits', async () => {
    const log = openDiskLog({ folder: folder.fresh(), partitions: 1 });
    const durable: number[] = [];
    const groups = createGroupCommit({
      log,
      groupMax: 3,
      onDurable: ([end]) => durable.push(end ?? 0),
    });
    const settled: unknown[] = [];
    for (let i = 0; i < 8; i += 1) {
      const payload = { sentTimeUs: 1, userAgent: '', clientAddress: '', events: [i] };
      const request = { payload, ingestTimeUs: 1, partitionKey: 'v1' };
      groups.write([request], (error) => settled.push(error));
    }
    await groups.idle();
    expect([groups.groups, groups.requests, durable]).toEqual([3, 8, [3, 6, 8]]);
    expect(settled).toEqual(new Array(8).fill(undefined));
    await groups.idle();
    log.close();
  });
});
