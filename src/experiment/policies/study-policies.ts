/** `policies`: the policies of a scenario side by side on a panel of its viewers, and what
 * experiments and estimators would have said of them. Spec: M230–M234. */
import { createHash } from 'node:crypto';
import { studyHeroSlot } from '../../analytics/off-policy/hero-slot-study.ts';
import { type AaStudy, studyAa } from '../../analytics/online-experiments/a-a-study.ts';
import { rowsByDesign } from '../../analytics/online-experiments/interleaved/credits.ts';
import { interleavePanel } from '../../analytics/online-experiments/interleaved/on-panel.ts';
import {
  experimentOnPanel,
  metricsOf,
  recordPanel,
} from '../../analytics/online-experiments/panel-ab.ts';
import { switchPanel } from '../../analytics/online-experiments/switchback/on-panel.ts';
import { compareTwins, type TwinDifference, type TwinMetric } from '../../analytics/panel/twins.ts';
import { createOraclePolicy } from '../../analytics/policies/oracle-policy.ts';
import { TRAINERS } from '../../analytics/recommenders/trainers.ts';
import { regretCurve } from '../../analytics/regret/regret-curve.ts';
import { createRegretMeter } from '../../analytics/regret/regret-meter.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import { learn } from '../learn/learn.ts';
import type { LearnDocument } from '../learn/learn-document.ts';
import { readRunInputs } from '../run-inputs.ts';
import { type PolicySettings, policySchema } from '../scenario/recommendations/policy-schema.ts';
import type { Scenario } from '../scenario/schema.ts';
import { PACKAGE_VERSION } from '../version.ts';
import type { PoliciesDocument, StudiedPolicy } from './policies-document.ts';
import { createStudyPanel, type StudyPanel } from './study-panel.ts';

/** What is asked for. */
export interface PoliciesStudyOptions {
  readonly scenario: Scenario;
  readonly viewers: number;
  /** Default: the scenario's, or 28. */
  readonly historyDays?: number | undefined;
  readonly days: number;
  /** Kinds of policies, instead of the scenario's arms. */
  readonly kinds?: readonly PolicySettings['kind'][] | undefined;
  /** Runs of off-policy estimators against the true value; 50 unless given. */
  readonly offPolicyRuns?: number | undefined;
  /** Files that replace built-in inputs. */
  readonly catalogue?: string | undefined;
  /** Empty; is filled with the history. Where it lies is told by its base name. */
  readonly warehouse: Warehouse;
  readonly warehousePath: string;
  readonly replayCommand: string;
  /** Is told what is being done. */
  readonly onStep?: ((step: string) => void) | undefined;
}

const HISTORY_DAYS = 28;
/** Rows of about so many viewers are held against the oracle's, which takes its time. */
const MEASURED_VIEWERS = 500;
/** Days of the experiment before its arms, and under them. */
const PRE_PERIOD_DAYS = 7;
const SPLITS = 200;
const LOOKS = 20;
const OFF_POLICY_ROWS = 1_000;
const OFF_POLICY_RUNS = 50;
/** Runs of estimators to one of each canary. */
const RUNS_PER_CANARY = 5;
const OFF_POLICY_VIEWERS = 1_000;
/** Blocks of days in which all viewers have one policy. */
const SWITCHBACK = { blocks: 12, blockDays: 2, burnInDays: 1 };
const LEARN = { cut: { share: 0.8 }, k: 10 };
/** What nobody would try in an experiment: it knows the tastes, or knows nothing. */
const NO_CHALLENGERS: readonly string[] = ['oracle', 'random'];

/** Studies them.
 * @throws EngineError `SCENARIO_UNPLANNABLE` for a scenario without recommendations,
 * `ANALYTICS_BAD_ARGUMENT` for one policy alone, `ANALYTICS_NO_DATA` where nobody watched anything.
 * Cost: two lives of the panel a policy, and models; bench `analytics`. */
export async function studyPolicies(options: PoliciesStudyOptions): Promise<PoliciesDocument> {
  const { scenario, viewers, days, warehouse, onStep = () => {} } = options;
  const recommendations = required(scenario);
  const historyDays = options.historyDays ?? recommendations.history?.days ?? HISTORY_DAYS;
  const arms = armsOf(options, recommendations);
  const { catalogue } = await readRunInputs(scenario, { catalogue: options.catalogue });
  onStep(`${historyDays} days of history`);
  const study = createStudyPanel({
    ...{ scenario, recommendations, catalogue, viewers, historyDays, warehouse },
  });
  const baseline = arms.find(({ policy }) => policy.kind === 'popularity') ?? arms[0];
  if (baseline === undefined) throw alone(0);
  const policies = arms.map((arm) => {
    onStep(`${days} days of ${arm.name}`);
    return studied(study, { arm, baseline, days });
  });
  const challenger = challengerOf(policies, arms, baseline);
  const models = modelsOf(options, study);
  onStep('experiments');
  const found = {
    baseline: baseline.name,
    challenger: challenger.name,
    policies,
    ...models,
    ...experiments(study, { baseline, challenger, days }),
    falsePositives: falsePositives(study, baseline),
    offPolicy: offPolicy(study, options),
  };
  return {
    schema: 'backlot.policies/1',
    backlot: PACKAGE_VERSION,
    scenario: scenario.name,
    question: scenario.question,
    seed: scenario.seed,
    panel: {
      viewers,
      titles: catalogue.titles.length,
      slots: recommendations.slots,
      historyDays,
      historyPlays: study.plays,
      historyImpressions: study.impressions,
      days,
      measuredViewers: Math.ceil(viewers / measuredStep(viewers)),
    },
    ...found,
    digest: createHash('sha256').update(JSON.stringify(found)).digest('hex'),
    replayCommand: options.replayCommand,
  };
}

interface NamedPolicy {
  readonly name: string;
  readonly policy: PolicySettings;
}

function required(scenario: Scenario) {
  if (scenario.recommendations !== undefined) return scenario.recommendations;
  const rule = 'policies are studied where a row is filled: give recommendations.arms';
  const problem = { path: 'recommendations', found: 'nothing', rule };
  throw new EngineError('SCENARIO_UNPLANNABLE', `recommendations: nothing found; ${rule}`, {
    problems: [problem],
  });
}

function armsOf(
  { kinds }: PoliciesStudyOptions,
  { arms }: { readonly arms: readonly NamedPolicy[] },
): readonly NamedPolicy[] {
  const wanted =
    kinds?.map((kind) => ({ name: kind, policy: policySchema.parse({ kind }) })) ?? arms;
  if (wanted.length < 2) throw alone(wanted.length);
  return wanted;
}

function alone(found: number): EngineError<'ANALYTICS_BAD_ARGUMENT'> {
  return new EngineError(
    'ANALYTICS_BAD_ARGUMENT',
    `policies: ${found} found, and a comparison needs at least 2; name them with --policies`,
    { argument: 'policies', found },
  );
}

function measuredStep(viewers: number): number {
  return Math.max(1, Math.ceil(viewers / MEASURED_VIEWERS));
}

function studied(
  study: StudyPanel,
  of: { readonly arm: NamedPolicy; readonly baseline: NamedPolicy; readonly days: number },
): StudiedPolicy {
  const { panel, tastes } = study;
  const { arm, baseline, days } = of;
  const { choice } = panel.config;
  const step = measuredStep(panel.viewers.length);
  const { policy, measured } = createRegretMeter({
    policy: study.policy(arm.policy),
    oracle: createOraclePolicy({ tastes, choice }),
    tastes,
    choice,
    isMeasured: (viewer) => viewer % step === 0,
  });
  const base = study.policy(baseline.policy);
  const twins = compareTwins({ panel, days, base, other: policy });
  return {
    name: arm.name,
    settings: arm.policy,
    playsPerViewer: meanOf(twins, 'plays'),
    hoursPerViewer: meanOf(twins, 'hours'),
    satisfaction: meanOf(twins, 'satisfaction'),
    retainedShare: meanOf(twins, 'retained'),
    regret: regretCurve(measured),
    overBaseline: arm === baseline ? null : twins,
  };
}

function meanOf(twins: readonly TwinDifference[], wanted: TwinMetric): number {
  return twins.find(({ metric }) => metric === wanted)?.other ?? 0;
}

function challengerOf(
  policies: readonly StudiedPolicy[],
  arms: readonly NamedPolicy[],
  baseline: NamedPolicy,
): NamedPolicy {
  const others = arms.flatMap((arm, i) => {
    const value = policies[i]?.regret.value ?? 0;
    return arm === baseline ? [] : [{ arm, value }];
  });
  const able = others.filter(({ arm }) => !NO_CHALLENGERS.includes(arm.policy.kind));
  const [best] = (able.length > 0 ? able : others).sort((a, b) => b.value - a.value);
  return best?.arm ?? baseline;
}

function modelsOf(
  options: PoliciesStudyOptions,
  study: StudyPanel,
): Pick<PoliciesDocument, 'models' | 'modelsMissing'> {
  const { warehouse, warehousePath, scenario, replayCommand, onStep } = options;
  try {
    const models: LearnDocument = learn({
      ...{ ...LEARN, warehouse, path: warehousePath, replayCommand },
      seed: scenario.seed,
      models: Object.keys(TRAINERS),
      ...(study.oracleOf === undefined ? {} : { oracle: study.oracleOf }),
      ...(onStep === undefined ? {} : { onStep }),
    });
    return { models, modelsMissing: null };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'ANALYTICS_NO_DATA') throw error;
    return { models: null, modelsMissing: error.message };
  }
}

function experiments(
  study: StudyPanel,
  of: { readonly baseline: NamedPolicy; readonly challenger: NamedPolicy; readonly days: number },
): Pick<PoliciesDocument, 'experiment' | 'interleaving' | 'rowsByDesign' | 'switchback'> {
  const { baseline, challenger, days } = of;
  const { panel, chance } = study;
  const arm = ({ name, policy }: NamedPolicy) => ({ name, share: 1, policy: study.policy(policy) });
  const experiment = experimentOnPanel({
    name: `${baseline.name} or ${challenger.name}`,
    panel: panel.fork(),
    chance,
    arms: [arm(baseline), arm(challenger)],
    before: { days: PRE_PERIOD_DAYS, policy: study.policy(baseline.policy) },
    days,
  });
  const interleaving = interleavePanel({
    panel: panel.fork(),
    a: study.policy(baseline.policy),
    b: study.policy(challenger.policy),
    days,
  });
  const switchback = switchPanel({
    ...SWITCHBACK,
    panel: panel.fork(),
    control: study.policy(baseline.policy),
    treatment: study.policy(challenger.policy),
    draws: chance.draws('policies.switchback'),
  });
  const rows = rowsByDesign(interleaving, experiment);
  return { experiment, interleaving, switchback, rowsByDesign: rows };
}

function falsePositives(study: StudyPanel, baseline: NamedPolicy): AaStudy {
  const panel = study.panel.fork();
  const policy = study.policy(baseline.policy);
  const before = recordPanel(panel, PRE_PERIOD_DAYS, () => policy);
  const then = recordPanel(panel, PRE_PERIOD_DAYS, () => policy);
  const [mean, ratio] = metricsOf(then, before);
  if (mean === undefined) throw new Error('a panel records hours');
  const { viewers } = panel;
  return studyAa({
    ...{ viewer: viewers, mean, runs: SPLITS, looks: LOOKS, chance: study.chance },
    ...(ratio === undefined ? {} : { ratio }),
  });
}

function offPolicy(
  study: StudyPanel,
  { onStep, offPolicyRuns: runs = OFF_POLICY_RUNS }: PoliciesStudyOptions,
) {
  onStep?.('estimators against the truth');
  const { tastes, catalogue, chance, panel } = study;
  const viewers = Array.from(panel.viewers).slice(0, OFF_POLICY_VIEWERS);
  const canaryRuns = Math.max(2, Math.round(runs / RUNS_PER_CANARY));
  const of = { tastes, catalogue, chance, viewers };
  return studyHeroSlot({ ...of, rows: OFF_POLICY_ROWS, runs, canaryRuns });
}
