/** `plan`: the cheapest fleet of each architecture that meets the scenario's objectives with
 * confidence, what it costs, and why cheaper ones do not do. Spec: E201–E218. */
import type { ArchitectureName } from '../../gateway/architecture.ts';
import type { Campaign } from '../campaign/campaign.ts';
import { combinedDigest, provenance } from '../run.ts';
import { type InputFiles, readRunInputs } from '../run-inputs.ts';
import { type Planning, planningSchema } from '../scenario/goals/planning-schema.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type Variant, variantsOf } from '../scenario/variants.ts';
import { paretoFront } from './demand/pareto.ts';
import { peakOf } from './demand/peak.ts';
import type { ArchitecturePlan, PlanDocument, PlanVerdict } from './documents/plan-document.ts';
import { type PlannedArchitecture, planArchitecture } from './plan-architecture.ts';
import type { SeededStation } from './staffing/scm-desires.ts';
import {
  capacityProblems,
  constraintProblems,
  refuseProblems,
} from './subject/capacity-problems.ts';
import { judgedObjectives } from './subject/judged-objectives.ts';
import { withMonolith } from './subject/monolith.ts';
import { plannedNumbers } from './subject/planned-numbers.ts';
import { createSampleStore } from './subject/sample-store.ts';
import { situationsOf } from './subject/situations.ts';

/** Fields of `planning` that are said anew; what is undefined is as the scenario has it. */
export type PlanningOverrides = { readonly [K in keyof Planning]?: Planning[K] | undefined };

/** How to plan. */
export interface PlanOptions {
  /** Makes the samples; closed by the caller. */
  readonly campaign: Campaign;
  readonly architectures?: readonly ArchitectureName[] | undefined;
  readonly seed?: number | undefined;
  readonly files?: InputFiles | undefined;
  /** Instead of what the scenario's `planning` says. */
  readonly planning?: PlanningOverrides | undefined;
  /** What the campaign was given, for the document. */
  readonly maxRuns?: number | undefined;
  /** Whether it is told how much more traffic each fleet bears; by default it is. */
  readonly headroom?: boolean | undefined;
  /** Where the search starts, instead of the pilot's offered loads. */
  readonly seeded?: readonly SeededStation[] | undefined;
  readonly replayCommand?: string | undefined;
  /** Told of each fleet tried, in one line. */
  readonly onTrial?: ((line: string) => void) | undefined;
}

/** Replications of a fleet's first look. */
const FIRST_LOOK = 3;

const METHOD =
  'Stochastic root-finding on common random numbers: climb from square-root staffing of a pilot ' +
  'run, descend by galloping and bisection, trade, confirm on replications that the search has ' +
  'not seen. More machines are taken to do no worse; every fleet one step cheaper is simulated. ' +
  'A fleet is judged in looks of 3, 6, 12, … replications, screened out where each of a ' +
  'look misses an objective by more than 25 %, and rejected where it is not shown to pass. The ' +
  'stated confidence is that of the confirmation, one fleet at a time.';

/** Plans a scenario.
 * @throws EngineError `SCENARIO_UNPLANNABLE` for zero traffic, no objectives, ranges and
 * constraints that contradict the scenario; as runs do. Cost: some 10 to 60 fleets × situations ×
 * up to 2 × `planning.replications` runs an architecture. */
export async function planCapacity(
  scenario: Scenario,
  options: PlanOptions,
): Promise<PlanDocument> {
  const { campaign } = options;
  const seeded = { ...scenario, seed: options.seed ?? scenario.seed };
  const planning: Planning = {
    ...(seeded.planning ?? planningSchema.parse({})),
    ...definedOf(options.planning ?? {}),
  };
  const inputs = await readRunInputs(seeded, options.files ?? {});
  const peak = peakOf(seeded, inputs.arrivals);
  const objectives = judgedObjectives(seeded, planning);
  refuseProblems(seeded, [
    ...capacityProblems(objectives.judged, peak.overMean),
    ...constraintProblems(seeded, planning),
  ]);
  const store = createSampleStore(campaign);
  const planned: PlannedArchitecture[] = [];
  const names = new Set<string>();
  for (const { variant, numbers } of preparedOf(seeded, planning, options)) {
    const situations = situationsOf(variant, planning.survive, peak);
    for (const { name } of situations) names.add(name);
    planned.push(
      await planArchitecture({
        ...variant,
        numbers,
        planning,
        peak,
        situations,
        objectives: objectives.judged,
        store,
        replications: { first: FIRST_LOOK, last: planning.replications },
        seeded: seededOf(options.seeded ?? [], numbers.coordinates),
        replayCommand: () => options.replayCommand ?? `planCapacity(${seeded.name})`,
        hasHeadroom: options.headroom ?? true,
        onTrial: options.onTrial,
      }),
    );
  }
  const simulated = planned.flatMap((one) => one.simulated);
  const front = paretoFront(simulated);
  const plans = planned.map(({ plan }) => plan);
  const best = cheapestOf(plans);
  return {
    schema: 'backlot.plan/1',
    ...provenance(seeded, inputs, options.replayCommand),
    digest: combinedDigest(store.digests),
    confidence: planning.confidence,
    survive: planning.survive,
    situations: [...names],
    peak: planning.survive === 'zone' ? { fromUs: peak.fromUs, toUs: peak.toUs } : null,
    objectives: objectives.judged.map(({ text }) => text),
    objectivesLeftOut: objectives.leftOut,
    ...overallVerdict(plans, best),
    recommended: best?.name ?? null,
    plans,
    simulated: simulated
      .map((fleet, i) => ({ ...fleet, isOnFront: front[i] ?? false }))
      .sort((a, b) => a.usdPerHour - b.usdPerHour),
    runs: { ...campaign.counts, max: options.maxRuns ?? null },
    method: METHOD,
  };
}

/** What each architecture plans, once all of them can.
 * @throws EngineError `SCENARIO_UNPLANNABLE`. */
function preparedOf(scenario: Scenario, planning: Planning, { architectures }: PlanOptions) {
  const prepared = variantsOf(scenario, architectures).map((found) => {
    const variant: Variant = {
      ...found,
      scenario: withMonolith(found.scenario, found.architecture),
    };
    const vary = planning.vary;
    return { variant, numbers: plannedNumbers(variant.scenario, variant.architecture, vary) };
  });
  const problems = prepared.flatMap(({ numbers }) => numbers.problems);
  const once = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
  const idle = prepared.filter(({ numbers }) => numbers.coordinates.length === 0);
  refuseProblems(scenario, [
    ...once.values(),
    ...(problems.length > 0 ? [] : idle).map(({ variant, numbers }) => ({
      path: 'planning.vary',
      found: `nothing that ${variant.name} has (${numbers.inactive.join(', ')})`,
      rule: `give ranges of its servers, or plan other architectures with --arch`,
    })),
  ]);
  return prepared;
}

/** One file that names no station seeds the only one that is planned. */
function seededOf(
  seeded: readonly SeededStation[],
  coordinates: readonly { readonly station: string }[],
): ReadonlyMap<string, number> {
  return new Map(
    seeded.flatMap(({ station, servers }) => {
      const named = station === null ? coordinates.map((one) => one.station) : [station];
      return named.map((name) => [name, servers] as const);
    }),
  );
}

/** The cheapest plan that meets the objectives; the first of equals. */
function cheapestOf(plans: readonly ArchitecturePlan[]): ArchitecturePlan | undefined {
  return plans
    .filter(({ verdict }) => verdict === 'met')
    .sort((a, b) => (a.usdPerHour ?? 0) - (b.usdPerHour ?? 0))[0];
}

/** What ended early leaves the answer open, even where one architecture meets the objectives. */
const SEVERITY: readonly PlanVerdict[] = ['interrupted', 'budget', 'inconclusive', 'impossible'];

function overallVerdict(
  plans: readonly ArchitecturePlan[],
  best: ArchitecturePlan | undefined,
): Pick<PlanDocument, 'verdict' | 'reason'> {
  const ended = plans.find(({ verdict }) => verdict === 'interrupted' || verdict === 'budget');
  if (ended !== undefined) return { verdict: ended.verdict, reason: ended.reason };
  if (best !== undefined) {
    return { verdict: 'met', reason: `${best.name} is the cheapest: ${best.reason}` };
  }
  const [worst] = [...plans].sort(
    (a, b) => SEVERITY.indexOf(a.verdict) - SEVERITY.indexOf(b.verdict),
  );
  return {
    verdict: worst?.verdict ?? 'impossible',
    reason: worst === undefined ? 'nothing was planned' : `${worst.name}: ${worst.reason}`,
  };
}

function definedOf(planning: PlanningOverrides): Partial<Planning> {
  return Object.fromEntries(
    Object.entries(planning).filter(([, value]) => value !== undefined),
  ) as Partial<Planning>;
}
