/** Variables of a request against what the operation declares. */
import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql';
import type { Variables } from '../../plan/conditions.ts';
import { newObject } from '../../plan/data/response-data.ts';
import { type GraphQLAnswer, refusal } from './graphql-answer.ts';

/** Checks variables and fills in defaults. What the client sent goes on as it was sent, because
 * services read it by their own schemas.
 * @returns the variables, or the refusal that tells what is wrong with them. */
export function checkedVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  sent: Variables,
): { readonly variables: Variables } | { readonly refused: GraphQLAnswer } {
  const definitions = operation.variableDefinitions ?? [];
  if (definitions.length === 0) return { variables: NO_VARIABLES };
  const { errors, variableValues } = getVariableValues(schema, definitions, sent);
  if (errors !== undefined) {
    return {
      refused: refusal(
        'BAD_USER_INPUT',
        errors.map((error) => error.toJSON()),
      ),
    };
  }
  const variables = newObject();
  for (const { variable } of definitions) {
    const name = variable.name.value;
    if (Object.hasOwn(sent, name) && sent[name] !== undefined) variables[name] = sent[name];
    else if (name in variableValues.coerced) variables[name] = variableValues.coerced[name];
  }
  return { variables };
}

const NO_VARIABLES: Variables = Object.freeze({});
