/** The traced digest: one value with a trace and without, and rows that name what handles stand
 * for. */
import { expect, it } from 'vitest';
import type { TraceRecord } from '../../../src/experiment/io/trace-file.ts';
import { tracedDigest } from '../../../src/experiment/world/traced-digest.ts';
import { createRunDigest, type RunDigest } from '../../../src/kernel/digest.ts';

function recordInto(digest: RunDigest): string {
  const actor = digest.actorHandle('viewer/1');
  const event = digest.eventHandle('timer');
  digest.record(5, 'viewer/2', 'page.shown', 1);
  digest.recordAt(7, actor, event, 2);
  digest.recordAt(9, digest.actorHandle('viewer/2'), event, 3);
  return digest.value();
}

it('K8: is the same with a trace, whose rows keep the names', () => {
  const rows: TraceRecord[] = [];
  const trace = { write: (row: TraceRecord) => rows.push(row), close: () => {} };
  const digest = createRunDigest({ sliceUs: 1_000 });
  const traced = tracedDigest(digest, trace);
  expect(recordInto(traced)).toBe(recordInto(createRunDigest({ sliceUs: 1_000 })));
  expect(rows).toEqual([
    { simTimeUs: 5, actor: 'viewer/2', event: 'page.shown', drawCount: 1 },
    { simTimeUs: 7, actor: 'viewer/1', event: 'timer', drawCount: 2 },
    { simTimeUs: 9, actor: 'viewer/2', event: 'timer', drawCount: 3 },
  ]);
});

it('is the digest itself without a trace', () => {
  const digest = createRunDigest({ sliceUs: 1_000 });
  expect(tracedDigest(digest, undefined)).toBe(digest);
});
