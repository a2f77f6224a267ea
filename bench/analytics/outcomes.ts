/** Outcomes on the panel of the built-in world: seconds to read a history and to learn completion,
 * takes and churn from it, and how much better than the base rate they are. */
import { readHistory } from '../../src/analytics/features/history.ts';
import {
  learnOutcome,
  type OutcomeModel,
  type OutcomeRows,
} from '../../src/analytics/outcomes/outcome-model.ts';
import { churnRows, completionRows, takeRows } from '../../src/analytics/outcomes/questions.ts';
import { describeCatalogue, historyListener } from '../../src/analytics/panel/history.ts';
import { createPanel } from '../../src/analytics/panel/panel.ts';
import { createRandomPolicy } from '../../src/analytics/policies/random-policy.ts';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import { type BenchResult, figure } from '../bench-suite.ts';
import { judgedWorld } from './judged-world.ts';

const DAYS = 42;
const HORIZON_US = 7 * 86_400_000_000;
/** Impressions are ten to twenty times as many as plays: they are of a tenth of the viewers. */
const SHOWN_SHARE = 0.1;
/** From so many training rows on, a model that is not better than the base rate is a bug. */
const ROWS_TOLD_APART = 20_000;

/** The part. N: 50,000 viewers over 42 days at scale 1, seed 7. */
export function outcomeFigures(scale: number): readonly BenchResult[] {
  const plays = timed(() => historyOf(scale, false));
  const shown = timed(() => historyOf(scale * SHOWN_SHARE, true));
  const count = plays.value.plays.user.length;
  const cutUs = plays.value.plays.startUs.slice().sort()[Math.floor(count * 0.8)] ?? 0;
  const churn = churnRows(plays.value, { horizonUs: HORIZON_US, activeUs: 2 * HORIZON_US });
  if (typeof churn === 'string') throw new Error(`bench outcomes: ${churn}`);
  return [
    figure('outcomes_plays', count, 'plays'),
    figure('outcomes_impressions', shown.value.impressions.timeUs.length, 'impressions'),
    figure('outcomes_read_s', plays.seconds, 's'),
    ...modelFigures('completion', () => completionRows(plays.value, cutUs)),
    ...modelFigures('take', () => takeRows(shown.value, cutUs)),
    ...modelFigures('churn', () => churn),
  ];
}

/** A panel's history, read from a warehouse; only the reading is timed. */
function historyOf(scale: number, hasImpressions: boolean) {
  const { catalogue, tastes, chance, viewers } = judgedWorld(scale);
  const warehouse = openWarehouse({ path: ':memory:' });
  describeCatalogue(warehouse, catalogue);
  const panel = createPanel({ catalogue, tastes, chance, viewers, config: { joiningDays: 21 } });
  const policy = createRandomPolicy(catalogue.titles.length);
  warehouse.writeHistory((writer) => {
    const listener = historyListener(writer, { catalogue, hasImpressions });
    panel.advance({ days: DAYS, policyOf: () => policy, listener });
  });
  return () => {
    const history = readHistory(warehouse);
    warehouse.close();
    return history;
  };
}

function timed<T>(prepare: () => () => T): { readonly value: T; readonly seconds: number } {
  const act = prepare();
  const started = performance.now();
  const value = act();
  return { value, seconds: (performance.now() - started) / 1_000 };
}

function modelFigures(name: string, rowsOf: () => OutcomeRows): readonly BenchResult[] {
  const { value: model, seconds } = timed(() => () => learnOutcome(rowsOf()).model);
  const { judgement, training } = checked(name, model);
  return [
    figure(`${name}_training_rows`, training.rows, 'rows'),
    figure(`${name}_learned_s`, seconds, 's'),
    figure(`${name}_auc`, judgement.ranking?.value ?? 0, 'AUC, floor 0.5'),
    figure(`${name}_log_loss`, judgement.logLoss.value, 'nats'),
    figure(`${name}_base_rate_log_loss`, judgement.logLoss.floor, 'nats'),
  ];
}

/** Refuses a model that was not judged, and, of many rows, one that is no better than its floor. */
function checked(name: string, model: OutcomeModel) {
  const { judgement, reason, training } = model;
  if (judgement === null) throw new Error(`bench outcomes: ${name} was not judged: ${reason}`);
  const low = judgement.logLoss.gainInterval?.low ?? 0;
  if (training.rows >= ROWS_TOLD_APART && low <= 0) {
    throw new Error(`bench outcomes: ${name} is no better than the base rate, by ${low} nats`);
  }
  return { judgement, training };
}
