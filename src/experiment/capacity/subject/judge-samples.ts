/** From samples of a fleet in its situations to what a search needs to know: whether it meets the
 * objectives, with how much room, what binds, and which station has the most to do. */
import type { RunSample } from '../../campaign/run-sample.ts';
import { judgeObjectives } from '../../objectives/judge-objectives.ts';
import type { Objective, ObjectiveVerdict } from '../../objectives/objective.ts';
import type { BindingConstraint } from '../documents/plan-document.ts';
import type { Look } from '../search/sequential-trial.ts';
import { measureOf, roomOf } from './objective-room.ts';

/** Samples of a subject in one situation, by replication. */
export interface SituationSamples {
  readonly situation: string;
  /** Those that can be judged in it. */
  readonly objectives: readonly Objective[];
  readonly samples: readonly RunSample[];
}

/** What they say. */
export interface FleetLook extends Look {
  readonly margin: number | null;
  readonly binding: BindingConstraint | null;
  /** Of the situation that binds. */
  readonly verdicts: readonly ObjectiveVerdict[];
  readonly bottleneck: string | null;
  readonly missedReplications: number;
}

/** A replication that is off by more than this share of the limit is far off. */
const FAR_OFF = 0.25;

/** Judges a fleet: it passes where it passes in every situation, and fails where it fails in
 * one. */
export function judgeSamples(
  situations: readonly SituationSamples[],
  replayCommand: (replication: number) => string,
): FleetLook {
  const judged = situations.map((one) => judgeSituation(one, replayCommand));
  const worst = judged.reduce((a, b) => (isWorse(b, a) ? b : a));
  return { ...worst, isFarOff: judged.some(({ isFarOff }) => isFarOff) };
}

const RANK = { fail: 0, inconclusive: 1, pass: 2 } as const;

function isWorse(a: FleetLook, b: FleetLook): boolean {
  const rank = RANK[a.verdict] - RANK[b.verdict];
  return rank < 0 || (rank === 0 && (a.margin ?? Infinity) < (b.margin ?? Infinity));
}

function judgeSituation(
  { situation, objectives, samples }: SituationSamples,
  replayCommand: (replication: number) => string,
): FleetLook {
  const subject = samples[0]?.name ?? '';
  const verdicts = judgeObjectives({
    objectives,
    samples: new Map([[subject, samples]]),
    replayCommand: (_, replication) => replayCommand(replication),
  });
  const counted = verdicts.filter(
    ({ severity, verdict }) => severity === 'fail' && verdict !== 'skipped',
  );
  const verdict = counted.reduce<FleetLook['verdict']>(
    (worst, one) =>
      one.verdict !== 'skipped' && RANK[one.verdict] < RANK[worst] ? one.verdict : worst,
    'pass',
  );
  const tightest = counted.reduce<ObjectiveVerdict | undefined>(
    (worst, one) => (worst === undefined || isTighter(one, worst) ? one : worst),
    undefined,
  );
  const judgedBy = objectives.find(({ text }) => text === tightest?.objective);
  const busiest = isOfPipeline(judgedBy) ? PIPELINE : busiestStation(samples);
  const rooms = judgedBy === undefined ? [] : roomsOf(judgedBy, samples);
  return {
    verdict,
    isFarOff: objectives.some((objective) => isFarOff(objective, samples)),
    margin: tightest === undefined ? null : (tightest.margin ?? Math.min(...rooms)),
    binding: tightest === undefined ? null : bindingOf(situation, tightest, busiest),
    verdicts,
    bottleneck: busiest?.station ?? null,
    missedReplications: rooms.filter((room) => room < 0).length,
  };
}

/** Failed before open before met; of open ones what takes the most to decide; then by room. */
function isTighter(a: ObjectiveVerdict, b: ObjectiveVerdict): boolean {
  const rank = (one: ObjectiveVerdict) => (one.verdict === 'skipped' ? 3 : RANK[one.verdict]);
  if (rank(a) !== rank(b)) return rank(a) < rank(b);
  const open = (one: ObjectiveVerdict) =>
    one.verdict === 'inconclusive' ? (one.moreReplications ?? Infinity) : 0;
  if (open(a) !== open(b)) return open(a) > open(b);
  return (a.margin ?? Infinity) < (b.margin ?? Infinity);
}

function roomsOf(objective: Objective, samples: readonly RunSample[]): readonly number[] {
  return samples.flatMap(
    ({ objectives }) => roomOf(objective, measureOf(objective, objectives)) ?? [],
  );
}

/** Every replication misses it by far. */
function isFarOff(objective: Objective, samples: readonly RunSample[]): boolean {
  if (objective.severity !== 'fail') return false;
  const rooms = roomsOf(objective, samples);
  return rooms.length === samples.length && rooms.every((room) => room < -FAR_OFF);
}

/** Objectives of the clickstream are the pipeline's affair. */
function isOfPipeline(objective: Objective | undefined): boolean {
  if (objective === undefined) return false;
  const { expression } = objective.condition;
  const term = expression.kind === 'ratio' ? expression.over : expression;
  return /^(clickstream|pipeline)\./.test(term.metric);
}

/** Of workers nothing is known here but that they are what binds. */
const PIPELINE: BusyStation = { station: 'pipeline', utilization: null, meanWaitMs: null };

/** A station and how busy it was, over all replications. */
export interface BusyStation {
  readonly station: string;
  readonly utilization: number | null;
  readonly meanWaitMs: number | null;
}

/** The station with the highest mean utilisation over replications; of equals the longest wait. */
export function busiestStation(samples: readonly RunSample[]): BusyStation | null {
  const names = new Set(samples.flatMap(({ stations }) => stations.map((one) => one.station)));
  const busy = [...names].map((station): BusyStation => {
    const own = samples.flatMap(({ stations }) =>
      stations.filter((one) => one.station === station),
    );
    const waits = own.flatMap(({ meanWaitMs }) => meanWaitMs ?? []);
    return {
      station,
      utilization: meanOf(own.map(({ utilization }) => utilization)),
      meanWaitMs: waits.length === 0 ? null : meanOf(waits),
    };
  });
  const [busiest] = busy.sort(
    (a, b) =>
      (b.utilization ?? 0) - (a.utilization ?? 0) || (b.meanWaitMs ?? 0) - (a.meanWaitMs ?? 0),
  );
  return busiest ?? null;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

function bindingOf(
  situation: string,
  { objective, margin, value, limit, unit, worst }: ObjectiveVerdict,
  busiest: BusyStation | null,
): BindingConstraint {
  return {
    objective,
    situation,
    margin,
    value,
    limit,
    unit,
    atUs: worst === null ? null : Math.round((worst.fromUs + worst.toUs) / 2),
    station: busiest?.station ?? null,
    stationUtilization: busiest?.utilization ?? null,
    stationWaitMs: busiest?.meanWaitMs ?? null,
  };
}
