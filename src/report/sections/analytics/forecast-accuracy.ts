/** The table of how good forecasts were, beside the seasonal naive. */
import type { LearnedLoad } from '../../../experiment/learn/load.ts';
import { renderTable } from '../../html/table.ts';
import { formatNumber, formatShare, NO_NUMBER } from '../../numbers.ts';

/** A line a model. */
export function accuracyTable(
  caption: string,
  models: readonly { readonly name: string; readonly accuracy: LearnedLoad['accuracy'] }[],
): string {
  return renderTable({
    caption,
    columns: ['Model', 'MAPE', 'sMAPE', 'WAPE', 'RMSE', 'MASE', 'Pinball 0.5', 'Within 90 %'],
    rows: models.map(({ name, accuracy }) => [name, ...measures(accuracy)]),
  });
}

/** What its words mean. */
export const ACCURACY_WORDS =
  'MAPE leaves buckets in which nothing came out; MASE is below 1 where the error is below that ' +
  'of the seasonal naive on the history; of the actual values 90 % are to be within the interval.';

function measures(accuracy: LearnedLoad['accuracy']): readonly string[] {
  if (accuracy === null) return new Array<string>(7).fill(NO_NUMBER);
  const { mape, smape, wape, rmse, mase, pinball, coverage } = accuracy;
  const median = pinball.find(({ quantile }) => quantile === 0.5)?.loss ?? null;
  return [
    formatShare(mape),
    formatShare(smape),
    formatShare(wape),
    formatNumber(rmse),
    formatNumber(mase),
    formatNumber(median),
    formatShare(coverage?.found ?? null),
  ];
}
