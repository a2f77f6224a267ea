/** Composition and the checks of operations: what is right passes, what is wrong has a code. */
import { describe, expect, it } from 'vitest';
import { composeSupergraph, readSupergraph } from '../../../src/gateway/federation/compose.ts';
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
    const nameless = () => composeSupergraph([{ name: '', typeDefs: 'type Query { a: Int }' }]);
    expect(nameless).toThrow(/^GATEWAY_COMPOSITION: .*subgraphs\[0\] has no name/);
  });
});

describe('readSupergraph', () => {
  const FIELDS = 'id: ID owner: Owner @join__field(graph: B, requires: "id", provides: "name")';
  const BOX = `type Box @join__type(graph: B, key: "id") { ${FIELDS} }`;
  const valid = `schema { query: Query }
    enum join__Graph { A @join__graph(name: "a", url: "") B @join__graph(name: "b", url: "") }
    type Query @join__type(graph: A) @join__type(graph: B) { box: Box @join__field(graph: A) }
    ${BOX}
    type Owner @join__type(graph: B) { name: String deep: Box }`;

  it('takes what composition writes', () => {
    const { supergraphSdl } = productSupergraph();
    expect(readSupergraph(supergraphSdl).services).toHaveLength(SUBGRAPHS.length);
    expect(readSupergraph(valid).services.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it.each([
    ['a key of no field', 'key: "id"', 'key: "zz"', /key of Box "zz": .*"zz"/],
    ['a key that is cut off', 'key: "id"', 'key: "id {"', /key of Box "id \{": Syntax/],
    ['an empty key', 'key: "id"', 'key: ""', /key of Box "": .*must be a field/],
    ['a key of empty braces', 'key: "id"', 'key: "owner {}"', /must be a field/],
    ['a key of an object', 'key: "id"', 'key: "owner"', /key of Box .*selection/],
    ['a key on no type', 'key: "id"', 'key: "... on Zz { id }"', /key of Box .*"Zz"/],
    ['requires of no field', 'requires: "id"', 'requires: "zz"', /Box\.owner requires "zz"/],
    ['requires that is cut off', 'requires: "id"', 'requires: "}"', /Box\.owner requires .*Syntax/],
    ['provides of no field', 'provides: "name"', 'provides: "id"', /Box\.owner provides .*"Owner"/],
    ['provides that is cut off', 'provides: "name"', 'provides: "("', /Box\.owner provides/],
    ['a key of a fragment', 'key: "id"', 'key: "...G"', /key of Box .*fragment "G"/],
    ['a key within itself', 'key: "id"', 'key: "...F"', /key of Box .*itself/],
    ['more than a key', 'key: "id"', 'key: "id } fragment G on Box { id"', /too many/],
    ['a type of a field that is none', 'provides: "name"', 'type: "[["', /type "\[\[" of owner/],
    ['services of one name', 'name: "b"', 'name: "a"', /two services a/],
    ['no Query', 'schema { query: Query }', 'schema { mutation: Query }', /no type Query/],
    ['a graph that is not there', 'type(graph: A)', 'type(graph: C)', /join__Graph has no C/],
    ['a type that is not there', 'deep: Box', 'deep: Zz', /Zz/],
  ] as const)('G7: refuses %s', (...[, from, to, problem]) => {
    const broken = valid.replace(from, to);
    expect(broken).not.toBe(valid);
    const read = () => readSupergraph(broken);
    expect(read).toThrow(EngineError);
    expect(read).toThrow(/^GATEWAY_COMPOSITION: .*\[supergraph\]/);
    expect(read).toThrow(problem);
  });

  it('G7: tells every problem of a supergraph', () => {
    const broken = valid
      .replace('key: "id"', 'key: "x"')
      .replace('requires: "id"', 'requires: "y"');
    expect(() => readSupergraph(broken)).toThrow(/"x": .*; \[supergraph\] .*"y": /);
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
