/** `advise`: what should be done? From the baseline's runs to findings, from findings to actions,
 * each simulated on the same draws, ranked, put together, and confirmed on fresh replications.
 * Spec: M180–M199. */
import type { Campaign } from '../campaign/campaign.ts';
import { createSampleStore } from '../capacity/subject/sample-store.ts';
import { combinedDigest, provenance } from '../run.ts';
import { type InputFiles, readRunInputs } from '../run-inputs.ts';
import type { Scenario } from '../scenario/schema.ts';
import { adviceAnswer } from './advice-answer.ts';
import type { AdviceDocument } from './advice-document.ts';
import { createSearch } from './advice-search.ts';
import { adviceSubject } from './advice-subject.ts';

/** What is asked, as plain data. */
export interface AdviceOptions {
  /** An architecture or a variant; may be left out where there is only one. */
  readonly subject?: string | undefined;
  /** Most actions that are confirmed. Default 10. */
  readonly actions?: number | undefined;
  /** Replications that confirm an action, and the plan on top of them. Default 8, at least 2. */
  readonly replications?: number | undefined;
  readonly seed?: number | undefined;
  /** Changes that are tried whatever the findings say: values by dotted path. */
  readonly asked?: readonly Readonly<Record<string, unknown>>[] | undefined;
  readonly maxRuns?: number | undefined;
  readonly replayCommand?: string | undefined;
}

/** How it is watched, and what it runs on. */
export interface AdviceGround {
  readonly files?: InputFiles | undefined;
  /** Told of what is found and tried, in one line each. */
  readonly onNote?: ((line: string) => void) | undefined;
}

const DEFAULT_ACTIONS = 10;
const DEFAULT_REPLICATIONS = 8;
/** Of the first look at every action. */
const SCREEN_REPLICATIONS = 3;
const CONFIDENCE = 0.95;

const METHOD =
  `Every action is looked at on ${SCREEN_REPLICATIONS} replications first; what promises ` +
  'something goes on to replications of its own, and only those make its effects, so that it was ' +
  'not chosen by the numbers that it is judged by. Baseline and action share all draws; effects ' +
  'are differences in pairs. What decides (deficit, SLO minutes, room of each objective) is ' +
  'judged by Holm over all confirmed actions, 5 % together, and the other metrics likewise among ' +
  'themselves; intervals are 95 % each, adjusted ones hold together in their family. The plan is ' +
  'put together step by step, each step simulated on top of those before, and confirmed against ' +
  'the baseline on replications that no search has seen.';

/** Advises on a scenario.
 * @throws EngineError `SCENARIO_UNPLANNABLE` without objectives that can fail or without traffic,
 * `CLI_USAGE` for a subject that is not there; as runs do. Cost: about actions × 3 + confirmed ×
 * replications + steps × replications runs: some 150 to 300 by default. */
export async function adviseOn(
  campaign: Campaign,
  scenario: Scenario,
  options: AdviceOptions & AdviceGround = {},
): Promise<AdviceDocument> {
  const seeded = { ...scenario, seed: options.seed ?? scenario.seed };
  const inputs = await readRunInputs(seeded, options.files ?? {});
  const replications = Math.max(2, options.replications ?? DEFAULT_REPLICATIONS);
  const subject = adviceSubject(seeded, options.subject, { replications, inputs });
  const store = createSampleStore(campaign);
  const common = provenance(seeded, inputs, options.replayCommand);
  const phases = {
    screen: { from: 0, count: SCREEN_REPLICATIONS },
    confirm: { from: SCREEN_REPLICATIONS, count: replications },
    plan: { from: SCREEN_REPLICATIONS + replications, count: replications },
  };
  const search = createSearch({
    variant: subject.variant,
    objectives: subject.objectives.judged,
    store,
    phases,
    most: options.actions ?? DEFAULT_ACTIONS,
    asked: options.asked ?? [],
    replayCommand: common.replayCommand,
    onNote: options.onNote ?? (() => {}),
  });
  const found = await search.run();
  const { objectives, findings, metrics, actions, plan } = found;
  return {
    schema: 'backlot.advice/1',
    ...common,
    digest: combinedDigest(store.digests),
    subject: {
      name: subject.variant.name,
      architecture: subject.variant.architecture,
      demand: found.demand,
    },
    ...adviceAnswer(found, store.stopped),
    replications: phases,
    confidence: CONFIDENCE,
    hasDefaultPrices: subject.hasDefaultPrices,
    objectives,
    objectivesLeftOut: subject.objectives.leftOut,
    findings,
    metrics,
    actions,
    plan,
    runs: { ...campaign.counts, max: options.maxRuns ?? null },
    method: METHOD,
  };
}
