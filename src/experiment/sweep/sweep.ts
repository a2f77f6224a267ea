/** `sweep`: points of a design, each replicated on common random numbers, and what they say of the
 * factors. All samples are asked for at once, so that shards can share them. Spec: E270–E276. */
import type { Campaign } from '../campaign/campaign.ts';
import type { RunSample } from '../campaign/run-sample.ts';
import { sumLedgers } from '../results/ledger.ts';
import { combinedDigest, provenance } from '../run.ts';
import { type InputFiles, readRunInputs } from '../run-inputs.ts';
import type { Scenario } from '../scenario/schema.ts';
import { planSweep, type SweepOptions } from './plan-sweep.ts';
import type { SweepDocument } from './sweep-document.ts';
import { sweepMetrics } from './sweep-metrics.ts';
import { sweptSubjects } from './swept-subjects.ts';

const CONFIDENCE = 0.95;

/** Sweeps on a campaign that the caller opened, and closes.
 * @returns undefined where the campaign stopped before there was any sample, or is a shard.
 * @throws EngineError as {@link planSweep}, inputs and runs do. */
export async function sweepOn(
  campaign: Campaign,
  scenario: Scenario,
  options: SweepOptions & { readonly files?: InputFiles | undefined },
): Promise<SweepDocument | undefined> {
  const plan = planSweep(scenario, options);
  const metrics = sweepMetrics(options.metrics, plan.replications);
  const replications = Array.from({ length: plan.replications }, (_, replication) => replication);
  const rows = await campaign.samples(plan.points, replications);
  const samples = rows.flat().filter((sample) => sample !== undefined);
  if (campaign.stopped === 'shard' || samples.length === 0) return undefined;
  const inputs = await readRunInputs(plan.scenario, options.files ?? {});
  const common = provenance(plan.scenario, inputs, options.replayCommand);
  const byPoint = new Map<string, readonly (RunSample | undefined)[]>(
    plan.points.map(({ name }, i) => [name, rows[i] ?? []]),
  );
  const swept = { plan, byPoint, confidence: CONFIDENCE, replayCommand: common.replayCommand };
  return {
    schema: 'backlot.sweep/1',
    ...common,
    design: {
      kind: plan.design,
      points: plan.designSize,
      replications: plan.replications,
      confidence: CONFIDENCE,
    },
    factors: plan.factors,
    metrics: metrics.map(({ name, unit, better }) => ({ name, unit, better })),
    subjects: sweptSubjects(swept, metrics),
    isComplete: samples.length === plan.points.length * plan.replications,
    stopped: campaign.stopped ?? null,
    digest: combinedDigest(samples.map(({ digest }) => digest)),
    ledger: {
      requests: sumLedgers(samples.map(({ ledger }) => ledger.requests)),
      events: sumLedgers(samples.map(({ ledger }) => ledger.events)),
    },
  };
}
