/** A property of the zoo: what is drawn, what must hold of it, and how large a counterexample is.
 * Runs, seeds and shrinking are fast-check's. Spec: T121. */
import * as fc from 'fast-check';

/** How large a counterexample is: what one has to do, and what has to go wrong meanwhile. */
export interface Size {
  readonly commands: number;
  readonly faults: number;
}

/** A property, whatever it draws. */
export interface ZooProperty {
  /** Kebab-case, unique in its subject. */
  readonly name: string;
  /** What it says, in one sentence. */
  readonly claim: string;
  /** Runs up to `runs` draws of the seed. */
  check(runs: number, seed: number): Promise<Check>;
}

/** What came of a check. */
export interface Check {
  readonly failed: boolean;
  /** Draws until the first failure, or all of them. */
  readonly runs: number;
  readonly shrinks: number;
  /** Of the smallest counterexample. */
  readonly size: Size | undefined;
  readonly counterexample: string | undefined;
  readonly error: string | undefined;
}

/** What a property is made of. */
export interface PropertyOf<T> {
  readonly name: string;
  readonly claim: string;
  readonly arbitrary: fc.Arbitrary<T>;
  /** Throws where the property does not hold. */
  readonly holds: (drawn: T) => void | Promise<void>;
  readonly sizeOf: (drawn: T) => Size;
  /** Smaller than what was drawn, boldest first: tried instead of fast-check's own shrinking, where
   * each try is a whole world. */
  readonly smallerThan?: (drawn: T) => Iterable<T>;
}

/** The longest that runs and shrinking together may go on, in ms; a campaign sees runs left out. */
const CHECK_MS = 200_000;

/** The same for what is tried afterwards. */
const SMALLER_MS = 40_000;

/** Makes a property. */
export function zooProperty<T>(parts: PropertyOf<T>): ZooProperty {
  const { name, claim, arbitrary, holds, sizeOf } = parts;
  return {
    name,
    claim,
    async check(runs, seed) {
      const property = fc.asyncProperty(arbitrary, async (drawn) => {
        await holds(drawn);
      });
      const details = await fc.check(property, {
        numRuns: runs,
        seed,
        interruptAfterTimeLimit: CHECK_MS,
        endOnFailure: parts.smallerThan !== undefined,
      });
      const shrunk = details.counterexample?.[0];
      const smallest = shrunk === undefined ? undefined : await smaller(parts, shrunk);
      return {
        failed: details.failed,
        runs: details.numRuns,
        shrinks: details.numShrinks,
        size: smallest === undefined ? undefined : sizeOf(smallest),
        counterexample: smallest === undefined ? undefined : fc.stringify(smallest),
        error: messageOf(details.errorInstance),
      };
    },
  };
}

/** The smallest that still fails, by greed. */
async function smaller<T>({ holds, smallerThan }: PropertyOf<T>, failing: T): Promise<T> {
  const endMs = performance.now() + SMALLER_MS;
  let smallest = failing;
  for (let isSmaller = smallerThan !== undefined; isSmaller; ) {
    isSmaller = false;
    for (const one of smallerThan?.(smallest) ?? []) {
      if (performance.now() > endMs) return smallest;
      if (await passes(holds, one)) continue;
      smallest = one;
      isSmaller = true;
      break;
    }
  }
  return smallest;
}

async function passes<T>(holds: PropertyOf<T>['holds'], drawn: T): Promise<boolean> {
  try {
    await holds(drawn);
    return true;
  } catch {
    return false;
  }
}

function messageOf(error: unknown): string | undefined {
  if (error === undefined || error === null) return undefined;
  return error instanceof Error ? error.message : String(error);
}
