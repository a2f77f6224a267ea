/** The federated gateway against graphql-js on generated operations: any query over the public
 * schema, planned, fetched in random order and shaped, gives what one schema gives. */
import fc from 'fast-check';
import {
  executeSync,
  type GraphQLObjectType,
  getNamedType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { createNativePlanner } from '../../../src/gateway/federation/native-planner.ts';
import { checkOperation } from '../../../src/gateway/federation/operations.ts';
import { createServiceBackends } from '../../../src/gateway/service-backends.ts';
import { createMonolithSchema } from '../../../src/gateway/services/executable-schema.ts';
import { createLibrary } from '../../../src/gateway/services/library.ts';
import { productSupergraph, SUBGRAPHS } from '../../../src/gateway/services/product.ts';
import { createWorkCounter } from '../../../src/gateway/services/work-counter.ts';
import { drivePlan } from '../drive-plan.ts';
import { createTinyCatalogue } from '../tiny-catalogue.ts';

const catalogue = createTinyCatalogue();
const { supergraphSdl, publicSdl, publicSchema } = productSupergraph();
const planner = createNativePlanner(supergraphSdl);
const monolith = createMonolithSchema(publicSdl, SUBGRAPHS, createLibrary(catalogue));
const backends = createServiceBackends(catalogue);

const ROOTS = ['homeRows(genre: $genre)', 'title(id: $id)', 'search(text: $text)'];
const DEPTH_MAX = 5;

/** Turns a stream of numbers into a selection set: aliases, arguments, fragments, conditions. */
function selections(type: GraphQLObjectType, depth: number, draw: (n: number) => number): string {
  const parts: string[] = [];
  for (const [name, field] of Object.entries(type.getFields())) {
    const inner = getNamedType(field.type);
    const isObject = isObjectType(inner);
    if (draw(2) === 0 || (isObject && depth >= DEPTH_MAX)) continue;
    // One argument a field name, so that fields merge as GraphQL demands.
    const first = field.args.some((arg) => arg.name === 'first')
      ? `(first: ${1 + (depth % 3)})`
      : '';
    const alias = first !== '' ? `${name}At${depth}: ` : draw(6) === 0 ? `my_${name}: ` : '';
    // Required fields stay whatever the condition, so that no object is left empty.
    const condition = !isNonNullType(field.type) && draw(5) === 0 ? ' @include(if: $yes)' : '';
    const absent = !isNonNullType(field.type) && draw(9) === 0 ? ' @skip(if: $yes)' : '';
    const set = isObject ? ` ${selections(inner, depth + 1, draw)}` : '';
    const text = `${alias}${name}${first}${condition}${absent}${set}`;
    parts.push(draw(7) === 0 ? `... on ${type.name} { ${text} }` : text);
  }
  return `{ __typename ${parts.join(' ')} }`;
}

function operationOf(draw: (n: number) => number): string {
  const fields = ROOTS.filter(() => draw(3) > 0);
  const chosen = fields.length === 0 ? ROOTS.slice(1, 2) : fields;
  const types = { homeRows: 'HomeRow', title: 'Title', search: 'Title' };
  const texts = chosen.map((field) => {
    const name = field.replace(/\(.*/, '') as keyof typeof types;
    const type = publicSchema.getType(types[name]);
    return isObjectType(type) ? `${field} ${selections(type, 1, draw)}` : '';
  });
  const used = (name: string) => texts.some((text) => text.includes(`$${name}`));
  const declared = [
    used('genre') ? '$genre: String!' : '',
    used('id') ? '$id: ID!' : '',
    used('text') ? '$text: String!' : '',
    used('yes') ? '$yes: Boolean!' : '',
  ].filter((one) => one !== '');
  const variables = declared.length === 0 ? '' : `(${declared.join(', ')})`;
  return `query${variables} { ${texts.join(' ')} }`;
}

describe.skipIf(planner === undefined)('generated operations (skipped: no planner here)', () => {
  it('G3: federated equals graphql-js', () => {
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
        const text = operationOf(draw);
        const document = checkOperation(text, publicSchema).text;
        const root = planner?.plan(document);
        if (root === undefined) {
          refused += 1;
          return;
        }
        const drive = { plan: { document, root }, variables, backends, pick: draw };
        const { answer, fetches: made } = drivePlan(drive);
        const expected = executeSync({
          schema: monolith,
          document: parse(text),
          variableValues: variables,
          contextValue: createWorkCounter(),
        });
        expect(answer, text).toEqual({ ...JSON.parse(JSON.stringify(expected)), errors: [] });
        fetches += made.length;
        conditions += JSON.stringify(root).includes('"Condition"') ? 1 : 0;
      },
    );
    fc.assert(property, { numRuns: 250, seed: 7 });
    expect(refused).toBe(0);
    expect(fetches).toBeGreaterThan(500);
    expect(conditions).toBeGreaterThan(20);
  });
});
