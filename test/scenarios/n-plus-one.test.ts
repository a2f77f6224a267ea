/** The conclusion of `n-plus-one`: N + 1 calls take as many rounds as six connections need, one
 * round a wave over HTTP/2, hardly any time in a gateway, and everywhere the base work of calls. */
import { describe, expect, it } from 'vitest';
import { scenario } from '../../scenarios/n-plus-one.ts';
import type { ArchitectureResult } from '../../src/experiment/result.ts';
import { runScenario } from '../../src/experiment/run.ts';
import { defineScenario } from '../../src/experiment/scenario/define-scenario.ts';
import type { Scenario } from '../../src/experiment/scenario/schema.ts';
import { lognormal } from '../../src/experiment/scenario/values.ts';
import type { TracedCall } from '../../src/gateway/page-trace.ts';
import { ms } from '../../src/kernel/time.ts';
import { fixedUs, legUs, type MeasuredPage, measureVariant, serviceUs } from './measured-pages.ts';

const WAN_HEADERS = { up: 900, down: 400 };
const INTERNAL_HEADERS = 250;
const PAGE_REQUEST = 250;

const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);

/** Between which times a page of direct access is, without a run: a wave needs as many rounds as
 * its calls need connections, each as long as its shortest to its longest call. Calls share the
 * bandwidth, so that the last one may wait for the bytes of all of them. */
function directBoundsUs(varied: Scenario, page: MeasuredPage, connections: number) {
  const { wan } = varied.audience.devices.web;
  const bounds = page.waves.map((wave) => {
    const ups = wave.map((call) => legUs(wan, call.requestBytes + WAN_HEADERS.up));
    const services = wave.map((call) => serviceUs(varied, call));
    const downs = wave.map((call) => legUs(wan, call.responseBytes + WAN_HEADERS.down));
    const whole = ups.map((up, i) => up + (services[i] ?? 0) + (downs[i] ?? 0));
    const rounds = Math.ceil(wave.length / connections);
    const bytes = wave.map(({ requestBytes, responseBytes }) => requestBytes + responseBytes);
    const headers = (WAN_HEADERS.up + WAN_HEADERS.down) * wave.length;
    const sharedUs = legUs(wan, sum(bytes) + headers) - legUs(wan, 0);
    return {
      low: Math.max(rounds * Math.min(...whole), ...whole),
      high: rounds * (Math.max(...ups) + Math.max(...services) + Math.max(...downs)) + sharedUs,
    };
  });
  return { low: sum(bounds.map(({ low }) => low)), high: sum(bounds.map(({ high }) => high)) };
}

/** The time of a page through the gateway, without a run. */
function gatewayUs(varied: Scenario, page: MeasuredPage): number {
  const { audience, network, architectures } = varied;
  const { wan } = audience.devices.web;
  const { planTime, mergeTimePerFetch, mergeTimePerKib } = architectures.aggregation;
  const takesUs = (call: TracedCall) =>
    legUs(network.datacentre, call.requestBytes + INTERNAL_HEADERS) +
    serviceUs(varied, call) +
    legUs(network.datacentre, call.responseBytes + INTERNAL_HEADERS);
  const { bytes, callCount } = page.end;
  return (
    legUs(wan, PAGE_REQUEST + WAN_HEADERS.up) +
    Number(planTime) +
    sum(page.waves.map((wave) => Math.max(...wave.map(takesUs)))) +
    Math.round(mergeTimePerFetch * callCount + (mergeTimePerKib * bytes) / 1_024) +
    legUs(wan, bytes + WAN_HEADERS.down)
  );
}

/** The scenario with round trips and work by chance. */
function byChance(seed: number): Scenario {
  const wan = {
    roundTripTime: lognormal(ms(40), 0.3),
    bandwidthBitsPerSec: 50e6,
    lossProbability: 0.0001,
  };
  const drawn = structuredClone(scenario);
  for (const device of Object.values(drawn.audience.devices)) device.wan = wan;
  for (const service of Object.values(drawn.services)) service.baseTime = lognormal(ms(2), 0.5);
  return defineScenario({ ...drawn, seed });
}

async function runByName(of: Scenario) {
  const { architectures } = await runScenario(of, { threads: 1 });
  return (name: string): ArchitectureResult => {
    const found = architectures.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no variant "${name}"`);
    return found;
  };
}

const SEEDS = process.env['BACKLOT_LONG'] === undefined ? [1, 2] : [1, 2, 3, 4, 5];

describe('n-plus-one', () => {
  it.each([
    { name: 'direct-batch-http1', connections: 6, width: 1.05 },
    { name: 'direct-batch-http2', connections: 100, width: 1.05 },
    { name: 'direct-per-id-http1', connections: 6, width: 1.05 },
    { name: 'direct-per-id-http2', connections: 100, width: 1.25 },
  ])('E22: $name takes its rounds', async ({ name, connections, width }) => {
    const { scenario: varied, pages } = await measureVariant(scenario, name);
    const warm = [...pages.values()].filter(({ isMeasured }) => isMeasured);
    expect(warm.length).toBeGreaterThan(50);
    for (const page of warm) {
      const { low, high } = directBoundsUs(varied, page, connections);
      expect(page.outcome).toBe('ok');
      expect(page.waves).toHaveLength(3);
      expect(page.pageLoadTimeUs).toBeGreaterThanOrEqual(low);
      expect(page.pageLoadTimeUs).toBeLessThanOrEqual(high);
      expect(high / low).toBeLessThan(width);
    }
  });

  it.each([
    'aggregation-batch-parallel',
    'aggregation-batch-sequential',
    'aggregation-per-id-parallel',
    'aggregation-per-id-sequential',
  ])('E22: %s takes its waves, to the microsecond', async (name) => {
    const { scenario: varied, pages } = await measureVariant(scenario, name);
    const warm = [...pages.values()].filter(({ isMeasured }) => isMeasured);
    expect(warm.length).toBeGreaterThan(50);
    for (const page of warm) {
      expect(page.waves.length).toBe(name.endsWith('sequential') ? page.end.callCount : 2);
      expect(page.pageLoadTimeUs).toBe(gatewayUs(varied, page));
    }
  });

  it('E22: costs the services the base work of every call, whatever the protocol', async () => {
    const named = await runByName(scenario);
    const baseSeconds = fixedUs(scenario.services['movie']?.baseTime ?? { kind: 'none' }) / 1e6;
    const cost = (name: string) => {
      const { requests, wanCallsPerPage, internalCallsPerPage, servers } = named(name);
      const atServices = servers.filter((server) => server.name !== 'gateway');
      return {
        calls: Math.round(requests * (internalCallsPerPage || wanCallsPerPage)),
        workSeconds: sum(atServices.map(({ workSeconds }) => workSeconds)),
      };
    };
    for (const [batch, perId] of [
      ['direct-batch-http1', 'direct-per-id-http1'],
      ['direct-batch-http2', 'direct-per-id-http2'],
      ['aggregation-batch-parallel', 'aggregation-per-id-parallel'],
      ['aggregation-batch-sequential', 'aggregation-per-id-sequential'],
    ] as const) {
      const [one, many] = [cost(batch), cost(perId)];
      expect(many.calls).toBeGreaterThan(10 * one.calls);
      const more = (many.workSeconds - one.workSeconds) / (many.calls - one.calls);
      expect(Math.abs(more / baseSeconds - 1)).toBeLessThan(0.01);
    }
  });

  it('holds where round trips and work are drawn, in every replication', async () => {
    for (const seed of SEEDS) {
      const named = await runByName(byChance(seed));
      const mean = (name: string) => named(name).meanPageLoadTimeMs ?? Number.NaN;
      const ratio = (a: string, b: string) => mean(a) / mean(b);
      expect(scenario.variants.map(({ name }) => named(name).errors)).toEqual(Array(8).fill(0));
      expect(ratio('direct-per-id-http1', 'direct-batch-http1')).toBeGreaterThan(4);
      // A wave over HTTP/2 takes the slowest of all its calls, which more draws make slower.
      const slowest = ratio('direct-per-id-http2', 'direct-batch-http2');
      expect(slowest).toBeGreaterThan(1.15);
      expect(slowest).toBeLessThan(1.8);
      expect(Math.abs(ratio('direct-batch-http1', 'direct-batch-http2') - 1)).toBeLessThan(0.05);
      expect(ratio('aggregation-per-id-parallel', 'aggregation-batch-parallel')).toBeLessThan(1.5);
      expect(ratio('aggregation-per-id-parallel', 'direct-batch-http2')).toBeLessThan(0.6);
      const awaited = ratio('aggregation-per-id-sequential', 'aggregation-per-id-parallel');
      expect(awaited).toBeGreaterThan(2.5);
    }
  });
});
