/** The federated gateway against graphql-js on generated operations: any query over the public
 * schema, planned, fetched in random order and shaped, gives what one schema gives. */
import fc from 'fast-check';
import {
  executeSync,
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
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

const catalogue = createTinyCatalogue();
const { supergraphSdl, publicSdl, publicSchema, types } = productSupergraph();
const planner = createNativePlanner(supergraphSdl);
const monolith = createMonolithSchema(publicSdl, SUBGRAPHS, createLibrary(catalogue));
const backends = createServiceBackends(catalogue);

const runners = (['plan', 'dataflow'] as const).map((schedule) =>
  createPlanRunner(publicSchema, { types, schedule }),
);

const ROOTS = ['homeRows(genre: $genre)', 'title(id: $id)', 'search(text: $text)'];
const DEPTH_MAX = 5;

type Draw = (n: number) => number;

/** Turns a stream of numbers into a selection set: aliases, arguments, fragments, conditions. */
function selections(type: GraphQLObjectType, depth: number, draw: Draw): string {
  const parts: string[] = [];
  for (const field of Object.values(type.getFields())) {
    const inner = getNamedType(field.type);
    const isObject = isObjectType(inner);
    if (draw(2) === 0 || (isObject && depth >= DEPTH_MAX)) continue;
    const set = isObject ? ` ${selections(inner, depth + 1, draw)}` : '';
    // What is required is never left out, so that no answer hangs on the place of a condition.
    const condition = isNonNullType(field.type) ? '' : conditionOf(draw);
    const text = `${fieldCall(field, depth, draw)}${condition}${set}`;
    parts.push(draw(7) === 0 ? `... on ${type.name} { ${text} }` : text);
  }
  return `{ __typename ${parts.join(' ')} }`;
}

/** Alias, name, arguments. One argument a response key, so that fields merge as GraphQL demands. */
function fieldCall({ name, args }: GraphQLField, depth: number, draw: Draw): string {
  if (args.some((arg) => arg.name === 'first')) {
    return `${name}At${depth}: ${name}(first: ${1 + (depth % 3)})`;
  }
  return draw(6) === 0 ? `my_${name}: ${name}` : name;
}

function conditionOf(draw: Draw): string {
  const include = draw(5) === 0 ? ' @include(if: $yes)' : '';
  return draw(9) === 0 ? `${include} @skip(if: $yes)` : include;
}

function operationOf(draw: Draw): string {
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
        const text = operationOf(draw);
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
    fc.assert(property, { numRuns: 1_000, seed: 7 });
    expect(refused).toBe(0);
    expect(fetches).toBeGreaterThan(4_000);
    expect(conditions).toBeGreaterThan(80);
  }, 40_000);
});
