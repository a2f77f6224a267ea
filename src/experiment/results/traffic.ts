/** The bytes of a run by the roads that they took, and what they cost, for result documents. */
import { trafficCostUsd } from '../../queueing/network/traffic-meter.ts';
import type { World } from '../assemble.ts';
import type { TrafficResult } from '../result.ts';
import { trafficPricesOf } from '../scenario/station-configs.ts';

const PAGES_PRICED = 1_000_000;

/** Sums the traffic up. */
export function trafficResult({ recorder, scenario }: World): TrafficResult {
  const bytes = recorder.traffic.totalBytes();
  const { prices } = scenario.network;
  const pages = recorder.loads.length;
  return {
    wan: { up: bytes.inbound, down: bytes.internet },
    sameZone: bytes['same-zone'],
    otherZone: bytes['other-zone'],
    otherRegion: bytes['other-region'],
    usdPerMillionPages:
      prices === undefined || pages === 0
        ? null
        : (trafficCostUsd(bytes, trafficPricesOf(prices)) / pages) * PAGES_PRICED,
  };
}
