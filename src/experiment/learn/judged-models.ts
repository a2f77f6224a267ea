/** Recommenders side by side: figures with intervals, and what each is better than popularity. */
import { differenceOf, estimateOf } from '../../analytics/evaluation/compare-models.ts';
import {
  evaluate,
  type ModelEvaluation,
  USER_METRIC_NAMES,
} from '../../analytics/evaluation/evaluate.ts';
import type { JudgedUsers, TemporalSplit } from '../../analytics/evaluation/temporal-split.ts';
import type { Recommender, TrainedRecommender } from '../../analytics/recommenders/recommender.ts';
import type { Trainer } from '../../analytics/recommenders/trainers.ts';
import { fingerprintOf } from '../../analytics/training/fingerprint.ts';
import type { LearnedModel, ListFigures } from './learn-document.ts';

/** A model and how it was made. */
export interface NamedModel extends Pick<Trainer, 'words' | 'settings'> {
  readonly name: string;
  readonly model: TrainedRecommender;
}

const REFERENCE = 'popularity';
/** Lists up to twice the length asked for are on the curve. */
const CURVE_FACTOR = 2;

/** Judges them all on the same users. */
export function compareModels(options: {
  readonly split: TemporalSplit;
  readonly trained: readonly NamedModel[];
  readonly k: number;
  readonly oracle: Recommender | undefined;
}): { readonly users: JudgedUsers; readonly models: readonly LearnedModel[] } {
  const { split, trained, k, oracle } = options;
  const evaluation = evaluate({
    split,
    models: trained.map(({ model }) => model),
    k,
    curveTo: CURVE_FACTOR * k,
    oracle,
  });
  const place = trained.findIndex(({ name }) => name === REFERENCE);
  const reference = evaluation.models[place];
  const ceiling = oracle === undefined ? undefined : evaluation.models.at(-1);
  const ceilingNdcg = ceiling === undefined ? 0 : estimateOf(ceiling, 'ndcg').value;
  const models = evaluation.models.map((one, n): LearnedModel => {
    const figures = figuresOf((metric) => estimateOf(one, metric));
    return {
      ...describe(trained[n]),
      figures,
      overPopularity:
        reference === undefined || one === reference
          ? null
          : figuresOf((metric) => differenceOf(one, reference, metric)),
      shareOfOracle: ceilingNdcg > 0 ? figures.ndcg.value / ceilingNdcg : null,
      ...one.spread,
      curve: { ndcg: [...one.curve.ndcg], recall: [...one.curve.recall] },
    };
  });
  return { users: evaluation.users, models };
}

function describe(
  named: NamedModel | undefined,
): Pick<LearnedModel, 'name' | 'words' | 'settings' | 'fingerprint'> {
  if (named === undefined) {
    return {
      name: 'oracle',
      words: 'the true tastes: what nothing that learns can beat but by luck',
      settings: {},
      fingerprint: null,
    };
  }
  const { name, words, settings, model } = named;
  return { name, words, settings, fingerprint: fingerprintOf(model.weights) };
}

function figuresOf(
  of: (metric: keyof ModelEvaluation['values']) => ListFigures['ndcg'],
): ListFigures {
  return Object.fromEntries(
    USER_METRIC_NAMES.map((name) => [name, of(name)]),
  ) as unknown as ListFigures;
}
