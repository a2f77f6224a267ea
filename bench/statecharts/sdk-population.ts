/** A hundred SDKs that capture a heartbeat every two seconds, batch it and have it acknowledged: as
 * charts in an actor system, and the bare core. */
import { createSdkMachine } from '../../src/actors/client-sdk.ts';
import type { ActorMessage, CreateActorSystem } from '../../src/actors/runtime/actor-system.ts';
import { createRunDigest } from '../../src/kernel/digest.ts';
import { createSimulation } from '../../src/kernel/simulation.ts';
import { seconds } from '../../src/kernel/time.ts';
import { createSdkCore } from '../../src/sdk/sdk-core.ts';
import type { SdkMessage } from '../../src/sdk/sdk-messages.ts';
import { DEFAULT_SDK_POLICY, type SdkPolicy } from '../../src/sdk/sdk-policy.ts';
import type { SdkState } from '../../src/sdk/sdk-state.ts';

const SDKS = 100;
const PERIOD_US = seconds(2);
const EPOCH_US = 1_795_564_800_000_000;
const POLICY: SdkPolicy = { ...DEFAULT_SDK_POLICY, maxBatchAgeUs: seconds(10) };

/** Events through SDKs as charts. @returns events acknowledged. */
export function trackWithCharts(create: CreateActorSystem, events: number): number {
  const simulation = createSimulation();
  let acknowledged = 0;
  const actors = create({
    simulation,
    digest: createRunDigest({ sliceUs: 1_000_000 }),
    drawCount: () => 0,
    onEmit: (sdk, message) => {
      if (message.type !== 'batch.sent') return;
      const { batch, events: sent } = message as ActorMessage & {
        readonly batch: number;
        readonly events: readonly unknown[];
      };
      acknowledged += sent.length;
      const answer: SdkMessage = { type: 'batch.acknowledged', batch };
      actors.send(sdk, answer, 1_000);
    },
  });
  const machine = createSdkMachine({
    policy: POLICY,
    deviceTimeUs: () => EPOCH_US + simulation.nowUs,
    uptimeUs: () => simulation.nowUs,
    backoffUniform: () => 0.5,
  });
  const sdks = Array.from({ length: SDKS }, (_, viewer) =>
    actors.spawn(machine, { name: `sdk/${viewer}`, input: { viewer } }),
  );
  for (let n = 0; n < events; n += 1) {
    const atUs = Math.floor(n / SDKS) * PERIOD_US + (n % SDKS);
    actors.send(sdks[n % SDKS] ?? 0, heartbeat(n), atUs - simulation.nowUs);
    if (n % SDKS === SDKS - 1) simulation.run(atUs + 1);
  }
  simulation.run(simulation.nowUs + seconds(60));
  return acknowledged;
}

/** The same events through the core alone. @returns events acknowledged. */
export function trackWithCore(events: number): number {
  const core = createSdkCore({ policy: POLICY, uniform: () => 0.5 });
  const states: SdkState[] = Array.from({ length: SDKS }, (_, entity) =>
    core.initial({ subject: `v${entity}`, entity }),
  );
  const tell = (sdk: number, message: SdkMessage, uptimeUs: number): void => {
    const state = states[sdk];
    if (state === undefined) return;
    const now = { wallUs: EPOCH_US + uptimeUs, uptimeUs };
    const step = core.step(state, message, now);
    states[sdk] = step.state;
    for (const effect of step.effects) {
      if (effect.type !== 'batch.sent') continue;
      tell(sdk, { type: 'batch.acknowledged', batch: effect.batch }, uptimeUs);
    }
  };
  for (let n = 0; n < events; n += 1) {
    tell(n % SDKS, heartbeat(n), Math.floor(n / SDKS) * PERIOD_US + (n % SDKS));
  }
  const endUs = (events / SDKS) * PERIOD_US + seconds(60);
  for (let sdk = 0; sdk < SDKS; sdk += 1) tell(sdk, { type: 'flush.asked' }, endUs);
  return states.reduce((sum, { acknowledgedCount }) => sum + acknowledgedCount, 0);
}

function heartbeat(n: number): SdkMessage {
  const data = { titleId: 'tt0017', playbackId: 'p1-2', positionSeconds: n % 5_000 };
  return { type: 'fact.captured', event: 'media.ping', data };
}
