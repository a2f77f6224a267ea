/** The public audit of federation gateways: all its schemas compose, all its queries are planned,
 * and on a made-up world they are answered as one schema answers them, under both schedules. */
import { readFileSync } from 'node:fs';
import { buildASTSchema, executeSync, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { composeSupergraph, readSupergraph } from '../../../src/gateway/federation/compose.ts';
import { createGateway, type Gateway } from '../../../src/gateway/federation/gateway.ts';
import { createNativePlanner } from '../../../src/gateway/federation/native-planner.ts';
import type { GraphQLAnswer } from '../../../src/gateway/federation/request/graphql-answer.ts';
import { createLocalSubgraph } from '../../../src/gateway/federation/subgraph/local-subgraph.ts';
import type { Schedule } from '../../../src/gateway/plan/plan-compiler.ts';
import { onRealData } from '../../real-data.ts';
import { MadeUpWorld } from './made-up-world.ts';

interface Suite {
  readonly id: string;
  readonly subgraphs: readonly { readonly name: string; readonly typeDefs: string }[];
  readonly tests: readonly {
    readonly query: string;
    readonly expected: { readonly data?: unknown; readonly errors?: boolean };
  }[];
}

const suitesOf = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as readonly Suite[];

/** Queries whose right answer is an error and nothing else: nobody can resolve what they ask. */
const NOT_ANSWERED = [
  'corrupted-supergraph-node-id/0',
  'corrupted-supergraph-node-id/5',
  'input-object-intersection/1',
  'input-object-intersection/2',
  'non-resolvable-interface-object/1',
  'non-resolvable-interface-object/5',
  'simple-inaccessible/2',
];

/** Queries for objects of an interface that nothing implements: one schema cannot answer them, and
 * only the subgraph of the interface object can. */
const OF_NO_TYPE = [0, 2, 3].map((i) => `non-resolvable-interface-object/${i}`);

function createWorld({ subgraphs }: Suite, schedule: Schedule) {
  const { publicSdl, publicSchema } = composeSupergraph(subgraphs);
  const schemas = subgraphs.map((one) => createLocalSubgraph(one).schema);
  const world = new MadeUpWorld(publicSchema, schemas);
  const monolith = buildASTSchema(parse(publicSdl));
  world.attachTo(monolith);
  const gateway = createGateway({
    schedule,
    subgraphs: subgraphs.map((one, i) => {
      const schema = schemas[i];
      return schema === undefined ? one : { ...one, resolvers: world.resolversOf(schema) };
    }),
  });
  return { gateway, monolith };
}

/** Executes with the fetches completed in some other order. */
function executeOutOfOrder(gateway: Gateway, query: string): GraphQLAnswer {
  const { run, answer } = gateway.begin({ query });
  if (run === undefined) return answer;
  const open = [...run.start()];
  for (let fetch = open.pop(); fetch !== undefined; fetch = open.pop()) {
    open.unshift(...run.complete(fetch.fetchId, gateway.resolve(fetch)));
  }
  return run.answer() ?? {};
}

const hasPlanner =
  createNativePlanner(
    composeSupergraph([{ name: 'a', typeDefs: 'type Query { a: Int }' }]).supergraphSdl,
  ) !== undefined;

describe('supergraphs of the audit', () => {
  it(
    'G7: are all taken as they were composed',
    onRealData('federation/audit-suites.json', (path) => {
      const suites = suitesOf(path);
      for (const { subgraphs } of suites) {
        const { supergraphSdl } = composeSupergraph(subgraphs);
        const read = readSupergraph(supergraphSdl);
        expect(read.services.map(({ name }) => name).sort()).toEqual(
          subgraphs.map(({ name }) => name).sort(),
        );
      }
      expect(suites.length).toBeGreaterThan(20);
    }),
  );
});

describe.skipIf(!hasPlanner)('the audit of federation gateways (skipped: no planner here)', () => {
  it(
    'G3: is answered as one schema answers it, and refused where nobody can',
    onRealData('federation/audit-suites.json', (path) => {
      const refused: string[] = [];
      let answered = 0;
      for (const suite of suitesOf(path)) {
        for (const schedule of ['plan', 'dataflow'] as const) {
          const { gateway, monolith } = createWorld(suite, schedule);
          suite.tests.forEach(({ query }, i) => {
            const name = `${suite.id}/${i}`;
            const answer = gateway.execute({ query });
            if (!('data' in answer)) {
              refused.push(name);
              return;
            }
            const document = parse(query);
            const { data } = executeSync({ schema: monolith, document });
            if (!OF_NO_TYPE.includes(name)) {
              expect(answer, name).toEqual({ data: JSON.parse(JSON.stringify(data)) });
            }
            expect(executeOutOfOrder(gateway, query), name).toEqual(answer);
            answered += 1;
          });
        }
      }
      expect([...new Set(refused)]).toEqual(NOT_ANSWERED);
      expect(answered).toBe(2 * (106 - NOT_ANSWERED.length));
    }),
    180_000,
  );
});
