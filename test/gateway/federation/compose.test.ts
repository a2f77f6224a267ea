/** Composition and the checks of operations: what is right passes, what is wrong has a code. */
import { describe, expect, it } from 'vitest';
import { composeSupergraph } from '../../../src/gateway/federation/compose.ts';
import {
  badOperation,
  checkOperation,
  variableNamesOf,
} from '../../../src/gateway/federation/operations.ts';
import { plannedNode } from '../../../src/gateway/federation/planned-node.ts';
import { productSupergraph, SUBGRAPHS } from '../../../src/gateway/services/product.ts';
import { federationLink } from '../../../src/gateway/services/subgraph.ts';
import { EngineError } from '../../../src/kernel/errors.ts';

describe('composeSupergraph', () => {
  it('composes the product, the same text every time', () => {
    const again = composeSupergraph(SUBGRAPHS);
    expect(again.supergraphSdl).toBe(productSupergraph().supergraphSdl);
    expect(again.publicSdl).toContain('filmography(first: Int): [Title!]');
    expect(again.publicSdl).not.toContain('titleCredits');
  });

  it('G7: tells all problems of subgraphs that do not compose', () => {
    const compose = () =>
      composeSupergraph([
        { name: 'left', typeDefs: `${federationLink(['@key'])} type Query { a: Int }` },
        { name: 'right', typeDefs: `${federationLink(['@key'])} type Query { a: String }` },
      ]);
    expect(compose).toThrow(EngineError);
    expect(compose).toThrow(/^GATEWAY_COMPOSITION: .*Query\.a/);
    const broken = () => composeSupergraph([{ name: 'left', typeDefs: 'type {' }]);
    expect(broken).toThrow(/^GATEWAY_COMPOSITION: .*\[left\]/);
  });
});

describe('checkOperation', () => {
  const { publicSchema } = productSupergraph();

  it('gives the shortest text and the variables', () => {
    const { text, document, variableNames } = checkOperation(
      'query Q($id: ID!) {\n  title(id: $id) { id }\n}',
      publicSchema,
    );
    expect(text).toBe('query Q($id:ID!){title(id:$id){id}}');
    expect(variableNames).toEqual(['id']);
    expect(variableNamesOf(document)).toEqual(['id']);
  });

  it.each([
    ['{ titel(id: "1") { id } }', /Did you mean "title"/],
    ['{ title { id } }', /"Query.title\(id:\)" .* is required/],
    ['{', /Syntax Error/],
    ['{ search(text: "a") { id } } query B { search(text: "b") { id } }', /found 2 operations/],
    ['mutation { play }', /mutation/],
    ['{ titleCredits(id: "1") { id } }', /titleCredits/],
  ])('G7: refuses %s', (text, message) => {
    const check = () => checkOperation(text, publicSchema);
    expect(check).toThrow(EngineError);
    expect(check).toThrow(message);
    expect(check).toThrow(/^GATEWAY_BAD_OPERATION/);
  });

  it('keeps the problems and the cause', () => {
    const cause = new Error('below');
    const error = badOperation(['one', 'two'], cause);
    expect(error.details.problems).toEqual(['one', 'two']);
    expect(error.cause).toBe(cause);
  });
});

describe('plannedNode', () => {
  it.each([
    [{ kind: 'Defer' }, /plan node Defer/],
    [undefined, /empty plan/],
    [{ kind: 'Fetch', operation: '{a}', inputRewrites: [{ Other: 1 }] }, /the rewrite Other/],
    [{ kind: 'Fetch', operation: '{a}', operationKind: 'subscription' }, /subscription/],
    [{ kind: 'Fetch', operation: '{a}', requires: [{ kind: 'FragmentSpread' }] }, /Spread/],
  ])('refuses what runs do not understand: %j', (found, message) => {
    expect(() => plannedNode(found)).toThrow(message);
  });

  it('drops what is empty and keeps conditions', () => {
    const fetch = { kind: 'Fetch', serviceName: 's', operation: '{ a }', requires: null };
    const found = { kind: 'Condition', condition: 'y', ifClause: fetch, elseClause: null };
    expect(plannedNode(found)).toEqual({
      kind: 'Condition',
      condition: 'y',
      ifClause: { kind: 'Fetch', serviceName: 's', operationKind: 'query', operation: '{a}' },
    });
  });
});
