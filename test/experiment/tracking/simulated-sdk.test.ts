/** SDKs in a world: what they promise holds end to end, over real networks into the warehouse. */
import { describe, expect, it } from 'vitest';
import type { SdkContext } from '../../../src/actors/client-sdk.ts';
import type { World } from '../../../src/experiment/assemble.ts';
import { eventLedger } from '../../../src/experiment/results/ledger.ts';
import { readStoredCounts } from '../../../src/experiment/results/warehouse-figures.ts';
import { defineScenario } from '../../../src/experiment/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { fixed } from '../../../src/experiment/scenario/values.ts';
import { seconds } from '../../../src/kernel/time.ts';
import { sdkLedger } from '../../../src/sdk/sdk-state.ts';
import { runWorld, smallScenario } from '../small-world.ts';

const ABSENT = { probability: 0.7, after: fixed(seconds(5)), duration: fixed(seconds(60)) };
const { devices } = smallScenario().audience;
const DEVICES = {
  ...devices,
  phone: { ...devices.phone, absence: ABSENT },
  web: { ...devices.web, absence: ABSENT },
};

/** The sum of all SDKs' books, and how many apps were killed. */
function booksOf(world: World) {
  const { households } = world.neighbourhood;
  const ledgers = households.map(({ sdkActor }) => {
    const { sdk } = world.actors.snapshot(sdkActor).context as SdkContext;
    return sdkLedger(sdk);
  });
  const sum = (pick: (ledger: (typeof ledgers)[number]) => number) =>
    ledgers.reduce((total, ledger) => total + pick(ledger), 0);
  return {
    captured: sum(({ captured }) => captured),
    dropped: sum(({ dropped }) => dropped),
    residual: sum(({ residual }) => Math.abs(residual)),
    kills: households.reduce((total, { killCount }) => total + killCount, 0),
  };
}

async function run(clickstream: ScenarioInput['clickstream'], audience = {}) {
  const scenario = smallScenario({ clickstream, audience: { viewers: 30, ...audience } });
  const { world, warehouse } = await runWorld(scenario);
  const ledger = eventLedger(world, readStoredCounts(warehouse));
  const rows = warehouse.query('SELECT event_id FROM fact_event');
  const truth = world.clickstream.truth();
  warehouse.close();
  return { ledger, rows, truth, books: booksOf(world) };
}

describe('simulated SDKs', () => {
  it('A47: lose nothing and store nothing twice, though apps are killed', async () => {
    const { ledger, rows, truth, books } = await run(
      { maxBatchEvents: 3, batchLossProbability: 0.2, sdk: { killProbability: 0.3 } },
      { devices: DEVICES },
    );
    expect(books.kills).toBeGreaterThan(10);
    expect(truth.acceptedTwice).toBeGreaterThan(5);
    expect(new Set(rows.map((row) => row['event_id'])).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(200);
    expect(ledger).toMatchObject({ in: books.captured, residual: 0 });
    expect(books.residual).toBe(0);
  });

  it('A37, A40, A41: count what they drop, and the run counts with them', async () => {
    const { ledger, books } = await run({
      maxQueueEvents: 2,
      batchLossProbability: 0.5,
      sdk: { sampleRate: 0.5, dropPolicy: 'oldest', eventRatePerSec: 0.02, eventBurst: 4 },
    });
    const { droppedByReason } = ledger;
    for (const reason of ['sdk_sampled_out', 'sdk_queue_full', 'sdk_rate_limited']) {
      expect(droppedByReason[reason], reason).toBeGreaterThan(0);
    }
    expect(ledger.residual).toBe(0);
    expect(books).toMatchObject({ captured: ledger.in, residual: 0 });
  });

  it('A32: tell both clocks with each event and each request', async () => {
    const seen: unknown[] = [];
    const { world, warehouse } = await runWorld(smallScenario(), {
      look: ({ clickstream }) => {
        const { accept } = clickstream;
        Object.assign(clickstream, {
          accept: (sent: Parameters<typeof accept>[0]) => {
            for (const { eventTimeUs, uptimeUs } of sent.events) {
              seen.push([
                sent.sentTimeUs - eventTimeUs,
                (sent.sentUptimeUs ?? Number.NaN) - (uptimeUs ?? Number.NaN),
              ]);
            }
            return accept(sent);
          },
        });
      },
    });
    const { accepted, acceptedTwice } = world.clickstream.truth();
    warehouse.close();
    expect(accepted).toBeGreaterThan(100);
    expect(seen.length).toBe(accepted + acceptedTwice);
    // No clock jumps here: both tell the same age.
    for (const [wall, monotonic] of seen as [number, number][]) expect(monotonic).toBe(wall);
  });

  it('A41: an event must fit into a request', () => {
    const clickstream = { sdk: { maxEventBytes: 10_000, maxBatchBytes: 10_000 } };
    const input = { schema: 1, name: 'x', question: '?', seed: 1, clickstream } as const;
    const clock = { start: '2026-11-20T20:00:00-05:00', duration: seconds(60) };
    expect(() => defineScenario({ ...input, clock, audience: { viewers: 1 } })).toThrowError(
      /clickstream\.sdk\.maxEventBytes: .*at most maxBatchBytes − 1024/,
    );
  });
});
