/** Objectives on a real run: they see what the result shows, and change nothing. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ArchitectureResult } from '../../../src/experiment/result.ts';
import { summarise } from '../../../src/experiment/results/summarise.ts';
import type { ScenarioInput } from '../../../src/experiment/scenario/schema.ts';
import { minutes } from '../../../src/kernel/time.ts';
import { runWorld, smallScenario } from '../small-world.ts';

const OBJECTIVES = [
  'p99(page.load) < 1h',
  'mean(page.load) < 1h',
  'count(page.requests) < 999999',
  'count(page.errors) < 999999',
  'max(server.utilization) < 99%',
  'mean(server.utilization{service="movie"}) < 99%',
  'sum(wan.bytes) < 999GB',
  'count(calls.attempts{from="router"}) < 999999',
  'count(events.captured) < 999999',
  'count(events.dropped) < 999999',
  'count(events.lost) == 0',
  'count(events.late) < 999999',
  'count(events.bad) < 999999',
  'p95(clickstream.freshness) < 999h',
];

async function run(objectives: ScenarioInput['objectives']): Promise<ArchitectureResult> {
  const scenario = smallScenario({
    objectives,
    clock: {
      start: '2026-11-20T20:00:00-05:00',
      duration: minutes(8),
      warmUp: minutes(0),
      drain: minutes(2),
    },
    clickstream: { malformedShare: 0.02, watermarkBound: 0, allowedLateness: 0 },
  });
  const { world, warehouse } = await runWorld(scenario);
  const subject = { name: 'federated', architecture: 'federated' as const, demand: [] };
  const { result } = summarise(subject as never, world, warehouse);
  warehouse.close();
  return result;
}

describe('objectives of a real run', () => {
  let result: ArchitectureResult;
  let without: ArchitectureResult;
  const values: Record<string, number | null> = {};

  beforeAll(async () => {
    result = await run(OBJECTIVES);
    without = await run([]);
    for (const { objective, value } of result.objectives)
      values[objective.split(' ')[0] ?? ''] = value;
  });

  it('E104: change no digest', () => {
    expect(result.digest).toBe(without.digest);
    expect(result.pageLoadTimeMs).toEqual(without.pageLoadTimeMs);
  });

  it('E104: are the figures of the result', () => {
    expect(values['p99(page.load)']).toBeCloseTo(result.pageLoadTimeMs.p99 * 1_000, 3);
    expect(values['mean(page.load)']).toBeCloseTo((result.meanPageLoadTimeMs ?? 0) * 1_000, 3);
    expect(values['count(page.requests)']).toBe(result.requests);
    expect(values['count(page.errors)']).toBe(result.errors);
    expect(result.requests).toBeGreaterThan(20);
  });

  it('E108: count calls and bytes as the result does', () => {
    const routed = result.calls.filter(({ edge }) => edge.startsWith('router'));
    const attempts = routed.reduce((sum, one) => sum + one.attempts, 0);
    expect(values['count(calls.attempts{from="router"})']).toBe(attempts);
    expect(values['sum(wan.bytes)']).toBe(result.traffic.wan.up + result.traffic.wan.down);
    const movie = result.utilization.find(({ service }) => service === 'movie');
    // Ours ends with the arrivals, that of the result with the drain.
    expect(
      (values['mean(server.utilization{service="movie"})'] ?? 0) / (movie?.mean ?? 1),
    ).toBeGreaterThan(0.9);
    expect(
      (values['mean(server.utilization{service="movie"})'] ?? 0) / (movie?.mean ?? 1),
    ).toBeLessThan(1.26);
    expect(values['max(server.utilization)']).toBeGreaterThan(movie?.mean ?? 1);
  });

  it('E108: account for events as the result does', () => {
    const { ledger, pipeline } = result;
    expect(values['count(events.captured)']).toBe(ledger.events.in);
    expect(values['count(events.lost)']).toBe(0);
    expect(values['count(events.late)']).toBe(pipeline.lateEvents);
    expect(values['count(events.bad)']).toBe(pipeline.badRows);
    expect(pipeline.badRows).toBeGreaterThan(0);
    expect(values['p95(clickstream.freshness)']).toBeCloseTo(
      pipeline.freshnessSeconds.p95 * 1e6,
      3,
    );
  });
});
