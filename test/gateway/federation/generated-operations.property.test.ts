/** The federated gateway against graphql-js on generated operations: any query over the public
 * schema, planned, fetched in random order and shaped, gives what one schema gives. */
import fc from 'fast-check';
import { executeSync, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createNativePlanner } from '../../../src/gateway/federation/native-planner.ts';
import { checkOperation } from '../../../src/gateway/federation/operations.ts';
import { createPlanRunner } from '../../../src/gateway/plan-run.ts';
import { createServiceBackends } from '../../../src/gateway/service-backends.ts';
import { createMonolithSchema } from '../../../src/gateway/services/executable-schema.ts';
import { createLibrary } from '../../../src/gateway/services/library.ts';
import { productSupergraph, SUBGRAPHS } from '../../../src/gateway/services/product.ts';
import { createWorkCounter } from '../../../src/gateway/services/work-counter.ts';
import { drivePlan } from '../drive-plan.ts';
import { createTinyCatalogue } from '../tiny-catalogue.ts';
import { operationOf } from './generated-operation.ts';

const OPERATIONS = 1_000;
const catalogue = createTinyCatalogue();
const { supergraphSdl, publicSdl, publicSchema, types } = productSupergraph();
const planner = createNativePlanner(supergraphSdl);
const monolith = createMonolithSchema(publicSdl, SUBGRAPHS, createLibrary(catalogue));
const backends = createServiceBackends(catalogue);

const runners = (['plan', 'dataflow'] as const).map((schedule) =>
  createPlanRunner(publicSchema, { types, schedule }),
);

describe.skipIf(planner === undefined)('generated operations (skipped: no planner here)', () => {
  it('G3, G12: federated equals graphql-js, in any order, under both schedules', () => {
    let fetches = 0;
    let conditions = 0;
    let refused = 0;
    const property = fc.property(
      fc.infiniteStream(fc.nat()),
      fc.record({
        genre: fc.constantFrom('Drama', 'Crime', 'none'),
        id: fc.constantFrom('tt00', 'tt05', 'tt29', 'tt99'),
        text: fc.constantFrom('night', 'of 1', ''),
        yes: fc.boolean(),
      }),
      (stream, variables) => {
        const draw = (n: number) => (stream.next().value ?? 0) % n;
        const text = operationOf(draw, { isHostile: false });
        const document = checkOperation(text, publicSchema).text;
        const root = planner?.plan(document);
        if (root === undefined) {
          refused += 1;
          return;
        }
        const plan = { document, root };
        const expected = executeSync({
          schema: monolith,
          document: parse(text),
          variableValues: variables,
          contextValue: createWorkCounter(),
        });
        const right = { ...JSON.parse(JSON.stringify(expected)), errors: [] };
        for (const createRun of runners) {
          const drive = { plan, variables, backends, pick: draw, createRun };
          const { answer, fetches: made } = drivePlan(drive);
          expect(answer, text).toEqual(right);
          fetches += made.length;
        }
        const down = ['movie', 'production', 'talent'][draw(3)];
        const [planned, byData] = runners.map((createRun) => {
          const fails = ({ serviceName }: { serviceName: string }) => serviceName === down;
          return drivePlan({ plan, variables, backends, pick: draw, createRun, fails }).answer;
        });
        expect(byData, text).toEqual(planned);
        conditions += JSON.stringify(root).includes('"Condition"') ? 1 : 0;
      },
    );
    fc.assert(property, { numRuns: OPERATIONS, seed: 7 });
    expect(refused).toBe(0);
    expect(fetches).toBeGreaterThan(4 * OPERATIONS);
    expect(conditions).toBeGreaterThan(0.08 * OPERATIONS);
  }, 180_000);
});
