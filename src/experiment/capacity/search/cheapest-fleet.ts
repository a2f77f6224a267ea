/** The cheapest fleet that passes, by stochastic root-finding on common random numbers: climb from
 * an analytic start until a fleet passes, descend coordinate by coordinate (galloping, then
 * bisection), trade one coordinate for others, confirm on replications that the search has not
 * seen, and check every fleet one step cheaper. Pure: what it asks hangs on answers alone. */
import { type Coordinate, type Fleet, onGrid, topOf, withValue } from './fleet.ts';
import { createKnownFleets, type KnownFleets, type Trial } from './known-fleets.ts';
import { tuneFree } from './tune-free.ts';

/** What is searched, and who tries fleets. */
export interface FleetProblem<T extends Trial> {
  readonly coordinates: readonly Coordinate[];
  /** On the grid. */
  readonly start: Fleet;
  /** USD per hour; grows with every priced coordinate. */
  costOf(fleet: Fleet): number;
  /** Tries a fleet on the search's replications, the same for all; undefined where runs ended. */
  judge(fleet: Fleet): Promise<T | undefined>;
  /** Tries it on others, at the full confidence. */
  confirm(fleet: Fleet): Promise<T | undefined>;
}

/** What was found. */
export interface FleetAnswer<T extends Trial> {
  readonly verdict: 'met' | 'impossible' | 'inconclusive' | 'stopped';
  /** The cheapest that passes; where none does, the best of those that were tried. */
  readonly fleet: Fleet;
  /** What was found of it last; undefined where runs ended before. */
  readonly trial: T | undefined;
  readonly isConfirmed: boolean;
  /** Whether every fleet one priced step cheaper was simulated and rejected. */
  readonly isMinimumVerified: boolean;
  readonly known: KnownFleets<T>;
  /** Fleets told by another's answer, without a run. */
  readonly inferred: number;
}

/** Finds the cheapest fleet. A fleet's cost and verdict are monotone in priced coordinates. */
export async function cheapestFleet<T extends Trial>(
  problem: FleetProblem<T>,
): Promise<FleetAnswer<T>> {
  const search = new FleetSearch(problem);
  try {
    return await search.run();
  } catch (stop) {
    if (stop instanceof RunsEnded) return search.best('stopped');
    throw stop;
  }
}

/** Runs ended in the middle of a step; never leaves this file. */
class RunsEnded extends Error {}

/** Beyond this many trades of one coordinate for others, what is left to gain is small change. */
const TRADES_MAX = 8;
const CONFIRMATIONS_MAX = 12;
const FILLS_MAX = 4;

class FleetSearch<T extends Trial> {
  readonly #problem: FleetProblem<T>;
  readonly #known: KnownFleets<T>;
  readonly #priced: readonly number[];
  #inferred = 0;
  #confirmed: { readonly fleet: Fleet; readonly trial: T } | undefined;

  constructor(problem: FleetProblem<T>) {
    this.#problem = problem;
    this.#known = createKnownFleets(problem.coordinates);
    this.#priced = problem.coordinates.flatMap(({ isPriced }, i) => (isPriced ? [i] : []));
  }

  async run(): Promise<FleetAnswer<T>> {
    const { coordinates, start } = this.#problem;
    const tune = (fleet: Fleet) =>
      tuneFree(coordinates, fleet, async (one) => (await this.#simulate(one)).margin);
    const tuned = await tune(start);
    let fleet = await this.#climb(tuned);
    if (fleet === undefined && tuned.length > this.#priced.length) {
      fleet = await this.#climb(await tune(this.#top(tuned)));
    }
    if (fleet === undefined) return this.#noneFound();
    fleet = await this.#descend(fleet);
    const retuned = await tune(fleet);
    if (await this.#passes(retuned)) fleet = await this.#descend(retuned);
    return this.#confirm(await this.#trade(fleet));
  }

  /** The best so far, as an answer with this verdict. */
  best(verdict: FleetAnswer<T>['verdict']): FleetAnswer<T> {
    const { costOf, start } = this.#problem;
    const { all } = this.#known;
    const passing = all
      .filter(({ trial }) => trial.verdict === 'pass')
      .sort((a, b) => costOf(a.fleet) - costOf(b.fleet))[0];
    const nearest = [...all].sort(
      (a, b) => (b.trial.margin ?? -Infinity) - (a.trial.margin ?? -Infinity),
    )[0];
    const found = this.#confirmed ?? passing ?? nearest;
    return {
      verdict,
      fleet: found?.fleet ?? start,
      trial: found?.trial,
      isConfirmed: this.#confirmed !== undefined,
      isMinimumVerified: false,
      known: this.#known,
      inferred: this.#inferred,
    };
  }

  #noneFound(): FleetAnswer<T> {
    const isOpen = this.#known.all.some(({ trial }) => trial.verdict === 'inconclusive');
    return this.best(isOpen ? 'inconclusive' : 'impossible');
  }

  async #simulate(fleet: Fleet): Promise<T> {
    const before = this.#known.simulated(fleet);
    if (before !== undefined) return before;
    const trial = await this.#problem.judge(fleet);
    if (trial === undefined) throw new RunsEnded();
    this.#known.remember(fleet, trial);
    return trial;
  }

  async #passes(fleet: Fleet): Promise<boolean> {
    const told = this.#known.passes(fleet);
    if (told === undefined) return (await this.#simulate(fleet)).verdict === 'pass';
    if (this.#known.simulated(fleet) === undefined) this.#inferred += 1;
    return told;
  }

  #top(fleet: Fleet): Fleet {
    return fleet.map((value, i) => {
      const coordinate = this.#problem.coordinates[i];
      return coordinate?.isPriced === true ? topOf(coordinate) : value;
    });
  }

  /** A fleet that passes, from `fleet` on upwards: more of what has the most to do, in ever larger
   * steps; undefined where the largest does not pass. */
  async #climb(fleet: Fleet): Promise<Fleet | undefined> {
    const top = this.#top(fleet);
    let at = fleet;
    for (let tries = 0; !(await this.#passes(at)); tries += 1) {
      // Before many small steps: is there anything to be found up there?
      if (tries === 1 && !(await this.#passes(top))) return undefined;
      // A bottleneck that does not help for long hides another one: then everything grows.
      const next = this.#raised(at, 1.2 + 0.2 * tries, tries >= 3);
      if (next === undefined) return undefined;
      at = next;
    }
    return at;
  }

  /** More of the bottleneck, or of everything where that is none of what may grow. */
  #raised(fleet: Fleet, growth: number, growsAll = false): Fleet | undefined {
    const { coordinates } = this.#problem;
    const growing = this.#priced.filter((i) => {
      const coordinate = coordinates[i];
      return coordinate !== undefined && (fleet[i] ?? 0) < topOf(coordinate);
    });
    if (growing.length === 0) return undefined;
    const bottleneck = this.#known.simulated(fleet)?.bottleneck;
    const chosen = growsAll ? [] : growing.filter((i) => i === bottleneck);
    return fleet.map((value, i) => {
      const coordinate = coordinates[i];
      const grows = (chosen.length > 0 ? chosen : growing).includes(i);
      if (coordinate === undefined || !grows) return value;
      return onGrid(coordinate, Math.max(value + coordinate.step, value * growth));
    });
  }

  /** Less of each coordinate in turn, what saves most first, until nothing can be less. */
  async #descend(from: Fleet): Promise<Fleet> {
    let fleet = from;
    for (let before: Fleet | undefined; before !== fleet; ) {
      before = fleet;
      for (const index of this.#bySaving(fleet)) fleet = await this.#least(fleet, index);
    }
    return fleet;
  }

  #bySaving(fleet: Fleet): readonly number[] {
    const { costOf, coordinates } = this.#problem;
    const saving = (i: number) =>
      costOf(fleet) - costOf(withValue(fleet, i, coordinates[i]?.min ?? 0));
    return [...this.#priced].sort((a, b) => saving(b) - saving(a) || a - b);
  }

  /** The least of one coordinate that passes with the others as they are: down by 1, 2, 4, …
   * steps until one is rejected, then bisection. The fleet itself where there is no less. */
  async #least(fleet: Fleet, index: number): Promise<Fleet> {
    const coordinate = this.#problem.coordinates[index];
    if (coordinate === undefined) return fleet;
    const { min, step } = coordinate;
    const at = (steps: number) => withValue(fleet, index, min + steps * step);
    const first = Math.round(((fleet[index] ?? min) - min) / step);
    let high = first;
    let low = -1;
    for (let down = 1; low === -1 && high > 0; down *= 2) {
      const probe = Math.max(0, high - down);
      if (await this.#passes(at(probe))) high = probe;
      else low = probe;
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (await this.#passes(at(middle))) high = middle;
      else low = middle;
    }
    return high === first ? fleet : at(high);
  }

  /** One step more of one coordinate for less of another, where that is cheaper and passes. */
  async #trade(from: Fleet): Promise<Fleet> {
    let fleet = from;
    for (let trades = 0; trades < TRADES_MAX; trades += 1) {
      const traded = await this.#firstTrade(fleet);
      if (traded === undefined) return fleet;
      fleet = await this.#descend(traded);
    }
    return fleet;
  }

  async #firstTrade(fleet: Fleet): Promise<Fleet | undefined> {
    const { costOf } = this.#problem;
    for (const up of this.#priced) {
      const more = this.#stepped(fleet, up, 1);
      if (more === undefined) continue;
      for (const down of this.#priced) {
        const less = down === up ? undefined : this.#cheaper(more, down, costOf(fleet));
        if (less !== undefined && (await this.#passes(less))) return less;
      }
    }
    for (const down of this.#priced) {
      const filled = await this.#filledUp(fleet, down);
      if (filled !== undefined) return filled;
    }
    return undefined;
  }

  /** One step less of a coordinate, and as much more of cheaper ones as that saves: what has the
   * most to do first, else the cheapest. */
  async #filledUp(fleet: Fleet, down: number): Promise<Fleet | undefined> {
    const { costOf } = this.#problem;
    let at = this.#stepped(fleet, down, -1);
    for (let tries = 0; at !== undefined && tries < FILLS_MAX; tries += 1) {
      const bottleneck = this.#known.simulated(at)?.bottleneck;
      const more: { readonly index: number; readonly fleet: Fleet }[] = [];
      for (const index of this.#priced) {
        const next = index === down ? undefined : this.#stepped(at, index, 1);
        if (next !== undefined && costOf(next) < costOf(fleet)) more.push({ index, fleet: next });
      }
      more.sort(
        (a, b) =>
          Number(b.index === bottleneck) - Number(a.index === bottleneck) ||
          costOf(a.fleet) - costOf(b.fleet),
      );
      at = more[0]?.fleet;
      if (at !== undefined && (await this.#passes(at))) return at;
    }
    return undefined;
  }

  /** With so much less of a coordinate that it costs less than `cost`. */
  #cheaper(fleet: Fleet, index: number, cost: number): Fleet | undefined {
    let less = this.#stepped(fleet, index, -1);
    while (less !== undefined && this.#problem.costOf(less) >= cost) {
      less = this.#stepped(less, index, -1);
    }
    return less;
  }

  #stepped(fleet: Fleet, index: number, steps: number): Fleet | undefined {
    const coordinate = this.#problem.coordinates[index];
    if (coordinate === undefined) return undefined;
    const value = (fleet[index] ?? 0) + steps * coordinate.step;
    if (value < coordinate.min || value > topOf(coordinate)) return undefined;
    return withValue(fleet, index, value);
  }

  /** Confirms a fleet, or one with a little more, and that no neighbour is cheaper. */
  async #confirm(from: Fleet): Promise<FleetAnswer<T>> {
    let fleet = from;
    for (let tries = 0; tries < CONFIRMATIONS_MAX; tries += 1) {
      const trial = await this.#problem.confirm(fleet);
      if (trial === undefined) throw new RunsEnded();
      // What decided on it takes the place of what the search found of it.
      this.#known.remember(fleet, trial);
      if (trial.verdict === 'pass') this.#confirmed = { fleet, trial };
      if (this.#confirmed !== undefined) {
        const cheaper = await this.#passingNeighbour(this.#confirmed.fleet);
        if (cheaper === undefined) return { ...this.best('met'), isMinimumVerified: true };
        fleet = await this.#descend(cheaper);
      } else {
        const more = this.#raised(fleet, 1);
        const passing = more === undefined ? undefined : await this.#climb(more);
        if (passing === undefined) return this.#noneFound();
        fleet = passing;
      }
    }
    return this.best(this.#confirmed === undefined ? 'inconclusive' : 'met');
  }

  /** Every fleet one step cheaper is simulated itself: what follows from others isn't enough. */
  async #passingNeighbour(fleet: Fleet): Promise<Fleet | undefined> {
    for (const index of this.#priced) {
      const less = this.#stepped(fleet, index, -1);
      if (less !== undefined && (await this.#simulate(less)).verdict === 'pass') return less;
    }
    return undefined;
  }
}
