/** `load`: traffic is ramped up until objectives are missed, on the fleet as it is. The most that
 * it bears is the mean over replications, with a t interval. Spec: E220–E224. */
import type { ArchitectureName } from '../../gateway/architecture.ts';
import { EngineError } from '../../kernel/errors.ts';
import type { Campaign } from '../campaign/campaign.ts';
import { combinedDigest, provenance } from '../run.ts';
import { type InputFiles, readRunInputs } from '../run-inputs.ts';
import type { Scenario } from '../scenario/schema.ts';
import { variantsOf } from '../scenario/variants.ts';
import { peakOf } from './demand/peak.ts';
import type { ArchitectureLoad, LoadDocument, LoadVerdict } from './documents/load-document.ts';
import { loadArchitecture } from './load-architecture.ts';
import { geometricRamp } from './search/highest-factor.ts';
import { capacityProblems, refuseProblems } from './subject/capacity-problems.ts';
import { range } from './subject/fleet-trials.ts';
import { judgedObjectives } from './subject/judged-objectives.ts';
import { createSampleStore } from './subject/sample-store.ts';
import { judgedIn, situationsOf } from './subject/situations.ts';

/** How to load. */
export interface LoadOptions {
  /** Makes the samples; closed by the caller. */
  readonly campaign: Campaign;
  readonly architectures?: readonly ArchitectureName[] | undefined;
  readonly seed?: number | undefined;
  readonly files?: InputFiles | undefined;
  /** Factors of the scenario's traffic; 0.5 and 4 unless given. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** At least 2; 6 unless given. */
  readonly replications?: number | undefined;
  /** What the campaign was given, for the document. */
  readonly maxRuns?: number | undefined;
  readonly replayCommand?: string | undefined;
  /** Told of each point of the ramp, in one line. */
  readonly onPoint?: ((line: string) => void) | undefined;
}

const DEFAULTS = { from: 0.5, to: 4, replications: 6 };
const CONFIDENCE = 0.95;
const RAMP_POINTS = 8;
const BISECTIONS = 4;

const METHOD =
  'Common random numbers: every replication sees the same viewers and draws at every rate. Per ' +
  'replication the first factor of a geometric ramp at which an objective is missed, then ' +
  'bisections; the mean over replications with a 95 % t interval. Percentiles are of pooled page ' +
  'loads.';

/** Loads a scenario.
 * @throws EngineError `SCENARIO_UNPLANNABLE` for zero traffic and no objectives, `CLI_USAGE` for a
 * range that is none; as runs do. Cost: up to 12 runs a replication and architecture. */
export async function loadCapacity(
  scenario: Scenario,
  options: LoadOptions,
): Promise<LoadDocument> {
  const { from = DEFAULTS.from, to = DEFAULTS.to } = options;
  const { replications = DEFAULTS.replications } = options;
  checkRange({ from, to, replications });
  const seeded = { ...scenario, seed: options.seed ?? scenario.seed };
  const inputs = await readRunInputs(seeded, options.files ?? {});
  const peak = peakOf(seeded, inputs.arrivals);
  const { judged, leftOut } = judgedObjectives(seeded, { confidence: CONFIDENCE, replications });
  refuseProblems(seeded, capacityProblems(judged, peak.overMean));
  const store = createSampleStore(options.campaign);
  const loads: ArchitectureLoad[] = [];
  for (const variant of variantsOf(seeded, options.architectures)) {
    loads.push(
      await loadArchitecture({
        ...variant,
        situations: situationsOf(variant, 'nothing', peak),
        objectives: judgedIn(judged, variant.scenario.faults),
        store,
        ramp: geometricRamp(from, to, RAMP_POINTS),
        bisections: BISECTIONS,
        replications: range(0, replications),
        replayCommand: () => options.replayCommand ?? `loadCapacity(${seeded.name})`,
        onPoint: options.onPoint,
      }),
    );
  }
  return {
    schema: 'backlot.load/1',
    ...provenance(seeded, inputs, options.replayCommand),
    digest: combinedDigest(store.digests),
    replications,
    confidence: CONFIDENCE,
    objectives: judged.map(({ text }) => text),
    objectivesLeftOut: leftOut,
    range: { from, to },
    toleranceShare: (to / from) ** (1 / (RAMP_POINTS - 1) / 2 ** BISECTIONS) - 1,
    bisections: BISECTIONS,
    ...overallVerdict(loads),
    loads,
    runs: { ...options.campaign.counts, max: options.maxRuns ?? null },
    method: METHOD,
  };
}

function checkRange(options: {
  readonly from: number;
  readonly to: number;
  readonly replications: number;
}): void {
  const { from, to, replications } = options;
  if (!(from > 0 && to > from && to < Number.POSITIVE_INFINITY)) {
    const found = `--from ${from} --to ${to}`;
    throw new EngineError('CLI_USAGE', `${found}: give factors with 0 < from < to`, {
      argument: found,
    });
  }
  if (Number.isInteger(replications) && replications >= 2) return;
  const found = `--replications ${replications}`;
  const rule = 'an interval needs at least 2, better 5 or more';
  throw new EngineError('CLI_USAGE', `${found}: ${rule}`, { argument: found });
}

/** What is worst for whoever reads only one verdict. */
const WORST_FIRST: readonly LoadVerdict[] = [
  'interrupted',
  'budget',
  'saturated',
  'inconclusive',
  'never-saturated',
  'found',
];

function overallVerdict(
  loads: readonly ArchitectureLoad[],
): Pick<LoadDocument, 'verdict' | 'reason'> {
  const [worst] = [...loads].sort(
    (a, b) => WORST_FIRST.indexOf(a.verdict) - WORST_FIRST.indexOf(b.verdict),
  );
  return {
    verdict: worst?.verdict ?? 'inconclusive',
    reason: worst === undefined ? 'nothing was loaded' : `${worst.name}: ${worst.reason}`,
  };
}
