/** Machines on a shelf: whoever borrows one has it for its own world. */
import { describe, expect, it } from 'vitest';
import { createSdkMachine, type SdkContext, type SdkWorld } from '../../src/actors/client-sdk.ts';
import { createCrowdMachine } from '../../src/actors/crowd.ts';
import { createMachineShelf, type MachineLoan } from '../../src/actors/runtime/machine-shelf.ts';
import { DEFAULT_SDK_POLICY } from '../../src/sdk/sdk-policy.ts';
import { benchOfOne } from './bench-of-one.ts';

const ANSWERED = { type: 'call.answered', attempt: 'a' };

function crowdOf(loan: MachineLoan) {
  const taken: unknown[] = [];
  const machine = loan.machineOf(createCrowdMachine, { takeIn: (one) => void taken.push(one) });
  return { machine, taken, bench: benchOfOne(() => machine, undefined) };
}

describe('a shelf of machines', () => {
  it('A24: a machine that is lent again acts in the world of whoever has it', () => {
    const shelf = createMachineShelf();
    const first = shelf.borrow();
    const one = crowdOf(first);
    one.bench.tell(ANSWERED);
    first.giveBack();
    first.giveBack();
    const two = crowdOf(shelf.borrow());
    two.bench.tell(ANSWERED);
    two.bench.tell(ANSWERED);
    expect(two.machine).toBe(one.machine);
    expect([one.taken, two.taken]).toEqual([['a'], ['a', 'a']]);
  });

  it('A24: two who have machines at the same time have two', () => {
    const shelf = createMachineShelf();
    const [one, two] = [crowdOf(shelf.borrow()), crowdOf(shelf.borrow())];
    one.bench.tell(ANSWERED);
    expect(two.machine).not.toBe(one.machine);
    expect([one.taken, two.taken]).toEqual([['a'], []]);
  });

  it('A24: an SDK that is lent again has the policy of its new world', () => {
    const shelf = createMachineShelf();
    const queued = (maxQueueEvents: number) => {
      const loan = shelf.borrow();
      const world: SdkWorld = {
        policy: { ...DEFAULT_SDK_POLICY, maxQueueEvents, maxBatchEvents: 50 },
        deviceTimeUs: () => 0,
        uptimeUs: () => 0,
        backoffUniform: () => 0.5,
      };
      const bench = benchOfOne(() => loan.machineOf(createSdkMachine, world), { viewer: 7 });
      for (let i = 0; i < 10; i += 1) {
        bench.tell({ type: 'fact.captured', event: 'page.view', data: {} });
      }
      const { sdk } = bench.actors.snapshot(0).context as SdkContext;
      loan.giveBack();
      return sdk.queue.length;
    };
    expect([queued(20), queued(3), queued(20)]).toEqual([10, 3, 10]);
  });
});
