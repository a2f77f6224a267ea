/** What clients and gateways keep of answers for their fallbacks. */
import { describe, expect, it } from 'vitest';
import { Call } from '../../../../src/experiment/requests/calls/call.ts';
import { createAnswersKept } from '../../../../src/experiment/requests/wiring/create-edges.ts';
import type { TracedCall } from '../../../../src/gateway/page-trace.ts';
import type { CallPolicies } from '../../../../src/queueing/calls/call-policies.ts';
import { pageRequest, retrying, tracedCall } from '../calls/edge-bench.ts';

const STALE: CallPolicies = {
  timeoutUs: 1_000,
  retry: retrying(1, 0),
  fallback: [{ kind: 'stale-cache', maxStalenessUs: 1_000, on: ['timeout'] }],
};

const CLIENTS = [0, 1].map((index) => ({
  profile: { viewer: index, device: 'web' as const },
  deviceActor: index,
  access: undefined,
}));

function question(client: number, of: { readonly answer?: object; readonly id?: string }): Call {
  const request = pageRequest(1, {
    client: CLIENTS[client] as (typeof CLIENTS)[number],
    variables: of.id === undefined ? {} : { id: of.id },
  });
  const { answer } = of;
  return new Call({
    route: undefined as never,
    request,
    owner: undefined as never,
    traced: answer && tracedCall({ answer: answer as TracedCall['answer'] }),
    demand: { totalUs: 0, entitiesUs: 0 },
    deadlineUs: Number.POSITIVE_INFINITY,
  });
}

describe('answers kept for fallbacks', () => {
  it('E14: are those of the same question', () => {
    const kept = createAnswersKept(STALE, false);
    const [first, second] = [{}, {}];
    kept?.keep(question(0, { answer: first }), 10);
    kept?.keep(question(0, { id: 'a' }), 20);
    expect(kept?.keptAtUs(question(0, { answer: first }))).toBe(10);
    expect(kept?.keptAtUs(question(0, { answer: second }))).toBeUndefined();
    expect(kept?.keptAtUs(question(0, { id: 'a' }))).toBe(20);
    expect(kept?.keptAtUs(question(0, { id: 'b' }))).toBeUndefined();
  });

  it('E14: are each client’s own, and one gateway’s for all', () => {
    for (const [areClients, expected] of [
      [true, undefined],
      [false, 10],
    ] as const) {
      const kept = createAnswersKept(STALE, areClients);
      kept?.keep(question(0, { id: 'a' }), 10);
      expect(kept?.keptAtUs(question(0, { id: 'a' }))).toBe(10);
      expect(kept?.keptAtUs(question(1, { id: 'a' }))).toBe(expected);
    }
  });

  it('E14: are not kept where no fallback reads them', () => {
    expect(createAnswersKept({ ...STALE, fallback: undefined }, true)).toBeUndefined();
    const defaults = { ...STALE, fallback: [{ kind: 'default-value' as const, on: [] }] };
    expect(createAnswersKept(defaults, true)).toBeUndefined();
  });
});
