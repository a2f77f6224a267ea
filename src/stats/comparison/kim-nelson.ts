/** Selection of the best: replications of all alternatives in step, losers drop out as soon as the
 * data show them to be losers, and the probability of a right selection is stated beforehand. A
 * pure step function over plain data, so that it can stop, be written down and go on. */
import { requireArgument } from '../bad-argument.ts';

/** What is selected, and how surely. */
export interface SelectionRule {
  /** Names, at least two. */
  readonly alternatives: readonly string[];
  readonly better: 'smaller' | 'larger';
  /** δ: the smallest difference of means worth telling, above 0, in the values' unit. */
  readonly indifference: number;
  /** Probability of selecting the best where it is δ better than every other, between 1/k and 1. */
  readonly confidence: number;
  /** n₀: replications before anybody drops out, at least 2; 10 and more are usual. */
  readonly first: number;
}

/** How far the selection is: plain data. */
export interface SelectionState {
  readonly rule: SelectionRule;
  /** Replications taken in. */
  readonly replications: number;
  /** Means so far, one an alternative; of those that dropped out, as they were then. */
  readonly means: readonly number[];
  /** Values of the first replications, `[replication][alternative]`, until they are all there. */
  readonly firstValues: readonly (readonly number[])[];
  /** S²: sample variances of differences over the first replications, `[i][j]`; empty before. */
  readonly variances: readonly (readonly number[])[];
  /** Numbers of the alternatives still in, ascending. */
  readonly survivors: readonly number[];
  /** Who dropped out, in order. */
  readonly eliminated: readonly { readonly alternative: number; readonly replications: number }[];
  /** The selected alternative's number; null while several are in. */
  readonly selected: number | null;
}

/** What can be said of a selection. */
export interface SelectionStatement {
  readonly selected: string | null;
  readonly survivors: readonly string[];
  /** After so many replications a selection is certain to be made; null before the first are in. */
  readonly replicationsAtMost: number | null;
  /** The guarantee in words. */
  readonly text: string;
}

/** A selection that has seen nothing.
 * @throws EngineError `STATS_BAD_ARGUMENT` on an impossible rule. */
export function createSelection(rule: SelectionRule): SelectionState {
  requireRule(rule);
  return {
    rule,
    replications: 0,
    means: rule.alternatives.map(() => 0),
    firstValues: [],
    variances: [],
    survivors: rule.alternatives.map((_, i) => i),
    eliminated: [],
    selected: null,
  };
}

/** Takes in further replications and drops who is shown to lose. Rows are judged one by one: the
 * result does not depend on how many come at once, and rows after the selection are ignored.
 * @param rows - `[replication][alternative]`, in the order of replications; null or anything where
 *   an alternative has dropped out. Common random numbers within a row are welcome.
 * @throws EngineError `STATS_BAD_ARGUMENT` where a survivor has no finite value.
 * Cost O(alternatives²) a row.
 * Source: Kim and Nelson, "A fully sequential procedure for indifference-zone selection in
 * simulation", ACM TOMACS 11(3), 2001, with c = 1. Spec: N34. */
export function stepSelection(
  state: SelectionState,
  rows: readonly (readonly (number | null)[])[],
): SelectionState {
  return rows.reduce<SelectionState>(
    (before, row) => (before.selected === null ? takeRow(before, row) : before),
    state,
  );
}

/** What the selection says so far. */
export function selectionStatement(state: SelectionState): SelectionStatement {
  const { rule, variances, survivors, selected } = state;
  const name = (i: number): string => rule.alternatives[i] ?? '';
  const { confidence, indifference, better } = rule;
  const guarantee =
    `where the best is ${better} than every other by ${indifference} or more, ` +
    `it is selected with probability ${confidence} at least`;
  const isOpen = selected === null;
  const open = `${survivors.length} of ${rule.alternatives.length} still in`;
  return {
    selected: isOpen ? null : name(selected),
    survivors: survivors.map(name),
    replicationsAtMost: variances.length === 0 ? null : lastReplication(state),
    text: `${isOpen ? open : `${name(selected)} selected`}; ${guarantee}`,
  };
}

function takeRow(state: SelectionState, row: readonly (number | null)[]): SelectionState {
  const { rule, survivors } = state;
  const replications = state.replications + 1;
  for (const i of survivors) {
    const argument = `value of ${rule.alternatives[i] ?? ''} in replication ${replications}`;
    requireArgument(Number.isFinite(row[i]), { argument, found: row[i], rule: 'finite' });
  }
  const means = state.means.map((mean, i) =>
    survivors.includes(i) ? mean + ((row[i] ?? 0) - mean) / replications : mean,
  );
  if (replications < rule.first) {
    const firstValues = [...state.firstValues, row.map((value) => value ?? 0)];
    return { ...state, replications, means, firstValues };
  }
  const isFirst = replications === rule.first;
  const variances = isFirst
    ? differenceVariances([...state.firstValues, row.map((value) => value ?? 0)])
    : state.variances;
  return screened({ ...state, replications, means, firstValues: [], variances });
}

/** Drops every survivor that another one beats by more than chance explains. */
function screened(state: SelectionState): SelectionState {
  const { rule, replications, means, survivors } = state;
  const sign = rule.better === 'larger' ? 1 : -1;
  const lead = (i: number, l: number): number => sign * ((means[i] ?? 0) - (means[l] ?? 0));
  const staying = survivors.filter((i) =>
    survivors.every((l) => l === i || lead(i, l) >= -tolerance(state, i, l)),
  );
  const isLast = replications >= lastReplication(state);
  const best = staying.reduce((a, b) => (lead(b, a) > 0 ? b : a), staying[0] ?? 0);
  const left = isLast ? [best] : staying;
  const gone = survivors.filter((i) => !left.includes(i));
  return {
    ...state,
    survivors: left,
    eliminated: [
      ...state.eliminated,
      ...gone.map((alternative) => ({ alternative, replications })),
    ],
    selected: left.length === 1 ? (left[0] ?? null) : null,
  };
}

/** W_il(r) = max(0, δ ÷ 2r · (h² S²_il ÷ δ² − r)). */
function tolerance(state: SelectionState, i: number, l: number): number {
  const { indifference } = state.rule;
  const reach = state.replications;
  return Math.max(0, (indifference / (2 * reach)) * (horizon(state, i, l) - reach));
}

/** h² S²_il ÷ δ²: replications after which i and l tolerate nothing. */
function horizon({ rule, variances }: SelectionState, i: number, l: number): number {
  const { alternatives, confidence, first, indifference } = rule;
  const risk = (2 * (1 - confidence)) / (alternatives.length - 1);
  const eta = (risk ** (-2 / (first - 1)) - 1) / 2;
  return (2 * eta * (first - 1) * (variances[i]?.[l] ?? 0)) / indifference ** 2;
}

/** The replication after which no two survivors tolerate anything. */
function lastReplication(state: SelectionState): number {
  const { survivors, rule } = state;
  const horizons = survivors.flatMap((i) => survivors.map((l) => horizon(state, i, l)));
  return Math.max(rule.first, Math.floor(Math.max(0, ...horizons)) + 1);
}

function differenceVariances(rows: readonly (readonly number[])[]): number[][] {
  const n = rows.length;
  const columns = (rows[0] ?? []).map((_, i) => i);
  return columns.map((i) =>
    columns.map((l) => {
      const differences = rows.map((row) => (row[i] ?? 0) - (row[l] ?? 0));
      const mean = differences.reduce((sum, value) => sum + value, 0) / n;
      return differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
    }),
  );
}

function requireRule({ alternatives, indifference, confidence, first }: SelectionRule): void {
  const k = alternatives.length;
  requireArgument(k >= 2, { argument: 'number of alternatives', found: k, rule: 'at least 2' });
  const isZone = indifference > 0 && Number.isFinite(indifference);
  requireArgument(isZone, { argument: 'indifference', found: indifference, rule: 'above 0' });
  const isShare = confidence > 1 / k && confidence < 1;
  const rule = `between 1/${k}, a blind choice, and 1`;
  requireArgument(isShare, { argument: 'confidence', found: confidence, rule });
  const isFirst = Number.isInteger(first) && first >= 2;
  const firstRule = 'a whole number from 2 on';
  requireArgument(isFirst, { argument: 'first', found: first, rule: firstRule });
}
