/** An edge with a target by hand: what is left of a try that its caller gave up. */

import { describe, expect, it } from 'vitest';
import type { ActorSystem } from '../../../../src/actors/runtime/actor-system.ts';
import { createEdgeAccount } from '../../../../src/experiment/requests/calls/accounts.ts';
import {
  type Attempt,
  Call,
  type CallOwner,
  NO_DEMAND,
} from '../../../../src/experiment/requests/calls/call.ts';
import { CallEdge } from '../../../../src/experiment/requests/calls/call-edge.ts';
import { registerCallTimers } from '../../../../src/experiment/requests/calls/call-timers.ts';
import { createCarrier } from '../../../../src/experiment/requests/calls/carrier.ts';
import type { PageRequest } from '../../../../src/experiment/requests/calls/page-request.ts';
import type { Transport } from '../../../../src/experiment/requests/transport/transport.ts';
import { callPoliciesSchema } from '../../../../src/experiment/scenario/call-policy-schema.ts';
import { createSimulation } from '../../../../src/kernel/simulation.ts';
import { ms } from '../../../../src/kernel/time.ts';
import { createCallGuard } from '../../../../src/queueing/calls/call-guard.ts';

type Policies = Parameters<typeof callPoliciesSchema.parse>[0];

/** An edge whose tries come to a list instead of a server. */
function edgeWith(policies: Policies) {
  const simulation = createSimulation({});
  const parsed = callPoliciesSchema.parse(policies);
  const guard = createCallGuard(parsed);
  const sent: Attempt[] = [];
  const settled: string[] = [];
  const actors = {
    send: (_actor: number, message: { readonly type: string; readonly attempt: Attempt }) => {
      if (message.type === 'call.arrived') sent.push(message.attempt);
    },
  } as unknown as ActorSystem;
  const target = { name: 'talent', actor: 1, region: 0, zoneOf: () => 0, choose: () => 0 };
  const account = createEdgeAccount('test→talent');
  const transport: Transport = { upUs: () => 0, downUs: () => 0 };
  const edge = new CallEdge(
    {
      simulation,
      timers: registerCallTimers(simulation, () => undefined),
      backoffUniform: () => 0.5,
    },
    {
      target: {
        ...target,
        observe: () => undefined,
        closed: () => undefined,
        hungUp: () => undefined,
      },
      carrier: createCarrier({ actors, transport, target: { name: 'b', actor: 1 } }),
      connections: undefined,
      guardOf: () => guard,
      account,
      admissionUniform: () => 0.5,
      bulkheadWaitUs: parsed.bulkhead?.maxWaitUs ?? 0,
      tellsServer: false,
      answersKept: undefined,
    },
  );
  const owner: CallOwner = {
    actor: 0,
    zone: -1,
    settled: (_call, outcome) => void settled.push(outcome),
  };
  const request = { priority: 0 } as PageRequest;
  const begin = () => {
    const deadlineUs = Number.POSITIVE_INFINITY;
    const options = {
      route: edge,
      request,
      owner,
      traced: undefined,
      demand: NO_DEMAND,
      deadlineUs,
    };
    const call = new Call(options);
    edge.begin(call);
    return call;
  };
  const answer = (attempt: Attempt | undefined, failure?: 'rejected') => {
    if (attempt === undefined) throw new Error('no such try');
    attempt.isResponded = true;
    attempt.failure = failure;
    edge.answered(attempt);
  };
  return { simulation, edge, account, guard, sent, settled, begin, answer };
}

describe('a bulkhead with a line', () => {
  it('E25: a late failure is no late answer', () => {
    const { simulation, account, sent, begin, edge } = edgeWith({ timeoutUs: ms(10) });
    begin();
    begin();
    simulation.run(ms(10));
    expect(account.timeouts).toBeGreaterThanOrEqual(2);
    const [first, second] = sent;
    if (first === undefined || second === undefined) throw new Error('nothing was sent');
    edge.respond(first, undefined);
    edge.respond(second, 'rejected');
    expect(account.lateAnswers).toBe(1);
  });

  it('E25: a hedge that waits is not sent at the instant that its call is answered', () => {
    const { simulation, account, guard, sent, settled, begin, answer } = edgeWith({
      timeoutUs: ms(500),
      bulkhead: { maxConcurrent: 1, maxWaiting: 5, maxWaitUs: ms(400) },
      hedge: { kind: 'fixed', delayUs: ms(10), capRatio: 1 },
    });
    begin();
    simulation.run(ms(20));
    expect(guard.save().bulkhead?.waiting).toMatchObject([{ call: { role: 'hedge' } }]);
    begin();
    answer(sent[0]);
    expect(settled).toEqual(['answered']);
    // The place goes to the call that waits behind the hedge.
    expect(sent.map(({ role }) => role)).toEqual(['first', 'first']);
    expect(account).toMatchObject({ attempts: 2, hedges: 0, hangUps: 0 });
    answer(sent[1]);
    expect(guard.save()).toMatchObject({
      active: 0,
      activeExtra: 0,
      bulkhead: { active: 0, waiting: [] },
    });
  });

  it('E25: a try that is given up in the line takes nobody’s place in it', () => {
    const { simulation, account, sent, settled, edge, begin, answer } = edgeWith({
      timeoutUs: ms(500),
      bulkhead: { maxConcurrent: 1, maxWaiting: 1, maxWaitUs: ms(400) },
    });
    begin();
    edge.giveUp(begin());
    const next = begin();
    simulation.run(ms(1));
    expect(settled).toEqual([]);
    answer(sent[0]);
    expect(sent.map(({ call }) => call).at(-1)).toBe(next);
    expect(account).toMatchObject({ attempts: 2, abandoned: 1, failures: {} });
  });
});
