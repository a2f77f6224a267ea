/** `checkArchitecture`: holds a scenario, with the policies of its gateways and calls, against
 * drawn faults in all architectures: invariants while faults last and when they are over, and the
 * same answers without any. Spec: T112, T113,
 * T115. */
import fc from 'fast-check';
import { defineScenario } from '../../experiment/scenario/define-scenario.ts';
import type { ScenarioInput } from '../../experiment/scenario/schema.ts';
import type { ArchitectureName } from '../../gateway/architecture.ts';
import { InvariantError } from '../../kernel/errors.ts';
import { type FaultPlanOptions, faultPlans } from '../arbitraries/fault-plans.ts';
import { tieOrders } from '../arbitraries/tie-orders.ts';
import type { CheckOptions, CheckReport } from '../check/check-options.ts';
import { type Broken, type Check, runCheck } from '../check/run-check.ts';
import type { Invariant, Violation } from '../invariants/invariant.ts';
import { INVARIANTS } from '../invariants/library.ts';
import { vacuous } from '../invariants/vacuity.ts';
import { validSmallerTrials } from '../shrink/shrink-trial.ts';
import { trialSize } from '../shrink/smaller-trials.ts';
import { VacuousCheck } from '../story/check-failure.ts';
import { trialDiagram } from '../story/trial-story.ts';
import { NO_ERROR, runTrial, type TrialOutcome } from '../trial/run-trial.ts';
import type { Trial } from '../trial/trial.ts';
import { waysToRun } from '../trial/ways-to-run.ts';
import { answersDiffer } from './same-answers.ts';

/** What is held against what. */
export interface CheckArchitectureOptions extends CheckOptions {
  /** The policies that are checked, and a workload: guests make the shortest stories. Its faults,
   * if it has any, are always there. */
  readonly scenario: ScenarioInput;
  /** Default: all four. */
  readonly architectures?: readonly ArchitectureName[];
  /** Default: the library's, which hold in every world. */
  readonly invariants?: readonly Invariant[];
  /** Invariants besides. Each must have something to check in some trial. */
  readonly also?: readonly Invariant[];
  /** Kinds of fault and how many; by default all kinds, and they are over at half of the run. */
  readonly faults?: Partial<FaultPlanOptions>;
  /** Whether all architectures must give the same answers without faults. Default true: leave it
   * out where pages time out for want of capacity. */
  readonly sameAnswers?: boolean;
  /** Names of invariants of one's own that no trial has to exercise. */
  readonly mayMiss?: readonly string[];
}

const SHRINK_RUNS = 120;
const SEEDS = 0xffff;

/** Holds an architecture against drawn trials.
 * @returns what was done; to be awaited. @throws CheckFailure with the story of the smallest trial;
 * VacuousCheck where an invariant of one's own never looked, or a `sometimes` never held;
 * EngineError `TESTING_BAD_ARGUMENT`, `SCENARIO_INVALID`, `TESTING_BAD_TOKEN`,
 * `TESTING_CORPUS_UNREADABLE`, `CLI_USAGE`. Cost: a run of the scenario for each of `runs`, five
 * for those without faults. */
export async function checkArchitecture(options: CheckArchitectureOptions): Promise<CheckReport> {
  const { scenario, invariants = INVARIANTS, also = [] } = options;
  const all = [...invariants, ...also];
  const architectures = architecturesOf(options);
  const exercised: TrialOutcome['exercised'][] = [];
  const noted = new Map<string, Violation>();
  const check: Check<Trial> = {
    kind: 'architecture',
    name: options.name ?? scenario.name,
    inputs: trialsOf(options, architectures),
    async judge(trial, only) {
      if (options.sameAnswers !== false && (only === undefined || only === SAME_ANSWERS)) {
        const problem = await sameAnswersProblem(trial, architectures);
        if (problem !== undefined) return problem;
      }
      if (only === SAME_ANSWERS) return undefined;
      const outcome = await outcomeOf(trial, all);
      exercised.push(outcome.exercised);
      const { violations } = outcome;
      const violation = violations.find((one) => only === undefined || one.invariant === only);
      if (violation === undefined) return undefined;
      if (violation.event > 0) noted.set(violation.invariant, violation);
      return brokenBy(violation, all);
    },
    smaller: (trial) => validSmallerTrials(trial, architectures),
    sizeOf: trialSize,
    diagramOf: (trial, { property }) => trialDiagram(trial, noted.get(property)),
    words: { command: 'guest', fault: 'fault' },
    shrinkRuns: SHRINK_RUNS,
  };
  const report = await runCheck(check, options);
  if (options.replay === undefined) requireExercised(check.name, { options, exercised });
  return report;
}

/** Those that were asked for, or all that can answer what the scenario asks. */
function architecturesOf({
  scenario,
  architectures,
}: CheckArchitectureOptions): readonly ArchitectureName[] {
  const ways = waysToRun({ ...defineScenario(scenario), variants: [] }, architectures);
  return ways.map(({ architecture }) => architecture);
}

/** An invariant of one's own that never looked says nothing. The library's own need not all have
 * something to do in every scenario. */
function requireExercised(
  name: string,
  {
    options: { invariants = [], also = [], mayMiss = [] },
    exercised,
  }: {
    readonly options: CheckArchitectureOptions;
    readonly exercised: readonly TrialOutcome['exercised'][];
  },
): void {
  const own = [...invariants, ...also].filter(
    (one) => !INVARIANTS.includes(one) && !mayMiss.includes(one.name),
  );
  const { neverExercised, neverHit } = vacuous(
    exercised.map((counts) => ({ exercised: counts })),
    own,
  );
  const missed = [
    ...neverExercised.map((one) => `invariant ${one}: never had anything to check`),
    ...neverHit.map((one) => `mark ${one}: never held`),
  ];
  if (missed.length > 0) throw new VacuousCheck(name, missed);
}

const SAME_ANSWERS = 'same-answers';

/** A broken invariant of backlot itself is a finding, too. Spec: T5. */
async function outcomeOf(
  trial: Trial,
  invariants: readonly Invariant[],
): Promise<Pick<TrialOutcome, 'violations' | 'exercised'>> {
  try {
    return await runTrial(trial, invariants);
  } catch (error) {
    if (!(error instanceof InvariantError)) throw error;
    const { message, code } = error;
    const violation = { message, details: { code }, atUs: 0, event: 0 };
    return { violations: [{ invariant: NO_ERROR.name, ...violation }], exercised: {} };
  }
}

async function sameAnswersProblem(
  trial: Trial,
  architectures: readonly ArchitectureName[],
): Promise<Broken | undefined> {
  if ((trial.scenario.faults ?? []).length > 0) return undefined;
  const finding = await answersDiffer(trial, architectures);
  if (finding === undefined) return undefined;
  const claim = 'without faults all architectures give viewers the same pages';
  return { property: SAME_ANSWERS, claim, finding };
}

function brokenBy(
  { invariant, message, details, atUs }: Violation,
  all: readonly Invariant[],
): Broken {
  const claim = all.find(({ name }) => name === invariant)?.claim ?? NO_ERROR.claim;
  const numbers = details === undefined ? '' : `\n${JSON.stringify(details)}`;
  const at = `at ${(atUs / 1_000_000).toFixed(3)} s`;
  return { property: invariant, claim, finding: `${at}: ${message}${numbers}` };
}

function trialsOf(
  { scenario, faults = {} }: CheckArchitectureOptions,
  architectures: readonly ArchitectureName[],
): fc.Arbitrary<Trial> {
  const { clock, services } = defineScenario(scenario);
  const healedAt = faults.untilUs ?? Math.floor(clock.duration / 2);
  const plan = faultPlans({ services: Object.keys(services), ...faults, untilUs: healedAt });
  return fc
    .record({
      seed: fc.nat(SEEDS),
      architecture: fc.constantFrom(...architectures),
      plan,
      tieOrder: tieOrders(),
    })
    .map(({ seed, architecture, plan: drawn, tieOrder }) => ({
      schema: 'backlot.trial/1',
      scenario: { ...scenario, seed, faults: [...(scenario.faults ?? []), ...drawn] },
      architecture,
      ...(tieOrder === undefined ? {} : { tieOrder }),
      healedAt,
    }));
}
