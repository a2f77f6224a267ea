/** Parts of observations: those of replications, or of antithetic pairs, whose two runs depend on
 * each other and so are one. Spec: N40. */
import type { PooledParts } from '../objective.ts';
import { mergedHistogram } from './pooled-value.ts';

/** One entry an observation. @param size - Replications of one; those 2k and 2k + 1 are a pair. */
export function observed(
  runs: readonly { readonly replication: number; readonly parts: PooledParts }[],
  size: 1 | 2,
): readonly PooledParts[] {
  if (size === 1) return runs.map(({ parts }) => parts);
  const groups = new Map<number, PooledParts[]>();
  for (const { replication, parts } of runs) {
    const pair = Math.floor(replication / size);
    groups.set(pair, [...(groups.get(pair) ?? []), parts]);
  }
  return [...groups.values()].map(merged);
}

/** What two runs leave together. */
function merged(parts: readonly PooledParts[]): PooledParts {
  const known = parts.filter(({ kind }) => kind !== 'none');
  const [first] = known;
  if (first === undefined || known.length === 1) return first ?? { kind: 'none' };
  switch (first.kind) {
    case 'histogram': {
      const { values, counts } = mergedHistogram(known);
      return { kind: 'histogram', values, counts };
    }
    case 'ratio': {
      const ratios = known.flatMap((part) => (part.kind === 'ratio' ? [part] : []));
      const sum = (key: 'over' | 'under') => ratios.reduce((total, one) => total + one[key], 0);
      return { kind: 'ratio', over: sum('over'), under: sum('under') };
    }
    case 'quotient': {
      const quotients = known.flatMap((part) => (part.kind === 'quotient' ? [part] : []));
      return {
        kind: 'quotient',
        over: merged(quotients.map(({ over }) => over)),
        under: merged(quotients.map(({ under }) => under)),
      };
    }
    default:
      return first;
  }
}
