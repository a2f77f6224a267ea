/** What objectives need of counters and states, read every tick: calls, servers, bytes, events. It
 * is there only where an objective asks; it draws nothing, changes nothing and feeds no digest. */
import type { Simulation } from '../../../kernel/simulation.ts';
import { US_PER_SECOND } from '../../../kernel/time.ts';
import type { WiredPath } from '../../requests/wiring/create-path.ts';
import type { Scenario } from '../../scenario/schema.ts';
import type { EventTruth } from '../../tracking/clickstream.ts';
import type { Recorder } from '../../world/recorder.ts';
import { definitionOf } from '../metrics/metric-registry.ts';
import { termsOf } from '../metrics/terms-of.ts';

/** All ticks of a run. */
export interface GoalTicks {
  readonly tickUs: number;
  /** When each look was taken, µs. */
  readonly atUs: readonly number[];
  /** Per edge, per server (in the order of the path), and of the rest, one entry a look. */
  readonly edges: readonly EdgeTicks[];
  readonly servers: readonly ServerTicks[];
  readonly bytes: readonly { readonly up: number; readonly down: number }[];
  readonly events: readonly EventCounts[];
}

/** Counters of one edge up to each look. */
export interface EdgeTicks {
  readonly from: string;
  readonly service: string;
  readonly counts: readonly EdgeCounts[];
}

/** What an edge has counted. */
export interface EdgeCounts {
  readonly begun: number;
  readonly attempts: number;
  readonly retries: number;
  readonly failed: number;
}

/** States of one server at each look; `busyUs` is up to it. */
export interface ServerTicks {
  readonly service: string;
  readonly states: readonly {
    readonly busyUs: number;
    readonly workers: number;
    readonly ready: number;
    readonly waiting: number;
  }[];
}

/** Events up to a look. */
export type EventCounts = Pick<EventTruth, 'captured' | 'accepted' | 'droppedByReason'>;

/** Looks after everything else of the instant. */
const LOOK_PRIORITY = 127;
const LOOKS_MAX = 3_600;

/** How long a tick is: a second, or whole seconds so that a run has 3,600 at most. */
export function tickLengthUs({ clock }: Scenario): number {
  const seconds = (clock.duration + clock.drain) / US_PER_SECOND / LOOKS_MAX;
  return Math.max(1, Math.ceil(seconds)) * US_PER_SECOND;
}

/** Starts looking; undefined where no objective asks for what is looked at. */
export function createGoalTicks(options: {
  readonly scenario: Scenario;
  readonly simulation: Simulation;
  readonly wired: WiredPath;
  readonly recorder: Recorder;
  readonly truth: () => EventCounts;
  readonly endUs: number;
}): GoalTicks | undefined {
  const { scenario, simulation, wired, recorder, endUs } = options;
  const asked = scenario.objectives.flatMap(termsOf).filter(({ metric }) => {
    const { kind } = definitionOf(metric);
    return kind === 'amounts' || kind === 'levels';
  });
  if (asked.length === 0) return undefined;
  const wantsEvents = asked.some(({ metric }) => metric.startsWith('events.'));
  const tickUs = tickLengthUs(scenario);
  const atUs: number[] = [];
  const edges = wired.edges.map(({ account }) => {
    const [from = '', service = ''] = account.name.split('→');
    return { from, service, counts: [] as EdgeCounts[] };
  });
  const servers = wired.servers.map(({ name }) => ({
    service: name,
    states: [] as ServerTicks['states'][number][],
  }));
  const bytes: { up: number; down: number }[] = [];
  const events: EventCounts[] = [];
  const look = simulation.registerHandler('objectives.look', () => {
    atUs.push(simulation.nowUs);
    wired.edges.forEach(({ account }, i) => {
      const { calls, attempts, retries, errors, timeouts } = account;
      edges[i]?.counts.push({ begun: calls, attempts, retries, failed: errors + timeouts });
    });
    wired.servers.forEach(({ fleet, workers }, i) => {
      const { busyWorkerUs, inSystem, inService } = fleet.statistics();
      const ready = fleet.replicas.filter(({ isReady }) => isReady).length;
      const waiting = inSystem - inService;
      servers[i]?.states.push({ busyUs: busyWorkerUs, workers: workers(ready), ready, waiting });
    });
    const { inbound, internet } = recorder.traffic.totalBytes();
    bytes.push({ up: inbound, down: internet });
    if (wantsEvents) events.push(options.truth());
    if (simulation.nowUs + tickUs <= endUs) {
      simulation.schedule(tickUs, look, 0, undefined, LOOK_PRIORITY);
    }
  });
  simulation.schedule(Math.min(tickUs, endUs), look, 0, undefined, LOOK_PRIORITY);
  return { tickUs, atUs, edges, servers, bytes, events };
}
