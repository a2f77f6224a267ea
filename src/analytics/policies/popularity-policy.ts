/** The second floor: what was watched most lately, the same for everybody. It counts what it is
 * told of its own rows; begun with counts of what was watched before. */
import type { RowOutcome, RowPolicy, RowRequest } from '../../domain/recommending/row-policy.ts';
import { tieBreakers } from './bandits/title-means.ts';
import { bestRow, certainRow, isSameRow } from './top-titles.ts';

/** Makes it. @param options - `halfLifeUs`: after so long a play counts half; `counts`: plays so
 * far by title, 0 if left out. Ties are broken at random, but for all alike: the order of the
 * catalogue would tell what is popular. Begun with nothing, it keeps showing what happened to be
 * taken first, and may stay below random rows: it sees no plays but those of its rows. */
export function createPopularityPolicy(options: {
  readonly titleCount: number;
  readonly halfLifeUs: number;
  readonly counts?: ArrayLike<number>;
}): RowPolicy {
  const { titleCount, halfLifeUs, counts } = options;
  const weights = Float64Array.from({ length: titleCount }, (_, title) => counts?.[title] ?? 0);
  const ties = tieBreakers(titleCount);
  const scores = new Float64Array(titleCount);
  const best = (request: RowRequest) => {
    for (let title = 0; title < titleCount; title += 1) {
      scores[title] = (weights[title] as number) + (ties[title] as number);
    }
    return bestRow(scores, request);
  };
  let atUs: number | undefined;
  const forgetUntil = (nowUs: number) => {
    const kept = atUs === undefined ? 1 : 2 ** (-Math.max(0, nowUs - atUs) / halfLifeUs);
    atUs = nowUs;
    for (let title = 0; title < titleCount; title += 1)
      weights[title] = (weights[title] ?? 0) * kept;
  };
  return {
    id: 'popularity',
    choose: (request) => certainRow(best(request)),
    probabilityOf: (request, titles) => isSameRow(best(request), titles),
    learn(outcomes: readonly RowOutcome[]) {
      const last = outcomes.at(-1);
      if (last === undefined) return;
      forgetUntil(last.atUs);
      for (const { titles, takenSlot, atUs: takenUs } of outcomes) {
        const title = titles[takenSlot];
        if (title === undefined) continue;
        weights[title] = (weights[title] ?? 0) + 2 ** (-(last.atUs - takenUs) / halfLifeUs);
      }
    },
  };
}
