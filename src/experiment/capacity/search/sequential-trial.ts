/** A fleet is tried in looks of growing numbers of replications, so that one that is far off costs
 * little: rejected at once where every replication of the first look misses by far, told as soon
 * as it passes or fails at the confidence, and open where replications end first. */

/** What replications 0 … n − 1 say. */
export interface Look {
  readonly verdict: 'pass' | 'fail' | 'inconclusive';
  /** Whether every replication misses one and the same objective by far. */
  readonly isFarOff: boolean;
}

/** How to look. */
export interface Looks<L extends Look> {
  /** Replications of the first look, and of the last. */
  readonly first: number;
  readonly last: number;
  /** Looks at replications 0 … n − 1; undefined where runs ended. */
  look(replications: number): Promise<L | undefined>;
}

/** What was told, after how many replications, and whether it was screened out. */
export interface TrialOutcome<L extends Look> {
  readonly look: L;
  readonly replications: number;
  readonly isScreened: boolean;
}

/** Looks until it is told. Numbers of replications double. */
export async function tryInLooks<L extends Look>({
  first,
  last,
  look,
}: Looks<L>): Promise<TrialOutcome<L> | undefined> {
  for (let replications = Math.min(first, last); ; ) {
    const found = await look(replications);
    if (found === undefined) return undefined;
    const isScreened = found.verdict !== 'pass' && found.isFarOff;
    const isTold = isScreened || found.verdict !== 'inconclusive' || replications >= last;
    if (isTold) return { look: found, replications, isScreened };
    replications = Math.min(last, replications * 2);
  }
}
