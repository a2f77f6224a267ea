/** `createGateway` against graphql-js on operations made to mislead it: aliases that are names of
 * other fields, conditions at fragments that change no type, types not asked for. */
import fc from 'fast-check';
import { executeSync, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../../src/gateway/federation/gateway.ts';
import { createNativePlanner } from '../../../src/gateway/federation/native-planner.ts';
import { createServiceBackends } from '../../../src/gateway/service-backends.ts';
import { createMonolithSchema } from '../../../src/gateway/services/executable-schema.ts';
import { createLibrary } from '../../../src/gateway/services/library.ts';
import { productSupergraph, SUBGRAPHS } from '../../../src/gateway/services/product.ts';
import { createWorkCounter } from '../../../src/gateway/services/work-counter.ts';
import { createTinyCatalogue } from '../tiny-catalogue.ts';
import { operationOf } from './generated-operation.ts';

const catalogue = createTinyCatalogue();
const { supergraphSdl, publicSdl, publicSchema } = productSupergraph();
const monolith = createMonolithSchema(publicSdl, SUBGRAPHS, createLibrary(catalogue));
const backends = createServiceBackends(catalogue);
const hasPlanner = createNativePlanner(supergraphSdl) !== undefined;

describe.skipIf(!hasPlanner)('hostile operations (skipped: no planner here)', () => {
  const gateway = createGateway({ supergraph: supergraphSdl });
  const answerTo = (query: string, variables: Record<string, unknown>) => {
    const { run, answer } = gateway.begin({ query, variables });
    if (run === undefined) return answer;
    const open = [...run.start()];
    for (let fetch = open.pop(); fetch !== undefined; fetch = open.pop()) {
      const { serviceName: service, operation, variables: sent } = fetch;
      const { data } = backends.execute({ service, operation, variables: sent });
      open.push(...run.complete(fetch.fetchId, { ok: true, data }));
    }
    return run.answer();
  };

  it('G3, G19, G20: are answered as graphql-js answers them', () => {
    let clashes = 0;
    const property = fc.property(
      fc.infiniteStream(fc.nat()),
      fc.record({
        genre: fc.constantFrom('Drama', 'Crime'),
        id: fc.constantFrom('tt00', 'tt05', 'tt29'),
        text: fc.constantFrom('night', 'of 1'),
        yes: fc.boolean(),
      }),
      (stream, variables) => {
        const draw = (n: number) => (stream.next().value ?? 0) % n;
        const query = operationOf(draw, { isHostile: true });
        const document = parse(query);
        expect(validate(publicSchema, document), query).toEqual([]);
        const expected = executeSync({
          schema: monolith,
          document,
          variableValues: variables,
          contextValue: createWorkCounter(),
        });
        expect(answerTo(query, variables), query).toEqual(JSON.parse(JSON.stringify(expected)));
        clashes += /\bid: /.test(query) ? 1 : 0;
      },
    );
    fc.assert(property, { numRuns: 500, seed: 11 });
    expect(clashes).toBeGreaterThan(100);
  }, 180_000);
});
