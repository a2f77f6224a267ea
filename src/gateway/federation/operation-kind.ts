/** Tells queries from mutations before anything is planned: HTTP allows only queries to be got. */
import { Kind, type OperationTypeNode, parse } from 'graphql';

/** What kind of operation a request would run; undefined where its text does not parse or where it
 * names no operation of it (executing it says so better). Cost: one parse. */
export function operationKind(
  query: string,
  operationName?: string | null,
): `${OperationTypeNode}` | undefined {
  try {
    const operations = parse(query, { noLocation: true }).definitions.filter(
      (node) => node.kind === Kind.OPERATION_DEFINITION,
    );
    const chosen = operations.filter(
      ({ name }) =>
        operationName === undefined || operationName === null || name?.value === operationName,
    );
    return chosen.length === 1 ? chosen[0]?.operation : undefined;
  } catch {
    return undefined;
  }
}
