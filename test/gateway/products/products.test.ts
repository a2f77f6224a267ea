/** Products behind their one face. */
import { describe, expect, it } from 'vitest';
import { createPageTraces } from '../../../src/gateway/page-trace.ts';
import { BENCHMARK_QUERY } from '../../../src/gateway/products/gateways-benchmark/query.ts';
import { PRODUCT_NAMES } from '../../../src/gateway/products/product.ts';
import { PRODUCTS } from '../../../src/gateway/products/products.ts';
import { createTinyCatalogue } from '../tiny-catalogue.ts';

const catalogue = createTinyCatalogue();
const benchmark = PRODUCTS['gateways-benchmark'];

describe.each(PRODUCT_NAMES.map((name) => PRODUCTS[name]))('$name', (product) => {
  it('E32: has the services that its supergraph names, and its architectures ask no others', () => {
    const named = product.supergraph().services.map(({ name }) => name);
    expect(named).toEqual(product.services);
    expect(product.supergraph()).toBe(product.supergraph());
    for (const name of product.architectures) {
      const { services } = product.createArchitecture(name);
      expect(services.every((one) => one === 'monolith' || named.includes(one))).toBe(true);
    }
  });

  it('E32: answers for its services, of one operation the same object', () => {
    const backends = product.createBackends(catalogue);
    for (const service of product.services) {
      const asked = { service, operation: '{_service{sdl}}', variables: {} };
      const answer = backends.execute(asked);
      expect(JSON.stringify(answer.data)).toContain('type');
      expect(answer.responseBytes).toBe(Buffer.byteLength(JSON.stringify({ data: answer.data })));
      expect(backends.execute({ ...asked, variables: {} })).toBe(answer);
      expect(Object.isFrozen(answer.data)).toBe(true);
    }
    const before = backends.dataVersion;
    backends.invalidate();
    expect(backends.dataVersion).toBe(before + 1);
  });
});

describe('gateways-benchmark', () => {
  it('G39: is traced in seven calls, with as many entities and bytes as the original', () => {
    const { publicSchema, types } = benchmark.supergraph();
    const backends = benchmark.createBackends(catalogue);
    const traces = createPageTraces({ publicSchema, types, backends });
    const plan = benchmark.createArchitecture('federated').planOperation(BENCHMARK_QUERY);
    const run = traces.begin(plan, {});
    const work: Record<string, number>[] = [];
    const open = [...run.start()];
    for (let call = open.shift(); call !== undefined; call = open.shift()) {
      work.push({ ...call.work });
      open.push(...run.complete(call.callId, 'answered'));
    }
    expect(work.length).toBe(7);
    // 5 products and 11 products of the reviews' subjects and authors; then one of each.
    const counts = work.map((one) => Object.values(one)[0] ?? 0);
    expect([...counts].sort((a, b) => a - b)).toEqual([1, 1, 1, 1, 1, 5, 11]);
    const end = run.end();
    expect([end?.outcome, end?.callCount]).toEqual(['ok', 7]);
    expect(Math.abs((end?.bytes ?? 0) / 87_300 - 1)).toBeLessThan(0.01);
  });

  it('E32: has no pages and no other architecture', () => {
    const refused = expect.objectContaining({ code: 'GATEWAY_BAD_OPERATION' });
    expect(() => benchmark.createArchitecture('direct')).toThrow(refused);
    expect(() => benchmark.createArchitecture('federated').plan('home')).toThrow(refused);
  });

  it('E32: an answer says what is wrong with a question', () => {
    const backends = benchmark.createBackends(catalogue);
    const operation = 'query($id:ID!){user(id:$id){id}}';
    const answer = backends.execute({ service: 'accounts', operation, variables: {} });
    expect(answer.errors?.[0]?.message).toMatch(/\$id/);
    expect(answer.errors?.length).toBe(1);
    expect(answer.data).toEqual({});
  });
});
