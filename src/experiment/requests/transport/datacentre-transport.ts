/** The way between two places of the datacentre: half a round trip each way by how far they are
 * apart, and the size of what is sent over the bandwidth. Spec: E36, E37. */
import type { Chance, Draws } from '../../../kernel/chance.ts';
import type { DatacentreLinks, PlaceDistance } from '../../../queueing/network/places.ts';
import type { TrafficMeter } from '../../../queueing/network/traffic-meter.ts';
import type { TrafficCount } from '../../world/recorder.ts';
import type { Attempt } from '../calls/call.ts';
import { drawEntity, drawIndex } from '../calls/page-request.ts';
import { answerBytes, requestBytes } from './message-sizes.ts';
import type { Transport } from './transport.ts';

/** What a way inside is made of. */
export interface DatacentreTransportOptions {
  /** First part of the names of its draws. */
  readonly name: string;
  readonly links: DatacentreLinks;
  /** How far apart who asks and who answers a try are. */
  readonly distanceOf: (attempt: Attempt) => PlaceDistance;
  readonly headerBytes: { readonly up: number; readonly down: number };
  readonly chance: Chance;
  /** Counts calls and bytes; undefined where somebody else does. */
  readonly count: TrafficCount | undefined;
  /** Counts bytes by class. */
  readonly meter: TrafficMeter;
}

interface Leg {
  readonly delay: Draws;
  readonly loss: Draws;
  readonly repeat: Draws;
}

/** Makes the way. */
export function createDatacentreTransport(options: DatacentreTransportOptions): Transport {
  const { name, links, distanceOf, headerBytes, chance, count, meter } = options;
  const legOf = (direction: string): Leg => ({
    delay: chance.draws(`${name}.${direction}.delay`),
    loss: chance.draws(`${name}.${direction}.loss`),
    repeat: chance.draws(`${name}.${direction}.repeat`),
  });
  const up = legOf('up');
  const down = legOf('down');
  const delayUs = (attempt: Attempt, leg: Leg, sizeBytes: number): number => {
    const { request, slot } = attempt.call;
    const entity = drawEntity(request);
    const index = drawIndex(request, slot, attempt.number);
    const distance = distanceOf(attempt);
    if (count !== undefined) count.bytes += sizeBytes;
    meter.add(distance, sizeBytes);
    const u = leg.delay.uniform(entity, index);
    if (!links.isLossy) return links.delayUs(distance, sizeBytes, u);
    const uLoss = leg.loss.uniform(entity, index);
    const uRepeat = leg.repeat.uniform(entity, index);
    return links.lossyDelayUs(distance, sizeBytes, { u, uLoss, uRepeat });
  };
  return {
    upUs(attempt, afterUs) {
      if (count !== undefined) count.calls += 1;
      return afterUs + delayUs(attempt, up, requestBytes(attempt) + headerBytes.up);
    },
    downUs: (attempt, ok) => delayUs(attempt, down, answerBytes(attempt, ok) + headerBytes.down),
  };
}
