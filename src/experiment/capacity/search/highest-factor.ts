/** The most traffic at which a condition holds, replication by replication: the first factor of an
 * ascending ramp at which it does not, then a fixed number of bisections. On common random numbers
 * each replication has a maximum of its own, and their mean has an interval. Pure. */

/** A question: does it hold in this replication at this factor? */
export interface FactorQuestion {
  readonly replication: number;
  readonly factor: number;
}

/** What is sought. */
export interface FactorProblem {
  /** Ascending, > 0. */
  readonly ramp: readonly number[];
  readonly replications: readonly number[];
  readonly bisections: number;
  /** Answers in the order of the questions; undefined where runs ended. */
  holds(questions: readonly FactorQuestion[]): Promise<readonly (boolean | undefined)[]>;
}

/** Between which factors a replication's maximum lies; null beyond an end of the ramp. */
export interface FactorBracket {
  readonly replication: number;
  readonly holdsAt: number | null;
  readonly missedAt: number | null;
}

/** Brackets by replication, or undefined where runs ended before. All replications take each step
 * together. Cost: at most ramp + bisections questions a replication. */
export async function highestFactors(
  problem: FactorProblem,
): Promise<readonly FactorBracket[] | undefined> {
  const { ramp, replications, bisections } = problem;
  const brackets: Mutable[] = replications.map((replication) => ({
    replication,
    holdsAt: null,
    missedAt: null,
  }));
  for (const factor of ramp) {
    const rising = brackets.filter(({ missedAt }) => missedAt === null);
    if (!(await step(problem, rising, () => factor))) return undefined;
  }
  for (let n = 0; n < bisections; n += 1) {
    const open = brackets.filter(({ holdsAt, missedAt }) => holdsAt !== null && missedAt !== null);
    if (!(await step(problem, open, middleOf))) return undefined;
  }
  return brackets;
}

/** The geometric middle of a bracket that has both ends. */
export function middleOf({ holdsAt, missedAt }: FactorBracket): number {
  return Math.sqrt((holdsAt ?? 1) * (missedAt ?? 1));
}

/** Factors from `from` to `to`, evenly by ratio. */
export function geometricRamp(from: number, to: number, points: number): readonly number[] {
  return Array.from({ length: points }, (_, k) =>
    k === points - 1 ? to : from * (to / from) ** (k / (points - 1)),
  );
}

interface Mutable extends FactorBracket {
  holdsAt: number | null;
  missedAt: number | null;
}

/** Asks each bracket's next question. @returns whether all were answered. */
async function step(
  { holds }: FactorProblem,
  brackets: readonly Mutable[],
  factorOf: (bracket: FactorBracket) => number,
): Promise<boolean> {
  if (brackets.length === 0) return true;
  const questions = brackets.map((bracket) => ({
    replication: bracket.replication,
    factor: factorOf(bracket),
  }));
  const answers = await holds(questions);
  for (const [i, bracket] of brackets.entries()) {
    const [answer, question] = [answers[i], questions[i]];
    if (answer === undefined || question === undefined) return false;
    if (answer) bracket.holdsAt = question.factor;
    else bracket.missedAt = question.factor;
  }
  return true;
}
