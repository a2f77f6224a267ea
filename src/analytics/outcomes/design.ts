/** From named features to columns of one scale. Everything is decided on the training rows: means,
 * spreads, which categories there are, and which features tell nothing. What is missing in a row
 * becomes the mean. Spec: M61, M72. */
import type { FeatureTable, LeftOut } from '../features/feature-table.ts';
import type { DenseRows } from './logistic-regression.ts';

/** A column of a design. */
export interface DesignColumn {
  /** `hour` or `device = tv`. */
  readonly name: string;
  readonly words: string;
  readonly mean: number;
  /** By which the value is divided: above 0. */
  readonly spread: number;
}

/** How to make columns of features. */
export interface Design {
  readonly columns: readonly DesignColumn[];
  readonly leftOut: readonly LeftOut[];
  /** Standardised rows of a table with the same features. */
  rowsOf(table: FeatureTable, rows: Int32Array): DenseRows;
}

/** A category of fewer training rows goes with the rest. */
const CATEGORY_ROWS_MIN = 20;
/** Share of its spread that a column must have of its own. */
const OWN_SHARE_MIN = 1e-8;

interface Source extends DesignColumn {
  readonly feature: number;
  /** The category, or −1 for a number. */
  readonly category: number;
}

/** Decides the columns. @param rows - The training rows. Cost O(rows · columns²). */
export function createDesign(table: FeatureTable, rows: Int32Array): Design {
  const leftOut: LeftOut[] = [...table.leftOut];
  const found: Source[] = [];
  table.features.forEach((feature, at) => {
    const sources =
      feature.categories === undefined
        ? [numberSource(table, { at, rows })]
        : categorySources(table, { at, rows });
    for (const source of sources) {
      if (typeof source === 'string') leftOut.push({ name: feature.name, reason: source });
      else found.push(source);
    }
  });
  const twins = combinations(standardise(table, rows, found));
  const sources = found.filter(({ name }, column) => {
    if (!twins.has(column)) return true;
    leftOut.push({ name, reason: 'it is a combination of the features before it' });
    return false;
  });
  return {
    columns: sources.map(({ name, words, mean, spread }) => ({ name, words, mean, spread })),
    leftOut,
    rowsOf: (other, wanted) => standardise(other, wanted, sources),
  };
}

interface Place {
  readonly at: number;
  readonly rows: Int32Array;
}

function numberSource(table: FeatureTable, { at, rows }: Place): Source | string {
  const { name = '', words = '', values } = table.features[at] ?? {};
  let count = 0;
  let sum = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const value = values?.[row] ?? Number.NaN;
    if (Number.isNaN(value)) continue;
    count += 1;
    sum += value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  if (count === 0) return 'no training row has a value of it';
  if (least === most) return `all training rows have the same value, ${least}`;
  const mean = sum / count;
  let squares = 0;
  for (const row of rows) {
    const value = values?.[row] ?? Number.NaN;
    if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  }
  const spread = Math.sqrt(squares / count);
  if (!(spread > 1e-12 * Math.abs(mean))) return 'all training rows have about the same value';
  return { name, words, mean, spread, feature: at, category: -1 };
}

/** A column for each category but the commonest, which the others are compared with. */
function categorySources(table: FeatureTable, { at, rows }: Place): (Source | string)[] {
  const { name = '', words = '', values, categories = [] } = table.features[at] ?? {};
  const counts = new Float64Array(categories.length);
  for (const row of rows) {
    const category = values?.[row] ?? Number.NaN;
    if (category >= 0) counts[category] = (counts[category] ?? 0) + 1;
  }
  const known = counts.reduce((sum, count) => sum + count, 0);
  if (known === 0) return ['no training row has a value of it'];
  const commonest = counts.indexOf(Math.max(...counts));
  const reference = categories[commonest] ?? '';
  const sources = categories.flatMap((label, category): Source[] => {
    const count = counts[category] ?? 0;
    if (category === commonest || count < CATEGORY_ROWS_MIN) return [];
    const mean = count / rows.length;
    const spread = Math.sqrt(mean * (1 - mean));
    const text = `${words}: ${label} rather than ${reference}`;
    return [{ name: `${name} = ${label}`, words: text, mean, spread, feature: at, category }];
  });
  return sources.length > 0 ? sources : [`nearly all training rows have the same, ${reference}`];
}

function standardise(table: FeatureTable, rows: Int32Array, sources: readonly Source[]): DenseRows {
  const columns = sources.length;
  const values = new Float64Array(rows.length * columns);
  sources.forEach(({ feature, category, mean, spread }, column) => {
    const from = table.features[feature]?.values;
    rows.forEach((row, i) => {
      const raw = from?.[row] ?? Number.NaN;
      const value = category < 0 ? raw : Number(raw === category);
      values[i * columns + column] = Number.isNaN(value) ? 0 : (value - mean) / spread;
    });
  });
  return { rows: rows.length, columns, values };
}

/** Columns that those before them make up: by the Cholesky factor of the columns' products, in
 * which the diagonal is what a column has of its own. */
function combinations({ rows, columns, values }: DenseRows): ReadonlySet<number> {
  const products = productsOf({ rows, columns, values });
  const twins = new Set<number>();
  const factor = new Float64Array(columns * columns);
  for (let j = 0; j < columns; j += 1) {
    let own = products[j * columns + j] ?? 0;
    const whole = own;
    for (let k = 0; k < j; k += 1) {
      if (twins.has(k)) continue;
      let rest = products[j * columns + k] ?? 0;
      for (let m = 0; m < k; m += 1) {
        rest -= (factor[j * columns + m] ?? 0) * (factor[k * columns + m] ?? 0);
      }
      const value = rest / (factor[k * columns + k] ?? 1);
      factor[j * columns + k] = value;
      own -= value * value;
    }
    if (own <= OWN_SHARE_MIN * whole) twins.add(j);
    else factor[j * columns + j] = Math.sqrt(own);
  }
  return twins;
}

function productsOf({ rows, columns, values }: DenseRows): Float64Array {
  const products = new Float64Array(columns * columns);
  for (let i = 0; i < rows; i += 1) {
    const from = i * columns;
    for (let j = 0; j < columns; j += 1) {
      const value = values[from + j] as number;
      for (let k = 0; k <= j; k += 1) {
        const at = j * columns + k;
        products[at] = (products[at] as number) + value * (values[from + k] as number);
      }
    }
  }
  return products;
}
