/** Rows filled title by title, each with probability proportional to exp(logit) among those that
 * are left. Source: Plackett 1975; Luce 1959. */

/** A row that either policy may show. */
export interface PossibleRow {
  /** Candidates by place, first slot first. */
  readonly places: readonly number[];
  /** Probability of the row under either policy. */
  readonly logger: number;
  readonly target: number;
  /** Target's probability ÷ logger's of each title, given those before it. */
  readonly slotRatios: readonly number[];
  /** The same of the title in its slot, whatever is before it. */
  readonly marginalRatios: readonly number[];
}

/** All rows of some candidates, with both policies' probabilities. Cost O(n^slots · slots · n). */
export function possibleRows(
  logits: { readonly logger: readonly number[]; readonly target: readonly number[] },
  slots: number,
): readonly PossibleRow[] {
  const n = logits.logger.length;
  const weights = { logger: weightsOf(logits.logger), target: weightsOf(logits.target) };
  const rows: Omit<PossibleRow, 'marginalRatios'>[] = [];
  const extend = (row: Omit<PossibleRow, 'marginalRatios'>): void => {
    if (row.places.length === slots) {
      rows.push(row);
      return;
    }
    for (let place = 0; place < n; place += 1) {
      if (row.places.includes(place)) continue;
      const logger = nextProbability(weights.logger, row.places, place);
      const target = nextProbability(weights.target, row.places, place);
      extend({
        places: [...row.places, place],
        logger: row.logger * logger,
        target: row.target * target,
        slotRatios: [...row.slotRatios, target / logger],
      });
    }
  };
  extend({ places: [], logger: 1, target: 1, slotRatios: [] });
  return withMarginals(rows, { n, slots });
}

function withMarginals(
  rows: readonly Omit<PossibleRow, 'marginalRatios'>[],
  { n, slots }: { readonly n: number; readonly slots: number },
): readonly PossibleRow[] {
  const logger = new Float64Array(n * slots);
  const target = new Float64Array(n * slots);
  for (const row of rows) {
    for (const [k, place] of row.places.entries()) {
      const at = k * n + place;
      logger[at] = (logger[at] ?? 0) + row.logger;
      target[at] = (target[at] ?? 0) + row.target;
    }
  }
  return rows.map((row) => ({
    ...row,
    marginalRatios: row.places.map(
      (place, k) => (target[k * n + place] ?? 0) / (logger[k * n + place] ?? 1),
    ),
  }));
}

function weightsOf(logits: readonly number[]): readonly number[] {
  const most = Math.max(...logits);
  return logits.map((logit) => Math.exp(logit - most));
}

function nextProbability(
  weights: readonly number[],
  before: readonly number[],
  place: number,
): number {
  let total = 0;
  for (let i = 0; i < weights.length; i += 1) if (!before.includes(i)) total += weights[i] ?? 0;
  return (weights[place] ?? 0) / total;
}
