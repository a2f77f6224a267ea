/** Every kind of the family storage, at the log and at the warehouse: what it does, that nothing
 * acknowledged is lost by it, and that everything is as before once it is over. */
import { describe, expect, it } from 'vitest';
import { seconds } from '../../../../src/kernel/time.ts';
import { smallScenario } from '../../small-world.ts';
import { type KindRow, testKinds } from '../kind-theory.ts';
import type { StreamOutcome } from '../stream-world.ts';

const dies = ({ mishaps }: StreamOutcome) => expect(mishaps.pipelineDeaths).toBeGreaterThan(0);
const restarts = ({ mishaps }: StreamOutcome) => expect(mishaps.brokerRestarts).toBeGreaterThan(0);
/** The collector answers 503, and the SDKs send again. */
const refuses = (struck: StreamOutcome, base: StreamOutcome) => {
  expect(struck.mishaps.refusedAppends).toBeGreaterThan(0);
  expect(struck.truth.requests).toBeGreaterThan(base.truth.requests);
};

const AT_THE_LOG: readonly KindRow[] = [
  {
    rule: 'E476',
    kind: 'storage.read-error',
    isSeen: dies,
    isBehindTheLog: true,
  },
  {
    rule: 'E471',
    kind: 'storage.write-error',
    isSeen: (struck, base) => {
      refuses(struck, base);
      expect(struck.mishaps.brokerRestarts).toBe(0);
    },
  },
  { rule: 'E471', kind: 'storage.full', isSeen: refuses },
  {
    rule: 'E474',
    kind: 'storage.fsync-error',
    isSeen: (struck, base) => {
      refuses(struck, base);
      restarts(struck);
    },
  },
  {
    rule: 'E474',
    kind: 'storage.torn-write',
    isSeen: (struck, base) => {
      refuses(struck, base);
      restarts(struck);
      expect(struck.mishaps.logRepairs).toBeGreaterThan(0);
    },
  },
  {
    rule: 'E474',
    kind: 'storage.misdirected-write',
    isSeen: (struck) => {
      restarts(struck);
      expect(struck.mishaps.logRepairs).toBeGreaterThan(0);
      // The write was refused, and is in the log all the same: its second try is a copy.
      expect(struck.truth.acceptedTwice).toBeGreaterThan(0);
      expect(struck.duplicates).toBe(struck.truth.acceptedTwice);
    },
  },
  {
    rule: 'E476',
    kind: 'storage.bit-flip',
    isSeen: (struck) => {
      dies(struck);
      restarts(struck);
    },
  },
  {
    rule: 'E474',
    kind: 'storage.lost-writes',
    isSeen: (struck, base) => {
      refuses(struck, base);
      expect(struck.mishaps.brokerRestarts).toBe(1);
    },
  },
  {
    rule: 'E476',
    kind: 'storage.stale-read',
    isSeen: (struck) => {
      dies(struck);
      restarts(struck);
    },
  },
  {
    rule: 'E479',
    kind: 'storage.slow',
    intensity: seconds(12),
    // Later than the SDK waits: it sends again what the log has.
    isSeen: (struck) => expect(struck.truth.acceptedTwice).toBeGreaterThan(0),
  },
  { rule: 'E471', kind: 'storage.read-only', isSeen: refuses },
  {
    rule: 'E474',
    kind: 'storage.permission',
    isSeen: (struck, base) => {
      refuses(struck, base);
      expect(struck.mishaps.brokerRestarts).toBe(1);
    },
  },
];

const AT_THE_WAREHOUSE: readonly KindRow[] = (
  [
    'storage.read-error',
    'storage.write-error',
    'storage.full',
    'storage.fsync-error',
    'storage.torn-write',
    'storage.read-only',
    'storage.permission',
  ] as const
).map((kind) => ({ rule: 'E475', kind, isSeen: dies, isBehindTheLog: true }));

testKinds([
  ...AT_THE_LOG.map((row) => ({ ...row, target: 'log' as const })),
  ...AT_THE_WAREHOUSE.map((row) => ({ ...row, target: 'warehouse' as const })),
  {
    rule: 'E479',
    kind: 'storage.slow',
    target: 'warehouse',
    intensity: seconds(20),
    isSeen: (struck, base) =>
      expect(struck.longestUs - base.longestUs).toBeGreaterThan(seconds(10)),
    isBehindTheLog: true,
  },
]);

describe('what makes no sense', () => {
  it.each([
    'storage.bit-flip',
    'storage.stale-read',
    'storage.misdirected-write',
    'storage.lost-writes',
  ] as const)('E475: %s at the warehouse is refused: SQLite is trusted', (kind) => {
    const fault = { kind, target: 'warehouse', at: 0, for: seconds(1) };
    expect(() => smallScenario({ faults: [fault] })).toThrow(/found "warehouse"; .*valid: log/);
  });
});
