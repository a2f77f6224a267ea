/** The machines of a run: each made once, shared by all actors of its kind, with chance, clock and
 * policies bound in. */
import { createSdkMachine } from '../../actors/client-sdk.ts';
import { createDeviceMachine } from '../../actors/device.ts';
import { createReturningViewerMachine } from '../../actors/returning-viewer.ts';
import type { ActorMachine } from '../../actors/runtime/actor-system.ts';
import type { MachineMaker } from '../../actors/runtime/machine-shelf.ts';
import { createViewerMachine } from '../../actors/viewer.ts';
import { DEVICE_KINDS, type DeviceKind } from '../../domain/audience.ts';
import type { Catalogue } from '../../domain/catalogue.ts';
import type { Chance } from '../../kernel/chance.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import { DEFAULT_SDK_POLICY, type SdkPolicy } from '../../sdk/sdk-policy.ts';
import type { DeviceClocks } from '../faults/client/device-clocks.ts';
import type { ClosedLoop } from '../recommendations/closed-loop.ts';
import type { Scenario } from '../scenario/schema.ts';
import { createDeviceWorld } from './device-world.ts';
import { createViewerDecisions } from './viewer-decisions.ts';

/** The machines of those who live at home. */
export interface Machines {
  readonly viewer: ActorMachine;
  readonly sdk: ActorMachine;
  readonly devices: Readonly<Record<DeviceKind, ActorMachine>>;
}

/** What machines are made of. */
export interface MachinesOptions {
  readonly scenario: Scenario;
  readonly catalogue: Catalogue;
  readonly chance: Chance;
  readonly simulation: Simulation;
  /** The answer to a call that a device made has arrived. */
  readonly takeIn: (attempt: unknown) => void;
  /** The Unix time at virtual time 0, in µs. */
  readonly epochUs: number;
  /** How wrong the clocks of devices are. */
  readonly clocks: DeviceClocks;
  readonly machineOf: MachineMaker;
  /** Where something is recommended: viewers come again. */
  readonly loop?: ClosedLoop | undefined;
}

/** Tries of one batch that draw separately. */
const ATTEMPTS_PER_BATCH = 64;

/** Makes the machines. */
export function createMachines(options: MachinesOptions): Machines {
  const { scenario, chance, simulation, takeIn, machineOf } = options;
  const deviceOf = (kind: DeviceKind) =>
    machineOf(
      createDeviceMachine,
      createDeviceWorld({ scenario, kind, chance, simulation, takeIn }),
    );
  return {
    viewer: createViewers(options),
    sdk: createSdk(options),
    devices: Object.fromEntries(DEVICE_KINDS.map((kind) => [kind, deviceOf(kind)])) as Record<
      DeviceKind,
      ActorMachine
    >,
  };
}

function createViewers({ scenario, catalogue, chance, machineOf, loop }: MachinesOptions) {
  const plain = createViewerDecisions(scenario, catalogue, chance);
  return loop === undefined
    ? machineOf(createViewerMachine, plain)
    : machineOf(createReturningViewerMachine, loop.decisions(plain));
}

function createSdk(options: MachinesOptions): ActorMachine {
  const { scenario, chance, simulation, epochUs, clocks } = options;
  const { clickstream } = scenario;
  const draws = chance.draws('sdk.backoff');
  return options.machineOf(createSdkMachine, {
    // No clock shows a time before the epoch.
    deviceTimeUs: (viewer) => Math.max(0, epochUs + simulation.nowUs + clocks.offsetUs(viewer)),
    uptimeUs: () => simulation.nowUs,
    policy: sdkPolicy(clickstream),
    backoffUniform: (viewer, batch, attempt) =>
      draws.uniform(viewer, batch * ATTEMPTS_PER_BATCH + (attempt % ATTEMPTS_PER_BATCH)),
  });
}

function sdkPolicy(clickstream: Scenario['clickstream']): SdkPolicy {
  const { retry, sdk } = clickstream;
  return {
    ...DEFAULT_SDK_POLICY,
    maxBatchEvents: clickstream.maxBatchEvents,
    maxBatchBytes: sdk.maxBatchBytes,
    maxBatchAgeUs: clickstream.maxBatchAge,
    ackTimeoutUs: clickstream.ackTimeout,
    maxQueueEvents: clickstream.maxQueueEvents,
    dropPolicy: sdk.dropPolicy,
    maxEventBytes: sdk.maxEventBytes,
    retry: {
      maxAttempts: retry.maxAttempts,
      backoffBaseUs: retry.backoffBase,
      backoffCapUs: retry.backoffCap,
    },
    maxAgeUs: sdk.maxAge,
    maxBeaconBytes: sdk.maxBeaconBytes,
    sessionIdleUs: sdk.sessionIdle,
    maxSessionUs: sdk.maxSession,
    eventRatePerSec: sdk.eventRatePerSec,
    eventBurst: sdk.eventBurst,
    sampleRate: sdk.sampleRate,
  };
}
