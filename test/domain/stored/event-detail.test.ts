/** What stored events keep as JSON. */
import { describe, expect, it } from 'vitest';
import { detailOf } from '../../../src/domain/stored/event-detail.ts';

describe('the detail of an event', () => {
  it('is what has no column of its own, in one order; null where there is nothing', () => {
    expect(detailOf({ titleId: 't1', playbackId: 'p1', positionSeconds: 3 })).toBeNull();
    expect(detailOf({ path: '/x', method: 'GET', status: 200 })).toBe(
      '{"method":"GET","path":"/x"}',
    );
    expect(detailOf({ target: 'play', page: 'title' })).toBe('{"page":"title","target":"play"}');
    expect(detailOf({ slot: 0, row: 'new', target: 'x' })).toBe(
      '{"target":"x","row":"new","slot":0}',
    );
    expect(detailOf({ propensity: 0.5, policyId: 'p', bitrateKbps: 1, errorCode: 'E' })).toBe(
      '{"errorCode":"E","bitrateKbps":1,"policyId":"p","propensity":0.5}',
    );
    expect(detailOf({ scrollDepthPercent: 0 })).toBe('{"scrollDepthPercent":0}');
  });
});
