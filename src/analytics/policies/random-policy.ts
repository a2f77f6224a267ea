/** The floor: every title that is allowed is as likely as any other. */
import type { RowPolicy } from '../../domain/recommending/row-policy.ts';

/** Fills rows by chance. Cost O(slots) while most titles are allowed, O(titles) otherwise. */
export function createRandomPolicy(titleCount: number): RowPolicy {
  const order = Int32Array.from({ length: titleCount }, (_, title) => title);
  return {
    id: 'random',
    choose(request) {
      let allowed = 0;
      for (let title = 0; title < titleCount; title += 1) {
        if (request.isExcluded(title)) continue;
        order[allowed] = title;
        allowed += 1;
      }
      const length = Math.min(request.slots, allowed);
      const titles: number[] = [];
      const propensities: number[] = [];
      for (let slot = 0; slot < length; slot += 1) {
        const left = allowed - slot;
        const picked = slot + Math.floor(request.uniform(slot) * left);
        const title = order[picked] ?? 0;
        order[picked] = order[slot] ?? 0;
        titles.push(title);
        propensities.push(1 / left);
      }
      return { titles, propensities };
    },
    probabilityOf(request, titles) {
      let allowed = 0;
      for (let title = 0; title < titleCount; title += 1) {
        if (!request.isExcluded(title)) allowed += 1;
      }
      const isRow =
        titles.length === Math.min(request.slots, allowed) &&
        new Set(titles).size === titles.length &&
        titles.every((title) => title >= 0 && title < titleCount && !request.isExcluded(title));
      return isRow ? titles.reduce((p, _, slot) => p / (allowed - slot), 1) : 0;
    },
  };
}
