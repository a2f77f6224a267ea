/** Part of suite `analytics`: how fast the panel is, how fast history gets into a warehouse, and
 * how regret of bandits grows among 50,000 viewers. Refuses a bandit whose regret does not grow
 * more slowly than its rows. */
import { describeCatalogue, historyListener } from '../../src/analytics/panel/history.ts';
import { createPanel, type Panel } from '../../src/analytics/panel/panel.ts';
import type { PanelPlay } from '../../src/analytics/panel/panel-records.ts';
import { createLinUcbPolicy } from '../../src/analytics/policies/bandits/lin-ucb-policy.ts';
import { createThompsonPolicy } from '../../src/analytics/policies/bandits/thompson-policy.ts';
import { genreFeatures } from '../../src/analytics/policies/bandits/title-features.ts';
import { createOraclePolicy } from '../../src/analytics/policies/oracle-policy.ts';
import { createPopularityPolicy } from '../../src/analytics/policies/popularity-policy.ts';
import { createRandomPolicy } from '../../src/analytics/policies/random-policy.ts';
import { policyValue } from '../../src/analytics/regret/policy-value.ts';
import { type RegretCurve, regretCurve } from '../../src/analytics/regret/regret-curve.ts';
import { createRegretMeter } from '../../src/analytics/regret/regret-meter.ts';
import type { RowPolicy } from '../../src/domain/recommending/row-policy.ts';
import { DEFAULT_CHOICE } from '../../src/domain/taste/choice-model.ts';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import { type BenchResult, figure } from '../bench-suite.ts';
import { knownWorld } from './judged-world.ts';

const SEED = 7;
const VIEWERS = 50_000;
const VIEWERS_MIN = 60;
const HISTORY = { days: 50, titles: 500 };
const BANDIT = { days: 14, titles: 100 };
/** Every so many viewers' rows are measured: the oracle costs more than the bandit. */
const MEASURED_EVERY = 10;
/** Regret must grow at most as rows to this power, at scale 1. */
const GROWTH_MAX = 0.95;
/** Requests that floors and oracle are valued on, at most. */
const REQUESTS_MAX = 2_000;
/** From this scale on, growth is checked: below there are too few rows. */
const CHECKED_SCALE = 1;

/** The part. @param scale - 1: 50,000 viewers. */
export function regretPart(scale: number): readonly BenchResult[] {
  const viewers = Math.max(VIEWERS_MIN, Math.round(VIEWERS * scale));
  return [...panelFigures(viewers), ...floorFigures(viewers), ...regretFigures(viewers, scale)];
}

function panelOf(
  world: ReturnType<typeof knownWorld>,
  viewers: number,
  excludesSeen: boolean,
): Panel {
  const numbers = Int32Array.from({ length: viewers }, (_, viewer) => viewer);
  return createPanel({ ...world, viewers: numbers, config: { excludesSeen } });
}

/** Plays and rows a second; then the plays into a warehouse in memory. */
function panelFigures(viewers: number): readonly BenchResult[] {
  const world = knownWorld(HISTORY.titles);
  const plays: PanelPlay[] = [];
  let rows = 0;
  const began = performance.now();
  const policy = createRandomPolicy(HISTORY.titles);
  panelOf(world, viewers, true).advance({
    days: HISTORY.days,
    policyOf: () => policy,
    listener: {
      play: (play) => plays.push(play),
      row: () => {
        rows += 1;
      },
    },
  });
  const seconds = (performance.now() - began) / 1000;
  if (plays.length < viewers * 5) throw new Error(`panel: ${plays.length} plays are too few`);
  const warehouse = openWarehouse({ path: ':memory:' });
  describeCatalogue(warehouse, world.catalogue);
  const writing = performance.now();
  warehouse.writeHistory((writer) => {
    const history = historyListener(writer, { catalogue: world.catalogue, hasImpressions: false });
    for (const play of plays) history.play?.(play);
  });
  const writingSeconds = (performance.now() - writing) / 1000;
  const [found] = warehouse.query('SELECT count(*) AS n FROM fact_playback_session');
  warehouse.close();
  if (Number(found?.['n']) !== plays.length) throw new Error('history: plays were lost');
  const name = `panel of ${viewers} viewers, ${HISTORY.days} days, seed ${SEED}`;
  return [
    figure(`${name}: plays`, plays.length, 'plays'),
    figure(`${name}: rows`, rows, 'rows'),
    figure(`${name}: speed`, plays.length / seconds, 'plays/s'),
    figure('history into a warehouse', plays.length / writingSeconds, 'plays/s'),
  ];
}

/** True values on the same requests, of viewers who have seen nothing: the oracle's above that of
 * what is truly popular, and that above random rows', each clear of the next. */
function floorFigures(viewers: number): readonly BenchResult[] {
  const { tastes, chance } = knownWorld(HISTORY.titles);
  const draws = chance.draws('bench.requests');
  const requests = Array.from({ length: Math.min(viewers, REQUESTS_MAX) }, (_, viewer) => ({
    viewer,
    row: 0,
    nowUs: 0,
    slots: 10,
    isExcluded: () => false,
    uniform: (k: number) => draws.uniform(viewer, k),
  }));
  const titleCount = HISTORY.titles;
  const counts = Float64Array.from({ length: titleCount }, (_, rank) => titleCount - rank);
  const policies = [
    createRandomPolicy(titleCount),
    createPopularityPolicy({ titleCount, halfLifeUs: 1e12, counts }),
    createOraclePolicy({ tastes, choice: DEFAULT_CHOICE }),
  ];
  let below = 0;
  return policies.map((policy) => {
    const { mean, low, high } = policyValue(policy, { requests, tastes, choice: DEFAULT_CHOICE });
    if ((low ?? 0) <= below) throw new Error(`${policy.id}: ${low} is not above ${below}`);
    below = high ?? 1;
    return figure(`${policy.id}: value of a row, ${requests.length} viewers`, mean, 'plays');
  });
}

function regretFigures(viewers: number, scale: number): readonly BenchResult[] {
  const world = knownWorld(BANDIT.titles);
  const { catalogue, chance } = world;
  const titleCount = BANDIT.titles;
  const policies: readonly RowPolicy[] = [
    createRandomPolicy(titleCount),
    createLinUcbPolicy({ features: genreFeatures(catalogue) }),
    createThompsonPolicy({ titleCount, chance, segmentOf: world.genreOf }),
  ];
  return policies.flatMap((policy) => {
    const curve = measure(world, viewers, policy);
    checkCurve(policy, curve, scale);
    const name = `${policy.id}, ${viewers} viewers, ${BANDIT.days} days, seed ${SEED}`;
    return [
      figure(`${name}: growth of regret, exponent of rows`, curve.growth ?? 0, '1'),
      figure(`${name}: regret of a row, first tenth`, curve.firstTenth ?? 0, 'plays'),
      figure(`${name}: regret of a row, last tenth`, curve.lastTenth ?? 0, 'plays'),
      figure(`${name}: share of the oracle's value`, curve.shareOfOracle ?? 0, '1'),
      figure(`${name}: the same of popularity`, curve.shareOfFloors['popularity'] ?? 0, '1'),
    ];
  });
}

function measure(world: ReturnType<typeof knownWorld>, viewers: number, policy: RowPolicy) {
  const { tastes } = world;
  const meter = createRegretMeter({
    policy,
    oracle: createOraclePolicy({ tastes, choice: DEFAULT_CHOICE }),
    floors: [createPopularityPolicy({ titleCount: BANDIT.titles, halfLifeUs: 1e12 })],
    tastes,
    choice: DEFAULT_CHOICE,
    isMeasured: (viewer) => viewer % MEASURED_EVERY === 0,
  });
  panelOf(world, viewers, false).advance({ days: BANDIT.days, policyOf: () => meter.policy });
  return regretCurve(meter.measured);
}

function checkCurve({ id, learn }: RowPolicy, curve: RegretCurve, scale: number): void {
  if (curve.rows === 0) throw new Error(`${id}: no row was measured`);
  if (learn === undefined || scale < CHECKED_SCALE) return;
  const { growth, firstTenth, lastTenth } = curve;
  if (growth === null || growth > GROWTH_MAX) {
    throw new Error(`${id}: regret grows as rows^${growth}, which is not sublinear`);
  }
  if ((lastTenth ?? 1) >= (firstTenth ?? 0)) {
    throw new Error(`${id}: regret of a row does not shrink, ${firstTenth} to ${lastTenth}`);
  }
}
