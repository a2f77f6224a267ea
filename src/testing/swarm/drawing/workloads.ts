/** Drawn workloads: guests who come, look around and go, and now and then a small load test. Fewer
 * guests are plainer, and earlier ones. Traffic goes on after the faults are over, so that there
 * is something that recovery shows in. Spec: T51, T53. */
import fc from 'fast-check';
import type { ScenarioInput } from '../../../experiment/scenario/schema.ts';
import { seconds } from '../../../kernel/time.ts';
import { oneOf, permille, seldom } from './draw.ts';

type Audience = ScenarioInput['audience'];
type Traffic = NonNullable<ScenarioInput['traffic']>;

/** What was drawn, in ‰ of the run. */
export interface DrawnWorkload {
  readonly guests: readonly number[];
  readonly behaviour: Audience['behaviour'];
  readonly traffic: DrawnTraffic | undefined;
}

interface DrawnTraffic {
  readonly kind: Traffic['kind'];
  /** Pages a second, or users. */
  readonly level: number;
  readonly via: 'datacentre' | 'wan';
}

const GUESTS_AT_MOST = 4;
const fixed = (value: number) => ({ kind: 'deterministic' as const, value });

const behaviour = oneOf<NonNullable<Audience['behaviour']>>(
  // Short visits: what a viewer does in an evening is over in a minute.
  {
    thinkTime: fixed(seconds(6)),
    interruptionGap: fixed(seconds(20)),
    pauseTime: fixed(seconds(3)),
  },
  {
    thinkTime: fixed(seconds(2)),
    interruptionGap: fixed(seconds(5)),
    pauseTime: fixed(seconds(1)),
  },
  {
    thinkTime: { kind: 'exponential', mean: seconds(4) },
    interruptionGap: { kind: 'exponential', mean: seconds(10) },
    pauseTime: { kind: 'exponential', mean: seconds(4) },
    patienceLoads: 1,
  },
);

/** Workloads. */
export function workloads(): fc.Arbitrary<DrawnWorkload> {
  return fc.record({
    guests: fc.array(permille(), { minLength: 1, maxLength: GUESTS_AT_MOST, size: 'max' }),
    behaviour,
    traffic: seldom(
      fc.record({
        kind: oneOf<Traffic['kind']>('open', 'closed'),
        level: oneOf(0.2, 0.5, 1),
        via: oneOf('datacentre', 'wan'),
      }),
    ),
  });
}

/** The audience of a drawn workload. The last guest comes when the faults are over, whatever was
 * drawn for it, so that there is always somebody to recover for. */
export function fittedAudience(
  { guests, behaviour: of }: DrawnWorkload,
  { healedAt, duration }: { readonly healedAt: number; readonly duration: number },
): Audience {
  const within = (fromUs: number, toUs: number) => (share: number) =>
    fromUs + Math.floor(((toUs - fromUs) * share) / 1_000);
  const last = guests.at(-1) ?? 0;
  return {
    guests: [
      ...guests.slice(0, -1).map((share) => ({ at: within(0, duration)(share) })),
      // Somebody is there from the start, somebody comes when all is well again.
      { at: within(0, Math.floor(healedAt / 2))(last) },
      { at: healedAt },
    ].sort((a, b) => a.at - b.at),
    behaviour: of,
  };
}

/** The load test of a drawn workload. */
export function fittedTraffic({ traffic }: DrawnWorkload): Traffic | undefined {
  if (traffic === undefined) return undefined;
  const { kind, level, via } = traffic;
  const asked = { pages: { home: 2, title: 1 }, via };
  if (kind === 'open') {
    return { kind, rate: [{ at: 0, perSecond: level }], clients: 3, ...asked };
  }
  const thinkTime = fixed(seconds(4));
  return { kind, users: [{ at: 0, users: Math.ceil(level * 3) }], thinkTime, ...asked };
}
