/** What an interleaving experiment says: whose titles were taken more often, by rows and by
 * viewers. Spec: M153. */
import { binomialProbability } from '../../../stats/incomplete-beta.ts';
import { normalQuantile } from '../../../stats/normal.ts';
import { type Refusal, refusal } from '../../../stats/refusal.ts';
import { intervalFactor } from '../../../stats/student-t.ts';
import type { AbReport } from '../ab/ab-report.ts';

/** The judgement. */
export interface InterleavingReport {
  readonly a: string;
  readonly b: string;
  readonly rows: number;
  readonly viewers: number;
  readonly winsA: number;
  readonly winsB: number;
  /** Rows of which nothing was taken. */
  readonly ties: number;
  /** Wins of b less wins of a, a row, with an interval over viewers; null below two viewers. */
  readonly preference: {
    readonly value: number;
    readonly low: number;
    readonly high: number;
    readonly standardError: number;
  } | null;
  /** Exact two-sided sign test over rows that were won: for rows that do not depend on each
   * other. */
  readonly signTestPValue: number | null;
  readonly verdict: 'a' | 'b' | 'inconclusive';
  readonly refusal: Refusal | null;
}

/** Credits rows as they come in. */
export interface Credits {
  /** @param winner - Whose title was taken; null for none. */
  add(viewer: number, winner: 'a' | 'b' | null): void;
  /** @param confidence - 0.95 unless given. */
  report(
    names: { readonly a: string; readonly b: string },
    confidence?: number,
  ): InterleavingReport;
}

/** No rows yet. Memory: two numbers a viewer. */
export function createCredits(): Credits {
  const won = new Map<number, { rows: number; credit: number }>();
  let rows = 0;
  let winsA = 0;
  let winsB = 0;
  return {
    add(viewer, winner) {
      const own = won.get(viewer) ?? { rows: 0, credit: 0 };
      own.rows += 1;
      own.credit += creditOf(winner);
      won.set(viewer, own);
      rows += 1;
      winsA += Number(winner === 'a');
      winsB += Number(winner === 'b');
    },
    report({ a, b }, confidence = 0.95) {
      const counts = { a, b, rows, viewers: won.size, winsA, winsB, ties: rows - winsA - winsB };
      const signTestPValue = winsA + winsB > 0 ? signTest(winsA, winsB) : null;
      if (won.size < 2) {
        const text = `a preference takes rows of 2 viewers, there are ${won.size}`;
        const why = refusal('too-few-values', text);
        const none = { preference: null, verdict: 'inconclusive' } as const;
        return { ...counts, ...none, signTestPValue, refusal: why };
      }
      const value = (winsB - winsA) / rows;
      let squares = 0;
      for (const own of won.values()) squares += (own.credit - value * own.rows) ** 2;
      const n = won.size;
      const standardError = Math.sqrt((squares * n) / (n - 1)) / rows;
      const reach = intervalFactor(confidence, n - 1) * standardError;
      const preference = { value, low: value - reach, high: value + reach, standardError };
      const verdict = preference.low > 0 ? 'b' : preference.high < 0 ? 'a' : 'inconclusive';
      return { ...counts, preference, signTestPValue, verdict, refusal: null };
    },
  };
}

/** Rows that show an effect seen with some standard error over `rows` rows: the error falls as 1 ÷
 * √rows.
 * @param of - The effect and its standard error, as an experiment of so many rows found them.
 * @returns null where no effect was seen. Spec: M154. */
export function rowsForDecision(
  of: { readonly effect: number; readonly standardError: number; readonly rows: number },
  { level = 0.05, power = 0.8 }: { readonly level?: number; readonly power?: number } = {},
): number | null {
  const { effect, standardError, rows } = of;
  if (effect === 0) return null;
  const z = normalQuantile(1 - level / 2) + normalQuantile(power);
  return Math.ceil(rows * (z * (standardError / effect)) ** 2);
}

/** Rows that a decision takes by interleaving and by A/B, from one experiment of each on the same
 * two policies. Nulls where an experiment saw no effect. */
export interface RowsByDesign {
  readonly interleaving: number | null;
  readonly ab: number | null;
  /** How many times more A/B takes. */
  readonly ratio: number | null;
}

/** Compares the designs. @param report - The A/B: its first ratio is of rows that were taken
 * from. */
export function rowsByDesign(interleaved: InterleavingReport, report: AbReport): RowsByDesign {
  const { preference, rows } = interleaved;
  const ab = report.metrics.find(({ kind }) => kind === 'ratio');
  const difference = ab?.comparisons[0]?.difference ?? null;
  const ofAb = ab?.weights.reduce((sum, one) => sum + one, 0) ?? 0;
  const needed = (
    of: { readonly value: number; readonly standardError: number } | null,
    seen: number,
  ): number | null =>
    of === null
      ? null
      : rowsForDecision({ effect: of.value, standardError: of.standardError, rows: seen });
  const byInterleaving = needed(preference, rows);
  const byAb = needed(difference, ofAb);
  const ratio =
    byInterleaving === null || byAb === null ? null : byAb / Math.max(1, byInterleaving);
  return { interleaving: byInterleaving, ab: byAb, ratio };
}

function creditOf(winner: 'a' | 'b' | null): number {
  if (winner === null) return 0;
  return winner === 'b' ? 1 : -1;
}

/** P(a count as one-sided as this | either wins with ½). */
function signTest(winsA: number, winsB: number): number {
  const n = winsA + winsB;
  return Math.min(1, 2 * binomialProbability(Math.min(winsA, winsB), { n, p: 0.5 }));
}
