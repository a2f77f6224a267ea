/** The test for leaks: with any other future, whatever learns from the past must come out the same,
 * to the bit. Spec: M45. */
import { createChance } from '../../kernel/chance.ts';
import type { TrainedRecommender } from '../recommenders/recommender.ts';
import { fingerprintOf } from '../training/fingerprint.ts';
import { emptyColumns, type Interactions } from '../training/interactions.ts';

/** What another future did to a model. */
export interface LeakageFinding {
  readonly model: string;
  /** Whether its weights and all its scores are the same, to the bit. */
  readonly isSame: boolean;
}

/** Trains on what was and on the same past with another future.
 * @param learn - The whole way from plays to models, the cut included: what is put to the test.
 * Cost: twice that of `learn`, and all scores of all users. */
export function leakageTest(
  plays: Interactions,
  options: {
    readonly cutUs: number;
    readonly seed: number;
    readonly learn: (plays: Interactions) => readonly TrainedRecommender[];
  },
): readonly LeakageFinding[] {
  const { cutUs, seed, learn } = options;
  const other = withOtherFuture(plays, cutUs, seed);
  const users = usersBefore(plays, cutUs);
  const ofOther = learn(other);
  return learn(plays).map((model, n) => {
    const twin = ofOther[n];
    const isSame =
      twin !== undefined &&
      fingerprintOf(model.weights) === fingerprintOf(twin.weights) &&
      scorePrint(model, plays, users) === scorePrint(twin, plays, users);
    return { model: model.name, isSame };
  });
}

/** The same plays up to the cut. Those that end after it get another user, some of whom nobody has
 * seen before, another title, time and share; and there are as many again. */
function withOtherFuture(plays: Interactions, cutUs: number, seed: number): Interactions {
  const draws = createChance({ seed, replication: 0 }).draws('leakage.future');
  const strangers = ['', 'stranger', '\uffff'];
  const users = [...plays.users, ...strangers].sort();
  const numbers = new Map(users.map((id, number) => [id, number]));
  const past: number[] = [];
  let later = 0;
  plays.endUs.forEach((end, row) => {
    if (end <= cutUs) past.push(row);
    else later += 1;
  });
  const last = plays.endUs.reduce((most, end) => Math.max(most, end), cutUs + 1);
  const columns = emptyColumns(past.length + 2 * later);
  past.forEach((row, i) => {
    columns.user[i] = numbers.get(plays.users[plays.user[row] as number] as string) as number;
    columns.title[i] = plays.title[row] as number;
    columns.timeUs[i] = plays.timeUs[row] as number;
    columns.endUs[i] = plays.endUs[row] as number;
    columns.share[i] = plays.share[row] as number;
  });
  for (let n = 0; n < 2 * later; n += 1) {
    const at = past.length + n;
    columns.user[at] = Math.floor(draws.uniform(n, 0) * users.length);
    columns.title[at] = Math.floor(draws.uniform(n, 1) * plays.titles.length);
    // Ascending, as rows are.
    columns.timeUs[at] = Math.floor(
      cutUs + ((n + draws.uniform(n, 2)) / (2 * later)) * (last - cutUs),
    );
    columns.endUs[at] = (columns.timeUs[at] as number) + 1 + Math.floor(draws.uniform(n, 3) * 1e9);
    columns.share[at] = draws.uniform(n, 4);
  }
  return { users, titles: plays.titles, ...columns };
}

/** How many users had played by the cut: those are numbered first to last in training. */
function usersBefore({ user, endUs }: Interactions, cutUs: number): number {
  const seen = new Set<number>();
  endUs.forEach((end, row) => {
    if (end <= cutUs) seen.add(user[row] as number);
  });
  return seen.size;
}

function scorePrint(model: TrainedRecommender, { titles }: Interactions, users: number): string {
  const scores = new Float64Array(titles.length);
  const prints: string[] = [];
  for (let user = -1; user < users; user += 1) {
    model.score(user, scores);
    prints.push(fingerprintOf([scores]));
  }
  return prints.join();
}
