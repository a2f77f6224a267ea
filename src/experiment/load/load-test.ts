/** The clients of a load test. Closed: users, each an actor that waits for its page before it asks
 * again. Open: arrivals that come whatever became of the others, spread over a number of clients
 * that keep their connections. */

import { createLoadUserMachine } from '../../actors/load-user.ts';
import type { ActorId, ActorSystem } from '../../actors/runtime/actor-system.ts';
import type { MachineMaker } from '../../actors/runtime/machine-shelf.ts';
import type { Chance } from '../../kernel/chance.ts';
import { quantileOf } from '../../kernel/distributions/distribution.ts';
import { createRateCurve } from '../../kernel/distributions/rate-curve.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Client } from '../requests/calls/client.ts';
import type { Scenario } from '../scenario/schema.ts';
import { createLoadProfile } from './load-profile.ts';
import type { PageMix, Question } from './page-mix.ts';

/** The first number of a load test's users: outside of viewers and guests. */
const FIRST_USER = 0x6000_0000;

/** A load test. */
export interface LoadTest {
  /** Whether an actor is one of its users. */
  clientOf(actor: ActorId): Client | undefined;
  /** The n-th question of a user; where `page.wanted` leads. */
  asked(client: Client, pageSequence: number): void;
  /** Schedules users or arrivals; before the run. */
  start(): void;
}

/** What a load test needs. */
export interface LoadTestOptions {
  readonly scenario: Scenario;
  readonly traffic: NonNullable<Scenario['traffic']>;
  readonly simulation: Simulation;
  readonly actors: ActorSystem;
  readonly chance: Chance;
  readonly mix: PageMix;
  readonly takeIn: (attempt: unknown) => void;
  readonly machineOf: MachineMaker;
  readonly ask: (client: Client, pageSequence: number, question: Question) => void;
}

/** Makes a load test. */
export function createLoadTest(options: LoadTestOptions): LoadTest {
  const { traffic, simulation, actors, mix, ask } = options;
  const profile = createLoadProfile(
    traffic.kind === 'closed'
      ? traffic.users.map(({ at, users }) => ({ atUs: at, users }))
      : [{ atUs: 0, users: traffic.clients }],
  );
  const clients: Client[] = [];
  const byActor = new Map<ActorId, Client>();
  const asked = (client: Client, pageSequence: number) =>
    ask(client, pageSequence, mix(client.profile.viewer, pageSequence));
  const admit = simulation.registerHandler('load.user-admitted', (user) => {
    const client = clients[user];
    if (client !== undefined) actors.deliver(client.deviceActor, { type: 'user.admitted' });
  });
  return {
    clientOf: (actor) => byActor.get(actor),
    asked,
    start() {
      const machine = options.machineOf(
        createLoadUserMachine,
        userWorld(options, profile.hasPlaceFor),
      );
      for (let user = 0; user < profile.maxUsers; user += 1) {
        const deviceActor = actors.spawn(machine, { name: `load/${user}`, input: { user } });
        const device = { viewer: FIRST_USER + user, device: traffic.device };
        const client: Client = { profile: device, deviceActor, access: undefined };
        clients.push(client);
        byActor.set(deviceActor, client);
        if (traffic.kind === 'open') continue;
        for (const atUs of profile.admissionsUs(user)) simulation.schedule(atUs, admit, user);
      }
      if (traffic.kind === 'open') startArrivals(options, traffic.rate, { clients, asked });
    },
  };
}

function userWorld(
  { traffic, simulation, chance, scenario, takeIn }: LoadTestOptions,
  hasPlaceFor: (user: number, atUs: number) => boolean,
) {
  const thinkTime = traffic.kind === 'closed' ? quantileOf(traffic.thinkTime) : () => 0;
  const isThoughtless =
    traffic.kind === 'closed' &&
    traffic.thinkTime.kind === 'deterministic' &&
    traffic.thinkTime.value === 0;
  const draws = chance.draws('load.think-time');
  return {
    takeIn,
    thinkTimeUs: (user: number, page: number) =>
      isThoughtless ? 0 : Math.round(thinkTime(draws.uniform(FIRST_USER + user, page))),
    isWanted: (user: number) =>
      traffic.kind === 'closed' &&
      simulation.nowUs < scenario.clock.duration &&
      hasPlaceFor(user, simulation.nowUs),
  };
}

/** A Poisson process of the traffic's rate, one arrival scheduled at a time. */
function startArrivals(
  { simulation, chance, scenario }: LoadTestOptions,
  rate: readonly { readonly at: number; readonly perSecond: number }[],
  to: {
    readonly clients: readonly Client[];
    readonly asked: (client: Client, pageSequence: number) => void;
  },
): void {
  const { duration } = scenario.clock;
  const curve = createRateCurve(
    rate.map(({ at, perSecond }) => ({ atUs: at, ratePerSec: perSecond })),
  );
  const total = curve.cumulative(duration);
  const draws = chance.draws('load.arrival');
  let cumulative = 0;
  const scheduleNext = (n: number) => {
    cumulative -= Math.log(draws.uniform(0, n));
    if (cumulative >= total) return;
    const atUs = Math.max(simulation.nowUs, Math.round(curve.inverseCumulative(cumulative)));
    if (atUs <= duration) simulation.schedule(atUs - simulation.nowUs, arrive, n);
  };
  const arrive = simulation.registerHandler('load.arrival', (n) => {
    const client = to.clients[n % to.clients.length];
    if (client !== undefined) to.asked(client, Math.floor(n / to.clients.length));
    scheduleNext(n + 1);
  });
  scheduleNext(0);
}
