/** Connection pools: limits, reuse, and who waits. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  abandonCalls,
  acquireConnection,
  createConnectionPool,
  releaseConnection,
} from '../../src/queueing/connection-pool.ts';

describe('a connection pool', () => {
  it('Q8: opens on demand, reuses what is idle, lines up what is too much', () => {
    let pool = createConnectionPool<string>(2);
    const grants = ['a', 'b', 'c'].map((call) => {
      const acquired = acquireConnection(pool, call);
      pool = acquired.pool;
      return acquired.grant;
    });
    expect(grants).toEqual(['fresh', 'fresh', 'waiting']);
    const released = releaseConnection(pool);
    expect(released.next).toBe('c');
    const idle = releaseConnection(releaseConnection(released.pool).pool).pool;
    expect(acquireConnection(idle, 'd').grant).toBe('reused');
  });

  it('Q8: forgets the calls of an abandoned page', () => {
    const { pool } = acquireConnection(createConnectionPool<string>(1), 'a');
    const abandoned = abandonCalls(acquireConnection(pool, 'b').pool);
    expect(abandoned).toEqual({ maxConnections: 1, open: 1, busy: 0, waiting: [] });
  });

  test.prop([fc.integer({ min: 1, max: 6 }), fc.array(fc.boolean(), { maxLength: 100 })], {
    numRuns: 200,
    seed: 20261120,
  })(
    'Q8: never has more connections than allowed, nor idle ones while calls wait',
    (max, steps) => {
      let pool = createConnectionPool<number>(max);
      let acquired = 0;
      for (const isAcquire of steps) {
        if (isAcquire) {
          pool = acquireConnection(pool, acquired).pool;
          acquired += 1;
        } else if (pool.busy > 0) {
          pool = releaseConnection(pool).pool;
        }
        expect(pool.busy).toBeLessThanOrEqual(pool.open);
        expect(pool.open).toBeLessThanOrEqual(max);
        if (pool.waiting.length > 0) expect(pool.busy).toBe(max);
      }
    },
  );
});
