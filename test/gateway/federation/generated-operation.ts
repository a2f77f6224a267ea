/** GraphQL operations over the product's public schema from a stream of numbers. */
import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { productSupergraph } from '../../../src/gateway/services/product.ts';

const { publicSchema } = productSupergraph();
const ROOTS = ['homeRows(genre: $genre)', 'title(id: $id)', 'search(text: $text)'];
const DEPTH_MAX = 5;

/** The next number, below `n`. */
export type Draw = (n: number) => number;

/** What operations are like. */
export interface OperationStyle {
  /** Whether aliases are names of other fields, keys of entities among them, types are asked for
   * only by chance, and conditions stand at fragments that change no type. */
  readonly isHostile: boolean;
}

/** Turns a stream of numbers into a selection set: aliases, arguments, fragments, conditions. */
function selections(type: GraphQLObjectType, depth: number, context: Context): string {
  const { draw, isHostile } = context;
  const fields = Object.values(type.getFields()).filter((field) => {
    const isTooDeep = isObjectType(getNamedType(field.type)) && depth >= DEPTH_MAX;
    return draw(2) > 0 && !isTooDeep;
  });
  const free = Object.keys(type.getFields()).filter((name) => !fields.some((f) => f.name === name));
  const parts = fields.map((field) => {
    const inner = getNamedType(field.type);
    const set = isObjectType(inner) ? ` ${selections(inner, depth + 1, context)}` : '';
    // What is required is never left out, so that no answer hangs on the place of a condition.
    const condition = isNonNullType(field.type) ? '' : conditionOf(draw);
    const alias =
      isHostile && draw(3) === 0 ? free.splice(draw(free.length || 1), 1)[0] : undefined;
    const text = `${fieldCall(field, alias, { depth, draw })}${condition}${set}`;
    const fragmentCondition = isHostile && !isNonNullType(field.type) ? conditionOf(draw) : '';
    return draw(7) === 0 ? `... on ${type.name}${fragmentCondition} { ${text} }` : text;
  });
  const isTypeAsked = !isHostile || parts.length === 0 || draw(4) === 0;
  return `{ ${isTypeAsked ? '__typename ' : ''}${parts.join(' ')} }`;
}

interface Context extends OperationStyle {
  readonly draw: Draw;
}

/** Alias, name, arguments. One argument a response key, so that fields merge as GraphQL demands. */
function fieldCall(
  { name, args }: GraphQLField,
  alias: string | undefined,
  { depth, draw }: { readonly depth: number; readonly draw: Draw },
): string {
  if (args.some((arg) => arg.name === 'first')) {
    return `${alias ?? `${name}At${depth}`}: ${name}(first: ${1 + (depth % 3)})`;
  }
  if (alias !== undefined) return `${alias}: ${name}`;
  return draw(6) === 0 ? `my_${name}: ${name}` : name;
}

function conditionOf(draw: Draw): string {
  const include = draw(5) === 0 ? ' @include(if: $yes)' : '';
  return draw(9) === 0 ? `${include} @skip(if: $yes)` : include;
}

/** An operation with the variables that it uses: `genre`, `id`, `text`, `yes`. */
export function operationOf(draw: Draw, { isHostile }: OperationStyle): string {
  const fields = ROOTS.filter(() => draw(3) > 0);
  const chosen = fields.length === 0 ? ROOTS.slice(1, 2) : fields;
  const types = { homeRows: 'HomeRow', title: 'Title', search: 'Title' };
  const texts = chosen.map((field) => {
    const name = field.replace(/\(.*/, '') as keyof typeof types;
    const type = publicSchema.getType(types[name]);
    return isObjectType(type) ? `${field} ${selections(type, 1, { draw, isHostile })}` : '';
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
