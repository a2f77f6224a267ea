/** Operations as text: checked against the public schema before anything plans them (planners do
 * not validate), and written the way they go over the wire. */
import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  parse,
  stripIgnoredCharacters,
  validate,
} from 'graphql';
import { EngineError } from '../../kernel/errors.ts';

/** An operation that is valid against a schema. */
export interface CheckedOperation {
  /** As short as GraphQL allows: what is sent, and what keys caches and snapshots. */
  readonly text: string;
  readonly document: DocumentNode;
  /** Its variables in the order of declaration. */
  readonly variableNames: readonly string[];
}

/** Parses and validates one query.
 * @throws EngineError `GATEWAY_BAD_OPERATION` with every problem. */
export function checkOperation(text: string, schema: GraphQLSchema): CheckedOperation {
  const document = parsed(text);
  const problems = validate(schema, document).map((error) => error.message);
  const operations = document.definitions.filter((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operations.length !== 1) problems.push(`found ${operations.length} operations, expected one`);
  if (operations[0] !== undefined && operations[0].operation !== 'query') {
    problems.push(`found a ${operations[0].operation}, expected a query`);
  }
  if (problems.length > 0) throw badOperation(problems);
  return {
    text: stripIgnoredCharacters(text),
    document,
    variableNames: variableNamesOf(document),
  };
}

/** Names of the variables that an operation declares, in that order. */
export function variableNamesOf(document: DocumentNode): readonly string[] {
  return document.definitions.flatMap((node) =>
    node.kind === Kind.OPERATION_DEFINITION
      ? (node.variableDefinitions ?? []).map((definition) => definition.variable.name.value)
      : [],
  );
}

/** Names of the variables that the operation of a document declares, in that order.
 * @param text - A valid document. */
export function variableNamesIn(text: string): readonly string[] {
  return variableNamesOf(parse(text));
}

/** The error for operations that cannot be used. */
export function badOperation(
  problems: readonly string[],
  cause?: unknown,
): EngineError<'GATEWAY_BAD_OPERATION'> {
  const message = `the operation does not fit the schema: ${sentence(problems)}; correct the query`;
  return new EngineError('GATEWAY_BAD_OPERATION', message, { problems }, { cause });
}

/** Problems as one clause: GraphQL's messages end with full stops. */
function sentence(problems: readonly string[]): string {
  return problems.map((problem) => problem.replace(/\.$/, '')).join('; ');
}

function parsed(text: string): DocumentNode {
  try {
    return parse(text);
  } catch (cause) {
    throw badOperation([cause instanceof Error ? cause.message : String(cause)], cause);
  }
}
