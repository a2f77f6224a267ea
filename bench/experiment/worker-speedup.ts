/** The same runs on one worker thread and on two, in turn. Both pools are warm before: what is
 * measured is how runs share the machine, not how threads start. */
import { createInputStore } from '../../src/experiment/campaign/input-store.ts';
import { openRunPool, type RunPool } from '../../src/experiment/run-pool.ts';
import type { PackedTask } from '../../src/experiment/run-worker.ts';
import type { Scenario } from '../../src/experiment/scenario/schema.ts';

const ROUNDS = 3;
const RUNS = 6;

/** Seconds of one worker ÷ seconds of two: the median over rounds.
 * @throws Error where the two do not make the same samples. */
export async function workerSpeedup(
  scenario: Scenario,
  { isFull }: { readonly isFull: boolean },
): Promise<number> {
  const inputs = await createInputStore({}).packed(scenario);
  const tasks = Array.from(
    { length: isFull ? RUNS : 2 },
    (_, replication): PackedTask => ({
      task: {
        scenario,
        architecture: 'federated',
        replication,
        directory: undefined,
        trace: false,
      },
      inputs,
    }),
  );
  const one = openRunPool({ threads: 1, isStoppable: true });
  // Where rates mean nothing one pool is enough: a thread takes seconds to start.
  const two = isFull ? openRunPool({ threads: 2, isStoppable: true }) : one;
  try {
    for (const pool of [one, two]) await timed(pool, tasks.slice(0, 2));
    const ratios: number[] = [];
    for (let round = 0; round < (isFull ? ROUNDS : 1); round += 1) {
      const [slow, fast] = [await timed(one, tasks), await timed(two, tasks)];
      if (slow.samples.join() !== fast.samples.join()) throw new Error('samples differ');
      ratios.push(slow.seconds / fast.seconds);
    }
    return ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? Number.NaN;
  } finally {
    await one.close();
    await two.close();
  }
}

async function timed(pool: RunPool, tasks: readonly PackedTask[]) {
  const started = performance.now();
  const samples = await Promise.all(tasks.map((task) => pool.sample(task)));
  return { samples, seconds: (performance.now() - started) / 1_000 };
}
