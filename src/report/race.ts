/** Who is best by a metric, and how sure that is, in a sentence or two. */
import type { Estimate } from '../experiment/result.ts';
import { formatEstimate, inWords } from './numbers.ts';
import {
  differenceBetween,
  isNoDifference,
  type JudgedDifference,
  type Judgement,
} from './significance.ts';

/** Contenders for the lowest value. */
export interface Race {
  readonly contenders: readonly { readonly name: string; readonly estimate: Estimate }[];
  /** The metric in words. */
  readonly what: string;
  /** Its name in the differences; undefined where there are none. */
  readonly metric: string | undefined;
  readonly unit: string;
  /** What a contender is. */
  readonly noun: string;
}

interface Rival {
  readonly name: string;
  readonly between: JudgedDifference | undefined;
}

/** So many rivals are named; of more, only the nearest. */
const NAMED_MAX = 3;

/** The sentence. */
export function raceSentence(race: Race, { differences }: Judgement): string {
  const { contenders, what, metric, noun } = race;
  const [best, ...rest] = [...contenders].sort((x, y) => x.estimate.value - y.estimate.value);
  if (best === undefined) return '';
  if (contenders.some(({ estimate }) => !Number.isFinite(estimate.value))) {
    return `There is nothing to compare: some ${noun} has no ${what}.`;
  }
  const rivals = rest.map(({ name }): Rival => {
    const from = best.name;
    const between =
      metric === undefined ? undefined : differenceBetween(differences, { metric, from, to: name });
    return { name, between };
  });
  const beaten = rivals.filter(({ between }) => between?.shown === 'higher');
  const open = rivals.filter(({ between }) => between?.shown !== 'higher');
  const value = `${formatEstimate(best.estimate)} ${race.unit}`;
  if (rivals.length > 0 && rivals.every(({ between }) => isSame(between))) {
    return `Every ${noun} has the same ${what}, ${value}.`;
  }
  if (open.length === 0) {
    const others = beaten.length === 1 ? `the other ${noun} is` : `every other ${noun} is`;
    const nearest = beaten.length === 1 ? 'by' : 'the nearest being';
    const [next] = beaten;
    return (
      `${best.name} has the lowest ${what}, ${value}; ${others} shown to be higher, ` +
      `${nearest} ${next === undefined ? '' : gap(next, race)}.`
    );
  }
  const verb = beaten.length === 1 ? 'is' : 'are';
  const also = beaten.length === 0 ? '' : ` ${gaps(beaten, race)} ${verb} shown to be higher.`;
  return (
    `No ${noun} is shown to be best by ${what}: ${best.name} has the lowest value, ` +
    `${value}, but its distance to ${gaps(open, race)} may be chance.${also}`
  );
}

/** Whether two have the same value in every section or replication. */
function isSame(between: JudgedDifference | undefined): boolean {
  return between !== undefined && isNoDifference(between);
}

/** The nearest, and how many more. */
function gaps(rivals: readonly Rival[], race: Race): string {
  // One more name is shorter than "and 1 more".
  if (rivals.length <= NAMED_MAX + 1) return inWords(rivals.map((rival) => gap(rival, race)));
  const named = rivals.slice(0, NAMED_MAX).map((rival) => gap(rival, race));
  return inWords([...named, `${rivals.length - NAMED_MAX} more`]);
}

function gap({ name, between }: Rival, { unit }: Race): string {
  if (between === undefined) return `${name} (no paired difference)`;
  return `${name} (${formatEstimate(between.difference, true)} ${unit})`;
}
