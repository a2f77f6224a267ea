/** Part `training`: what it costs to learn tastes from a warehouse, and how right it makes lists. A
 * panel's viewers play what they like out of random rows and what browsing turns up; the history is
 * written into a warehouse, and models learn from that file alone. Their ceiling is the oracle. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { differenceOf, estimateOf } from '../../src/analytics/evaluation/compare-models.ts';
import { type Evaluation, evaluate } from '../../src/analytics/evaluation/evaluate.ts';
import { createPlayOracle } from '../../src/analytics/evaluation/play-oracle.ts';
import { cutAtShare, temporalSplit } from '../../src/analytics/evaluation/temporal-split.ts';
import { describeCatalogue, historyListener } from '../../src/analytics/panel/history.ts';
import { createPanel } from '../../src/analytics/panel/panel.ts';
import { DEFAULT_PANEL } from '../../src/analytics/panel/panel-config.ts';
import { createRandomPolicy } from '../../src/analytics/policies/random-policy.ts';
import { TRAINERS, type TrainerName } from '../../src/analytics/recommenders/trainers.ts';
import { fingerprintOf } from '../../src/analytics/training/fingerprint.ts';
import type { Interactions } from '../../src/analytics/training/interactions.ts';
import { readInteractions } from '../../src/analytics/training/read-interactions.ts';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import { type BenchResult, figure } from '../bench-suite.ts';
import { knownWorld } from './judged-world.ts';

const SEED = 7;
/** At scale 1. */
const VIEWERS = 50_000;
const TITLES = 500;
const DAYS = 70;
const PLAYS_MIN = 1_000_000;
const TRAINING_SECONDS_MAX = 60;
const K = 10;
const SHARE_TO_LEARN = 0.8;

/** Trains every model on all plays and times it, then on the past of a cut and judges it. */
export function trainingPart(scale: number): readonly BenchResult[] {
  const world = worldOf(scale);
  const folder = mkdtempSync(join(tmpdir(), 'backlot-bench-'));
  try {
    const path = join(folder, 'warehouse.sqlite');
    const written = timed(() => writeHistory(world, path));
    const warehouse = openWarehouse({ path });
    const read = timed(() => readInteractions(warehouse));
    warehouse.close();
    const plays = read.result.user.length;
    requireThat(plays > 0 && (scale < 1 || plays >= PLAYS_MIN), `only ${plays} plays`);
    return [
      figure('training_plays', plays, 'plays'),
      figure('training_viewers', world.viewers, 'viewers'),
      figure('training_titles', world.titles, 'titles'),
      figure('training_warehouse_size', statSync(path).size / 1e6, 'MB'),
      figure('training_history_cpu', written.seconds, 's'),
      figure('training_read_cpu', read.seconds, 's'),
      ...trainingCosts(read.result, { scale, readSeconds: read.seconds }),
      ...quality(read.result, world),
      figure('training_peak_rss', process.resourceUsage().maxRSS / 1_000, 'MB'),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function worldOf(scale: number) {
  const viewers = Math.max(150, Math.round(VIEWERS * Math.min(1, scale)));
  const titles = Math.max(40, Math.round(TITLES * Math.min(1, 10 * scale)));
  return { ...knownWorld(titles), scale, viewers, titles, days: scale < 0.01 ? 20 : DAYS };
}

function writeHistory(world: ReturnType<typeof worldOf>, path: string): void {
  const { catalogue, tastes, chance, titles } = world;
  const warehouse = openWarehouse({ path });
  describeCatalogue(warehouse, catalogue);
  const policy = createRandomPolicy(titles);
  const viewers = Int32Array.from({ length: world.viewers }, (_, viewer) => viewer);
  const panel = createPanel({ tastes, catalogue, chance, viewers });
  warehouse.writeHistory((writer) => {
    const listener = historyListener(writer, { catalogue, hasImpressions: false });
    panel.advance({ days: world.days, policyOf: () => policy, listener });
  });
  warehouse.close();
}

/** CPU seconds of each, which is what one core takes, with whatever else the machine does. */
function trainingCosts(
  plays: Interactions,
  { scale, readSeconds }: { readonly scale: number; readonly readSeconds: number },
): readonly BenchResult[] {
  const figures: BenchResult[] = [];
  let total = readSeconds;
  for (const name of Object.keys(TRAINERS) as readonly TrainerName[]) {
    const { seconds, result } = timed(() => TRAINERS[name].train(plays, SEED));
    requireThat(/^[0-9a-f]{16}$/.test(fingerprintOf(result.weights)), `${name} has no weights`);
    // Random lists cost nothing to learn.
    if (name !== 'random') figures.push(figure(`training_${name}_cpu`, seconds * 1_000, 'ms'));
    total += seconds;
  }
  const words = `reading and training took ${total} s`;
  requireThat(scale < 1 || total <= TRAINING_SECONDS_MAX, words);
  return [...figures, figure('training_all_cpu', total, 's')];
}

function quality(plays: Interactions, world: ReturnType<typeof worldOf>): readonly BenchResult[] {
  const { tastes, chance, scale } = world;
  const split = temporalSplit(plays, cutAtShare(plays, SHARE_TO_LEARN));
  const models = Object.values(TRAINERS).map(({ train }) => train(split.train, SEED));
  const oracle = createPlayOracle({ tastes, config: DEFAULT_PANEL, train: split.train, chance });
  const evaluation = evaluate({ split, models, k: K, oracle });
  if (scale >= 1) requireOrder(evaluation);
  const [popularity] = evaluation.models.filter(({ name }) => name === 'popularity');
  return [
    figure('training_judged_users', evaluation.users.judged.length, 'users'),
    ...evaluation.models.flatMap((model) => {
      const { value, low, high } = estimateOf(model, 'ndcg');
      const of = `training_${model.name}_ndcg10`;
      const own = [
        figure(of, value, 'share'),
        figure(`${of}_low`, low ?? 0, 'share'),
        figure(`${of}_high`, high ?? 0, 'share'),
      ];
      if (popularity === undefined || model === popularity) return own;
      const more = differenceOf(model, popularity, 'ndcg');
      return [
        ...own,
        figure(`${of}_over_popularity`, more.value, 'share'),
        figure(`${of}_over_popularity_low`, more.low ?? 0, 'share'),
        figure(`${of}_over_popularity_high`, more.high ?? 0, 'share'),
      ];
    }),
  ];
}

/** ALS and co-visitation beat popularity, and nothing beats the oracle, each clear of zero. */
function requireOrder({ models }: Evaluation): void {
  const named = (name: string) => {
    const found = models.find((model) => model.name === name);
    if (found === undefined) throw new Error(`bench training: no model ${name} was judged`);
    return found;
  };
  const isAbove = (a: string, b: string) => (differenceOf(named(a), named(b), 'ndcg').low ?? 0) > 0;
  for (const name of ['als', 'co-visitation']) {
    requireThat(isAbove(name, 'popularity'), `${name} does not beat popularity`);
  }
  for (const { name } of models) {
    requireThat(name === 'oracle' || isAbove('oracle', name), `the oracle does not beat ${name}`);
  }
}

function timed<T>(act: () => T): { readonly result: T; readonly seconds: number } {
  const before = process.cpuUsage();
  const result = act();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: (user + system) / 1e6 };
}

function requireThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(`bench training: ${otherwise}`);
}
