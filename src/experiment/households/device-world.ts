/** What chance tells devices: start-up times, stalls, absences of the network, by device kind. */
import type { DeviceWorld } from '../../actors/device.ts';
import type { DeviceKind } from '../../domain/audience.ts';
import type { Chance } from '../../kernel/chance.ts';
import { quantileOf } from '../../kernel/distributions/distribution.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Scenario } from '../scenario/schema.ts';

/** What a device's world is made of. */
export interface DeviceWorldOptions {
  readonly scenario: Scenario;
  readonly kind: DeviceKind;
  readonly chance: Chance;
  readonly simulation: Simulation;
  /** The answer to a call that a device made has arrived. */
  readonly takeIn: (attempt: unknown) => void;
}

/** Makes the world of one kind of device. */
export function createDeviceWorld(options: DeviceWorldOptions): DeviceWorld {
  const { scenario, kind, chance, simulation } = options;
  const device = scenario.audience.devices[kind];
  const { absence } = device;
  const startupTime = quantileOf(device.startupTime);
  const stallTime = quantileOf(device.stallTime);
  const absenceAfter = absence && quantileOf(absence.after);
  const absenceDuration = absence && quantileOf(absence.duration);
  const startup = chance.draws('device.startup-time');
  const stall = chance.draws('device.stall');
  const stallLength = chance.draws('device.stall-time');
  const goes = chance.draws('device.absence');
  const goesAfter = chance.draws('device.absence-after');
  const goesFor = chance.draws('device.absence-duration');
  return {
    nowUs: () => simulation.nowUs,
    pageTimeoutUs: scenario.requests.pageTimeout,
    media: {
      heartbeatUs: scenario.clickstream.heartbeat,
      seekSettleUs: scenario.clickstream.sdk.seekSettle,
    },
    takeIn: options.takeIn,
    startupTimeUs: (viewer, playCount) => startupTime(startup.uniform(viewer, playCount)),
    stalls: (viewer, heartbeat) => stall.uniform(viewer, heartbeat) < device.stallProbability,
    stallTimeUs: (viewer, heartbeat) => stallTime(stallLength.uniform(viewer, heartbeat)),
    absence: (viewer, playCount) =>
      absence !== undefined &&
      absenceAfter !== undefined &&
      absenceDuration !== undefined &&
      goes.uniform(viewer, playCount) < absence.probability
        ? {
            afterUs: absenceAfter(goesAfter.uniform(viewer, playCount)),
            durationUs: absenceDuration(goesFor.uniform(viewer, playCount)),
          }
        : undefined,
  };
}
