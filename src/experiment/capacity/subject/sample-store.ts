/** Samples of a capacity question, each asked of the campaign once. The order of asking hangs on
 * samples alone, so the digest over it does too. */
import type { Campaign, Point } from '../../campaign/campaign.ts';
import type { RunSample } from '../../campaign/run-sample.ts';

/** Samples of one point. */
export interface SampleStore {
  /** Samples by point, then replication as asked; undefined where budget or campaign ended.
   * @throws EngineError as runs do. */
  samples(
    points: readonly Point[],
    replications: readonly number[],
  ): Promise<readonly (readonly RunSample[])[] | undefined>;
  /** Those of points that were made before, without asking; points that lack one are left out. */
  known(
    points: readonly Point[],
    replications: readonly number[],
  ): readonly (readonly RunSample[])[];
  /** Why there are no more; undefined while there are. */
  readonly stopped: 'budget' | 'interrupted' | undefined;
  /** Digests of all samples, in the order of asking. */
  readonly digests: readonly string[];
}

/** Opens a store on a campaign. */
export function createSampleStore(campaign: Campaign): SampleStore {
  const found = new Map<string, RunSample>();
  const digests: string[] = [];
  const keyOf = ({ name }: Point, replication: number) => `${name}#${replication}`;
  const stopped = () => {
    if (campaign.stopped === 'budget') return 'budget';
    return campaign.stopped === undefined ? undefined : 'interrupted';
  };

  /** Asks for what is missing, in as few rectangles of points × replications as that takes. */
  async function fetch(points: readonly Point[], replications: readonly number[]) {
    const groups = new Map<string, { readonly points: Point[]; readonly missing: number[] }>();
    for (const point of points) {
      const missing = replications.filter((one) => !found.has(keyOf(point, one)));
      const group = groups.get(missing.join()) ?? { points: [], missing };
      group.points.push(point);
      groups.set(missing.join(), group);
    }
    for (const { points: asked, missing } of groups.values()) {
      if (missing.length === 0) continue;
      if (stopped() !== undefined) return;
      take(asked, missing, await campaign.samples(asked, missing));
    }
  }

  function take(
    points: readonly Point[],
    replications: readonly number[],
    made: readonly (readonly (RunSample | undefined)[])[],
  ) {
    for (const [i, point] of points.entries()) {
      for (const [j, replication] of replications.entries()) {
        const sample = made[i]?.[j];
        if (sample === undefined) continue;
        found.set(keyOf(point, replication), sample);
        digests.push(sample.digest);
      }
    }
  }

  return {
    digests,
    get stopped() {
      return stopped();
    },
    known: (points, replications) =>
      points
        .map((point) => replications.flatMap((one) => found.get(keyOf(point, one)) ?? []))
        .filter((own) => own.length === replications.length),
    async samples(points, replications) {
      if (stopped() !== undefined) return undefined;
      await fetch(points, replications);
      const all = points.map((point) =>
        replications.flatMap((replication) => found.get(keyOf(point, replication)) ?? []),
      );
      return all.every((own) => own.length === replications.length) ? all : undefined;
    },
  };
}
