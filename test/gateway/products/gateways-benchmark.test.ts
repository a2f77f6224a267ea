/** The product of the gateways benchmark: plan, bytes and data as the original has them. */
import { buildASTSchema, executeSync, type GraphQLSchema, isObjectType, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import type { PlanNode } from '../../../src/gateway/call-plan.ts';
import { createGateway } from '../../../src/gateway/federation/gateway.ts';
import { createNativePlanner } from '../../../src/gateway/federation/native-planner.ts';
import { BENCHMARK_SUBGRAPHS } from '../../../src/gateway/products/gateways-benchmark/product.ts';
import {
  PUBLISHED_LOADS,
  PUBLISHED_RESULTS,
} from '../../../src/gateway/products/gateways-benchmark/published-results.ts';
import { BENCHMARK_QUERY } from '../../../src/gateway/products/gateways-benchmark/query.ts';
import { PRODUCTS, REVIEWS, USERS } from '../../../src/gateway/products/gateways-benchmark/rows.ts';

const gateway = createGateway({ subgraphs: BENCHMARK_SUBGRAPHS });

type Row = Readonly<Record<string, unknown>>;
type Resolve = (source: Row, args: Row) => unknown;

/** One process that has every table: an independent reading of the same data. */
function monolith(): GraphQLSchema {
  const schema = buildASTSchema(parse(gateway.publicSdl));
  const tables: Readonly<Record<string, (source: Row) => Row | undefined>> = {
    Product: ({ upc }) => PRODUCTS.find((row) => row.upc === upc) as Row | undefined,
    User: ({ id }) => USERS.find((row) => row.id === id) as Row | undefined,
    Review: ({ id }) => REVIEWS.find((row) => row.id === id) as Row | undefined,
  };
  const resolvers = BENCHMARK_SUBGRAPHS.map((one) => one.resolvers as Row);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const own = resolvers
        .map((byType) => (byType[type.name] as Row | undefined)?.[field.name])
        .find((found) => found !== undefined) as Resolve | undefined;
      const fromTable: Resolve = (source) => tables[type.name]?.(source)?.[field.name];
      field.resolve = own ?? fromTable;
    }
  }
  return schema;
}

/** Services of each wave, in order. */
function wavesOf(node: PlanNode): string[][] {
  if (node.kind === 'Sequence') return node.nodes.flatMap(wavesOf);
  if (node.kind === 'Parallel') return [node.nodes.flatMap((one) => wavesOf(one).flat()).sort()];
  if (node.kind === 'Flatten') return wavesOf(node.node);
  if (node.kind === 'Fetch' || node.kind === 'BatchFetch') return [[node.serviceName]];
  throw new Error(`no ${node.kind} in this plan`);
}

describe('the gateways benchmark', () => {
  it('G39: needs seven fetches in four waves', () => {
    const plan = createNativePlanner(gateway.supergraphSdl)?.plan(BENCHMARK_QUERY);
    if (plan === undefined) throw new Error('this platform has no native planner');
    expect(wavesOf(plan)).toEqual([
      ['accounts', 'products'],
      ['inventory', 'reviews'],
      ['accounts', 'products'],
      ['inventory'],
    ]);
  });

  it('G39: asks for as many representations as the original', () => {
    const counts: (readonly [service: string, representations: number])[] = [];
    const { run } = gateway.begin({ query: BENCHMARK_QUERY });
    if (run === undefined) throw new Error('the query did not begin');
    const open = [...run.start()];
    for (let fetch = open.shift(); fetch !== undefined; fetch = open.shift()) {
      const lists = Object.values(fetch.variables).filter(Array.isArray);
      counts.push([fetch.serviceName, lists.flat().length]);
      open.push(...run.complete(fetch.fetchId, gateway.resolve(fetch)));
    }
    expect(counts.slice(0, 2).sort()).toEqual([
      ['accounts', 0],
      ['products', 0],
    ]);
    expect(counts.slice(2, 4).sort()).toEqual([
      ['inventory', 5],
      ['reviews', 11],
    ]);
    expect(counts.slice(4)).toHaveLength(3);
    expect(counts.slice(4).every(([, representations]) => representations <= 5)).toBe(true);
  });

  it('G39: answers about 87 KB without an error', () => {
    const answer = gateway.execute({ query: BENCHMARK_QUERY });
    expect(answer.errors).toBeUndefined();
    const sizeBytes = Buffer.byteLength(JSON.stringify(answer));
    expect(sizeBytes).toBeGreaterThan(85_000);
    expect(sizeBytes).toBeLessThan(90_000);
  });

  it('answers like one process that has all the data', () => {
    const federated = gateway.execute({ query: BENCHMARK_QUERY });
    const whole = executeSync({ schema: monolith(), document: parse(BENCHMARK_QUERY) });
    expect(whole.errors).toBeUndefined();
    expect(federated).toEqual(JSON.parse(JSON.stringify(whole)));
    const data = federated.data as { readonly users: unknown[]; readonly topProducts: unknown[] };
    expect([data.users.length, data.topProducts.length]).toEqual([USERS.length, 5]);
  });

  it('answers what the benchmark does not ask as well', () => {
    const query =
      '{ me { username birthday } user(id: "3") { name reviews { id author { name } } }' +
      ' nobody: user(id: "99") { name } topProducts(first: 9) { upc inStock reviews { id } } }';
    const federated = gateway.execute({ query });
    const whole = executeSync({ schema: monolith(), document: parse(query) });
    expect(federated).toEqual(JSON.parse(JSON.stringify(whole)));
    expect(federated.data?.['nobody']).toBeNull();
  });

  it('keeps the loads under which that was measured', () => {
    const { constant, stress } = PUBLISHED_LOADS;
    expect(stress.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0)).toBe(60);
    expect(Math.max(...stress.map(({ users }) => users))).toBe(10 * constant.users);
  });

  it('keeps what was published, in an order that Little’s law agrees with', () => {
    expect(PUBLISHED_RESULTS).toHaveLength(7);
    for (const { name, constant } of PUBLISHED_RESULTS) {
      const users = (constant.requestsPerSec * constant.averageMs) / 1_000;
      expect([name, users > 48 && users < 51]).toEqual([name, true]);
    }
  });
});
