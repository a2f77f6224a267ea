/** Tries as opportunities: each has a fate of its own, and keeps it. */
import { describe, expect, it } from 'vitest';
import { opportunityOf } from '../../../../src/experiment/faults/servers/opportunity.ts';
import {
  Attempt,
  Call,
  type CallOptions,
  NO_DEMAND,
} from '../../../../src/experiment/requests/calls/call.ts';
import { pageRequest, tracedCall } from '../../requests/calls/edge-bench.ts';

/** The n-th try of a call of a page. */
function tryOf(options: {
  readonly page?: number;
  readonly slot?: number;
  readonly number?: number;
  readonly repetition?: number;
}) {
  const { page = 1, slot = 0, number = 1, repetition = 0 } = options;
  const call = new Call({
    route: undefined as never,
    request: pageRequest(page),
    owner: { actor: 0, zone: 0, repetition, settled: () => {} },
    traced: tracedCall({ callId: slot }) as CallOptions['traced'],
    demand: NO_DEMAND,
    deadlineUs: Number.POSITIVE_INFINITY,
  });
  call.attempts = number - 1;
  return opportunityOf(new Attempt(call, { id: 1, nowUs: 0, role: 'first' }));
}

describe('the opportunity that a try is', () => {
  it('E433: is the same for the same try, and another for any other', () => {
    expect(tryOf({})).toEqual(tryOf({}));
    const others = [
      { page: 2 },
      { slot: 1 },
      { number: 2 },
      ...[1, 2, 16, 17, 32, 1_001, 1_002, 2_001].map((repetition) => ({ repetition })),
    ].map(tryOf);
    const all = [tryOf({}), ...others].map(({ entity, index }) => `${entity}/${index}`);
    expect(new Set(all).size).toBe(all.length);
    for (const { entity, index } of others) {
      expect(entity >>> 0).toBe(entity);
      expect(index >>> 0).toBe(index);
    }
  });
});
