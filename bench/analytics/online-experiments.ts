/** Online experiments on the panel of 50,000 viewers, seed 7: false positives of 1,000 A/A splits,
 * what CUPED gains, and the rows that interleaving and A/B take for the same decision. Refuses a
 * test that is fooled more often than it says, and a peeked-at fixed horizon that is not. */
import { type AaStudy, studyAa } from '../../src/analytics/online-experiments/a-a-study.ts';
import { rowsByDesign } from '../../src/analytics/online-experiments/interleaved/credits.ts';
import { interleavePanel } from '../../src/analytics/online-experiments/interleaved/on-panel.ts';
import {
  experimentOnPanel,
  metricsOf,
  recordPanel,
} from '../../src/analytics/online-experiments/panel-ab.ts';
import { createPanel } from '../../src/analytics/panel/panel.ts';
import { createOraclePolicy } from '../../src/analytics/policies/oracle-policy.ts';
import { createPopularityPolicy } from '../../src/analytics/policies/popularity-policy.ts';
import { createRandomPolicy } from '../../src/analytics/policies/random-policy.ts';
import { type BenchResult, figure } from '../bench-suite.ts';
import { judgedWorld } from './judged-world.ts';

const SPLITS = 1_000;
const DAYS = 7;

/** The part. */
export function onlineExperimentFigures(scale: number): readonly BenchResult[] {
  const world = judgedWorld(scale);
  const random = createRandomPolicy(world.tastes.titleCount);
  const panel = createPanel(world);
  const before = recordPanel(panel, DAYS, () => random);
  const [hours, taken] = metricsOf(
    recordPanel(panel, DAYS, () => random),
    before,
  );
  if (hours === undefined || taken === undefined) throw new Error('the panel recorded nothing');
  const study = studyAa({
    viewer: world.viewers,
    mean: hours,
    ratio: taken,
    runs: Math.max(50, Math.round(SPLITS * Math.min(1, scale))),
    looks: 50,
    chance: world.chance,
  });
  if (scale >= 1) refuseFooled(study);
  const rate = (test: AaStudy['lines'][number]['test']): number => {
    const line = study.lines.find((one) => one.test === test);
    return (line?.falsePositives ?? 0) / study.runs;
  };
  return [
    figure('a_a_splits', study.runs, 'splits'),
    figure('a_a_fixed_horizon', rate('fixed horizon'), 'share'),
    figure('a_a_cuped', rate('cuped'), 'share'),
    figure('a_a_delta_method', rate('delta method'), 'share'),
    figure('a_a_sequential_peeked', rate('sequential, peeked at'), 'share'),
    figure('a_a_fixed_horizon_peeked', rate('fixed horizon, peeked at'), 'share'),
    ...designFigures(world),
  ];
}

/** CUPED and interleaving, with popular titles against random ones. */
function designFigures(world: ReturnType<typeof judgedWorld>): readonly BenchResult[] {
  const { titleCount } = world.tastes;
  const counts = Array.from({ length: titleCount }, (_, title) => titleCount - title);
  const { learn: _, ...popular } = createPopularityPolicy({ titleCount, halfLifeUs: 1e12, counts });
  const panel = createPanel(world);
  const oracle = createOraclePolicy({ tastes: world.tastes, choice: panel.config.choice });
  const interleaved = interleavePanel({ panel, a: popular, b: oracle, days: DAYS });
  const ab = experimentOnPanel({
    name: 'popular or oracle',
    panel: createPanel(world),
    chance: world.chance,
    arms: [
      { name: 'popular', share: 1, policy: popular },
      { name: 'oracle', share: 1, policy: oracle },
    ],
    before: { days: DAYS, policy: popular },
    days: DAYS,
  });
  const hours = ab.metrics.find(({ name }) => name === 'hours watched')?.comparisons[0];
  return [
    figure('cuped_variance_reduction', hours?.cuped?.varianceReduction ?? 0, 'times'),
    figure('interleaving_rows_saved', rowsByDesign(interleaved, ab).ratio ?? 0, 'times'),
  ];
}

function refuseFooled({ lines }: AaStudy): void {
  for (const { test, verdict, falsePositives } of lines) {
    const isCanary = test === 'fixed horizon, peeked at';
    if (isCanary !== (verdict === 'too often')) {
      throw new Error(`A/A: ${test} had ${falsePositives} false positives, which is ${verdict}`);
    }
  }
}
