/** Plans recorded from the native planner, for platforms that it is not built for. */
import { stripIgnoredCharacters } from 'graphql';
import { EngineError } from '../../kernel/errors.ts';
import { hashText } from '../../kernel/hash.ts';
import type { PlanNode } from '../call-plan.ts';
import { plannedNode } from './planned-node.ts';
import type { Planner } from './planner.ts';

/** A recorded plan under the key of its supergraph and operation. */
export interface PlanSnapshot {
  readonly key: string;
  readonly root: PlanNode;
}

/** Plans by looking them up. Cost O(operation). */
export function createSnapshotPlanner(
  supergraphSdl: string,
  snapshots: readonly PlanSnapshot[],
): Planner {
  const roots = new Map(snapshots.map(({ key, root }) => [key, root]));
  return {
    plan(operation) {
      const key = snapshotKey(supergraphSdl, operation);
      const root = roots.get(key);
      if (root !== undefined) return plannedNode(root);
      throw new EngineError(
        'PLATFORM_UNSUPPORTED',
        `no query planner for this platform and no recorded plan ${key}; run on Linux with glibc ` +
          'or macOS, or record the plan there',
        { found: key },
      );
    },
  };
}

/** Names a plan: hashes of the supergraph and of the operation, insignificant text aside. */
export function snapshotKey(supergraphSdl: string, operation: string): string {
  return [supergraphSdl, operation]
    .map((text) => stripIgnoredCharacters(text))
    .flatMap((text) => [hashText(text, 1), hashText(text, 2)])
    .map((hash) => (hash >>> 0).toString(16).padStart(8, '0'))
    .join('');
}
