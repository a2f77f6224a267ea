/** Learning on the way: every so often, policies that learn are told of the rows that the run's own
 * pipeline has committed, each arm of its own, each row once, and no row before its plays had time
 * to be over. Spec: M114–M115. */
import type { Catalogue } from '../../domain/catalogue.ts';
import type { RowPolicy } from '../../domain/recommending/row-policy.ts';
import type { RunDigest } from '../../kernel/digest.ts';
import type { Simulation } from '../../kernel/simulation.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { LoopConfig } from './loop-config.ts';
import { readOutcomes } from './read-outcomes.ts';

/** How much was learned on the way. */
export interface Lessons {
  rounds: number;
  rows: number;
  /** Rows that lacked a slot before the last one: nobody learned from them. */
  incompleteRows: number;
}

/** What learning needs. */
export interface LearningOptions {
  readonly config: LoopConfig;
  readonly catalogue: Catalogue;
  readonly simulation: Simulation;
  readonly digest: RunDigest;
  readonly warehouse: Warehouse;
  /** The Unix time at virtual time 0, in µs. */
  readonly epochUs: number;
  /** By the place of their arm. */
  readonly policies: readonly RowPolicy[];
}

/** Schedules it; undefined where no policy learns. */
export function startLearning(options: LearningOptions): Lessons | undefined {
  const { config, simulation, digest, warehouse, epochUs, policies } = options;
  if (policies.every(({ learn }) => learn === undefined)) return undefined;
  const { arms, learnEvery, attribution } = config;
  const placeOf = new Map(options.catalogue.titles.map(({ id }, place) => [id, place]));
  const lessons: Lessons = { rounds: 0, rows: 0, incompleteRows: 0 };
  const told = new Set<string>();
  let lastUs = epochUs;
  const learn = simulation.registerHandler('recommendations.learn', () => {
    const nowUs = epochUs + simulation.nowUs;
    const range = { sinceUs: lastUs - attribution, untilUs: nowUs - attribution, placeOf };
    const fresh = readOutcomes(warehouse, range).filter(({ key }) => !told.has(key));
    for (const { key } of fresh) told.add(key);
    const whole = fresh.filter(({ isComplete, titles }) => isComplete && !titles.includes(-1));
    arms.forEach(({ name }, place) => {
      const own = whole.filter(({ arm }) => arm === name);
      if (own.length > 0) policies[place]?.learn?.(own);
    });
    lessons.rounds += 1;
    lessons.rows += whole.length;
    lessons.incompleteRows += fresh.length - whole.length;
    digest.record(simulation.nowUs, 'recommendations', 'learn', whole.length);
    lastUs = nowUs;
    simulation.schedule(learnEvery, learn, 0);
  });
  simulation.schedule(learnEvery, learn, 0);
  return lessons;
}
