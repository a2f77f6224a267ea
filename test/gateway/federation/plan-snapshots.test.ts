/** Recorded plans equal what the native planner writes. Where the planner or the pages changed,
 * BACKLOT_RECORD=1 writes the records anew; run `npm run format` after it. */
import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PAGE_NAMES } from '../../../src/domain/page.ts';
import { createFederated } from '../../../src/gateway/federated.ts';
import { createNativePlanner } from '../../../src/gateway/federation/native-planner.ts';
import { checkOperation } from '../../../src/gateway/federation/operations.ts';
import { PLAN_SNAPSHOTS } from '../../../src/gateway/federation/plan-snapshots.ts';
import { plannedNode } from '../../../src/gateway/federation/planned-node.ts';
import {
  createSnapshotPlanner,
  type PlanSnapshot,
  snapshotKey,
} from '../../../src/gateway/federation/snapshot-planner.ts';
import { PAGE_DOCUMENTS } from '../../../src/gateway/pages.ts';
import { productSupergraph } from '../../../src/gateway/services/product.ts';
import { EngineError } from '../../../src/kernel/errors.ts';

const { supergraphSdl, publicSchema } = productSupergraph();
const native = createNativePlanner(supergraphSdl);
const operations = PAGE_NAMES.map(
  (page) => checkOperation(PAGE_DOCUMENTS[page], publicSchema).text,
);

function record(): readonly PlanSnapshot[] {
  if (native === undefined) throw new Error('no native planner here');
  return operations.map((operation) => ({
    key: snapshotKey(supergraphSdl, operation),
    root: native.plan(operation),
  }));
}

/** The data file: plans as literals, long operations broken over lines. */
function fileOf(snapshots: readonly PlanSnapshot[]): string {
  const operationLine = /"operation":("(?:[^"\\]|\\.)*")/g;
  const literal = JSON.stringify(snapshots).replace(operationLine, (_, quoted: string) => {
    return `"operation":\`${wrapped(JSON.parse(quoted) as string)}\``;
  });
  return `/** Plans of the pages as the native planner writes them, for platforms without it. From
 * \`test/gateway/federation/plan-snapshots.test.ts\` under BACKLOT_RECORD=1; do not edit. */
import type { PlanSnapshot } from './snapshot-planner.ts';

/** One a page, in the order of the pages. */
export const PLAN_SNAPSHOTS: readonly PlanSnapshot[] = ${literal};
`;
}

function wrapped(operation: string): string {
  return operation.replaceAll('){', '){\n').replaceAll(/(.{1,50}) /g, '$1\n');
}

describe.skipIf(native === undefined)('plan snapshots (skipped: no native planner here)', () => {
  if (process.env.BACKLOT_RECORD === '1') {
    const file = new URL('../../../src/gateway/federation/plan-snapshots.ts', import.meta.url);
    writeFileSync(file, fileOf(record()));
  }

  it('are what the native planner writes now', () => {
    const read = PLAN_SNAPSHOTS.map(({ key, root }) => ({ key, root: plannedNode(root) }));
    expect(read).toEqual(record());
    expect(read).toHaveLength(PAGE_NAMES.length);
  });

  it('give the federated gateway the same plans', () => {
    const recorded = createFederated(createSnapshotPlanner(supergraphSdl, PLAN_SNAPSHOTS));
    const planned = createFederated(native);
    for (const page of PAGE_NAMES) expect(recorded.plan(page)).toEqual(planned.plan(page));
  });
});

describe('createSnapshotPlanner', () => {
  it('says what is missing for a plan that was not recorded', () => {
    const planner = createSnapshotPlanner(supergraphSdl, PLAN_SNAPSHOTS);
    const unknown = () => planner.plan('{search(text:"x"){id}}');
    expect(unknown).toThrow(EngineError);
    expect(unknown).toThrow(/^PLATFORM_UNSUPPORTED: no query planner/);
  });

  it('knows an operation and a supergraph by what they say, not by their blanks', () => {
    const key = snapshotKey('type Query { a: Int }', '{ a }');
    expect(snapshotKey('type Query{a:Int}', '{a}')).toBe(key);
    expect(snapshotKey('type Query{a:Int!}', '{a}')).not.toBe(key);
    expect(snapshotKey('type Query{a:Int}', '{a a}')).not.toBe(key);
  });
});
