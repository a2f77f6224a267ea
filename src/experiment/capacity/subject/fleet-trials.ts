/** Tries fleets of one scenario on one architecture: a point of the campaign for each fleet in each
 * situation, the same replications for all, judged together. Spec: E204–E207. */
import type { ArchitectureName } from '../../../gateway/architecture.ts';
import type { Point } from '../../campaign/campaign.ts';
import type { RunSample } from '../../campaign/run-sample.ts';
import { fleetCostPerHour } from '../../costs/fleet-cost.ts';
import type { Objective } from '../../objectives/objective.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { scaleTraffic } from '../demand/scale-traffic.ts';
import type { BindingConstraint, FleetSetting } from '../documents/plan-document.ts';
import { type Fleet, fleetKey } from '../search/fleet.ts';
import type { FactorBracket, FactorQuestion } from '../search/highest-factor.ts';
import type { Trial } from '../search/known-fleets.ts';
import { tryInLooks } from '../search/sequential-trial.ts';
import { type FleetLook, judgeSamples, type SituationSamples } from './judge-samples.ts';
import { holdsIn } from './objective-room.ts';
import { type PlannedCoordinate, withNumbers } from './planned-numbers.ts';
import type { SampleStore } from './sample-store.ts';
import { inSituation, type Situation } from './situations.ts';

/** What is tried, and how. */
export interface TrialsSubject {
  readonly name: string;
  readonly architecture: ArchitectureName;
  readonly scenario: Scenario;
  readonly coordinates: readonly PlannedCoordinate[];
  /** Those that tell most first, all zones last. */
  readonly situations: readonly Situation[];
  readonly objectives: readonly Objective[];
  readonly store: SampleStore;
  readonly replications: { readonly first: number; readonly last: number };
  /** Traffic times this. */
  readonly factor: number;
  readonly replayCommand: (fleet: FleetSetting) => string;
}

/** What a trial found, as documents need it. */
export interface FleetTrial extends Trial {
  readonly look: FleetLook;
  readonly replications: number;
  readonly isScreened: boolean;
  readonly isConfirmation: boolean;
}

/** Trials of one subject at one demand. */
export interface FleetTrials {
  settingOf(fleet: Fleet): FleetSetting;
  costOf(fleet: Fleet): number;
  /** In looks, on replications 0 … last − 1, in situations that are searched. Cost: up to last
   * runs of each. */
  judge(fleet: Fleet): Promise<FleetTrial | undefined>;
  /** On replications last … 2·last − 1, which no search has seen, in every situation. */
  confirm(fleet: Fleet): Promise<FleetTrial | undefined>;
  /** Whether objectives hold in single replications with traffic times a factor, in situations
   * that are searched. */
  holds(
    fleet: Fleet,
    questions: readonly FactorQuestion[],
  ): Promise<readonly (boolean | undefined)[]>;
  /** What is missed by the replication that bears the least, just above what it bears; null where
   * none misses anything. */
  bindingAbove(fleet: Fleet, brackets: readonly FactorBracket[]): Promise<BindingConstraint | null>;
  /** Samples by situation that were made before, of situations that have them all. */
  known(fleet: Fleet, replications: readonly number[]): readonly (readonly RunSample[])[];
  /** Samples with all zones at work; undefined where runs ended. */
  unhinderedSamples(
    fleet: Fleet,
    replications: readonly number[],
  ): Promise<readonly RunSample[] | undefined>;
  /** Samples of situations that are searched; undefined where runs ended. */
  samplesOf(
    fleet: Fleet,
    replications: readonly number[],
    factor?: number,
  ): Promise<readonly (readonly RunSample[])[] | undefined>;
}

/** Opens trials. */
export function createFleetTrials(subject: TrialsSubject): FleetTrials {
  return new CampaignTrials(subject);
}

class CampaignTrials implements FleetTrials {
  readonly #subject: TrialsSubject;
  readonly #costs = new Map<string, number>();
  readonly #searched: readonly Situation[];

  constructor(subject: TrialsSubject) {
    this.#subject = subject;
    this.#searched = subject.situations.filter(({ isSearched }) => isSearched);
  }

  settingOf(fleet: Fleet): FleetSetting {
    const { coordinates } = this.#subject;
    return Object.fromEntries(coordinates.map(({ path }, i) => [path, fleet[i] ?? 0]));
  }

  costOf(fleet: Fleet): number {
    const { scenario, architecture } = this.#subject;
    const key = fleetKey(fleet);
    const cost =
      this.#costs.get(key) ??
      fleetCostPerHour(withNumbers(scenario, this.settingOf(fleet)), architecture);
    this.#costs.set(key, cost);
    return cost;
  }

  async judge(fleet: Fleet): Promise<FleetTrial | undefined> {
    const { coordinates, replications } = this.#subject;
    const look = (count: number) => this.#look(fleet, range(0, count), this.#searched);
    const found = await tryInLooks({ ...replications, look });
    return found && trialOf(coordinates, found, false);
  }

  async confirm(fleet: Fleet): Promise<FleetTrial | undefined> {
    const { coordinates } = this.#subject;
    const { last: replications } = this.#subject.replications;
    const look = await this.#look(
      fleet,
      range(replications, replications),
      this.#subject.situations,
    );
    return look && trialOf(coordinates, { look, replications, isScreened: false }, true);
  }

  async holds(
    fleet: Fleet,
    questions: readonly FactorQuestion[],
  ): Promise<readonly (boolean | undefined)[]> {
    const answers: (boolean | undefined)[] = questions.map(() => undefined);
    for (const [factor, asked] of groupedByFactor(questions)) {
      const points = this.#pointsOf(fleet, factor, this.#searched);
      const wanted = asked.map(({ replication }) => replication);
      const samples = await this.#subject.store.samples(points, wanted);
      for (const [j, { index }] of asked.entries()) {
        answers[index] = samples?.every((own, i) =>
          holdsIn(points[i]?.scenario.objectives ?? [], own[j]?.objectives ?? []),
        );
      }
    }
    return answers;
  }

  async bindingAbove(
    fleet: Fleet,
    brackets: readonly FactorBracket[],
  ): Promise<BindingConstraint | null> {
    const [least] = [...brackets].sort(
      (a, b) => (a.missedAt ?? Infinity) - (b.missedAt ?? Infinity),
    );
    if (least === undefined || least.missedAt === null) return null;
    const points = this.#pointsOf(fleet, least.missedAt, this.#searched);
    const samples = await this.#subject.store.samples(points, [least.replication]);
    if (samples === undefined) return null;
    const judged = points.map((point, i) =>
      this.#judged(point, this.#searched[i], samples[i] ?? []),
    );
    return judgeSamples(judged, () => this.#replayCommand(fleet)).binding;
  }

  known(fleet: Fleet, wanted: readonly number[]): readonly (readonly RunSample[])[] {
    return this.#subject.store.known(this.#pointsOf(fleet, 1, this.#subject.situations), wanted);
  }

  async unhinderedSamples(fleet: Fleet, wanted: readonly number[]) {
    const points = this.#pointsOf(fleet, 1, this.#subject.situations.slice(-1));
    return (await this.#subject.store.samples(points, wanted))?.[0];
  }

  samplesOf(fleet: Fleet, wanted: readonly number[], factor = 1) {
    const points = this.#pointsOf(fleet, factor, this.#searched);
    return this.#subject.store.samples(points, wanted);
  }

  /** One situation after the other: who fails in one need not be tried in the next. */
  async #look(
    fleet: Fleet,
    wanted: readonly number[],
    situations: readonly Situation[],
  ): Promise<FleetLook | undefined> {
    const judged: SituationSamples[] = [];
    let found: FleetLook | undefined;
    for (const [i, point] of this.#pointsOf(fleet, 1, situations).entries()) {
      const samples = await this.#subject.store.samples([point], wanted);
      if (samples === undefined) return undefined;
      judged.push(this.#judged(point, situations[i], samples[0] ?? []));
      found = judgeSamples(judged, () => this.#replayCommand(fleet));
      if (found.verdict === 'fail' || found.isFarOff) return found;
    }
    return found;
  }

  #judged(
    point: Point,
    situation: Situation | undefined,
    samples: readonly RunSample[],
  ): SituationSamples {
    return { situation: situation?.name ?? '', objectives: point.scenario.objectives, samples };
  }

  #replayCommand(fleet: Fleet): string {
    return this.#subject.replayCommand(this.settingOf(fleet));
  }

  /** A point for each situation, with the subject's traffic times a factor. */
  #pointsOf(fleet: Fleet, more: number, situations: readonly Situation[]): readonly Point[] {
    const { name, architecture, scenario, objectives } = this.#subject;
    const factor = this.#subject.factor * more;
    const scaled = scaleTraffic(withNumbers(scenario, this.settingOf(fleet)), factor);
    return situations.map((situation) => ({
      name: [name, fleetKey(fleet), `x${factor}`, situation.name].join(' · '),
      architecture,
      scenario: inSituation(scaled, situation, objectives),
    }));
  }
}

/** What was found, as searches and documents need it. */
function trialOf(
  coordinates: readonly PlannedCoordinate[],
  found: Pick<FleetTrial, 'look' | 'replications' | 'isScreened'>,
  isConfirmation: boolean,
): FleetTrial {
  const index = coordinates.findIndex(
    ({ station, isPriced }) => isPriced && station === found.look.bottleneck,
  );
  return {
    ...found,
    verdict: found.isScreened ? 'fail' : found.look.verdict,
    margin: found.look.margin,
    bottleneck: index === -1 ? undefined : index,
    isConfirmation,
  };
}

/** `from`, `from + 1`, … */
export function range(from: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => from + i);
}

interface IndexedQuestion extends FactorQuestion {
  readonly index: number;
}

/** Equal factors together, in the order of their first question. */
function groupedByFactor(
  questions: readonly FactorQuestion[],
): ReadonlyMap<number, readonly IndexedQuestion[]> {
  const groups = new Map<number, IndexedQuestion[]>();
  for (const [index, question] of questions.entries()) {
    const group = groups.get(question.factor) ?? [];
    group.push({ ...question, index });
    groups.set(question.factor, group);
  }
  return groups;
}
