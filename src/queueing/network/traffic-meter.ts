/** Bytes by the class of road that they took, because clouds charge by it. Spec: Q82. */
import type { PlaceDistance } from './places.ts';

/** Classes of traffic: between places, out of the datacentre to clients, and in from them. */
export type TrafficClass = PlaceDistance | 'internet' | 'inbound';

/** A number for each class of traffic. */
export type ByTrafficClass = Readonly<Record<TrafficClass, number>>;

/** Counts bytes. */
export interface TrafficMeter {
  add(trafficClass: TrafficClass, sizeBytes: number): void;
  /** Bytes so far. */
  totalBytes(): ByTrafficClass;
}

/** Makes a meter at zero. */
export function createTrafficMeter(): TrafficMeter {
  const bytes = { 'same-zone': 0, 'other-zone': 0, 'other-region': 0, internet: 0, inbound: 0 };
  return {
    add: (trafficClass, sizeBytes) => {
      bytes[trafficClass] += sizeBytes;
    },
    totalBytes: () => ({ ...bytes }),
  };
}

const BYTES_PER_GB = 1e9;

/** What traffic costs in USD. @param usdPerGb - Prices by class; a GB is 10⁹ bytes. */
export function trafficCostUsd(bytes: ByTrafficClass, usdPerGb: ByTrafficClass): number {
  const classes = Object.keys(usdPerGb) as TrafficClass[];
  return classes.reduce((usd, one) => usd + (bytes[one] / BYTES_PER_GB) * usdPerGb[one], 0);
}
