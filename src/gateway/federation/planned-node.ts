/** Reads a planner's output into a call plan: keeps what the executor understands, refuses the rest
 * by name, drops empty properties, shortens operations. */
import { stripIgnoredCharacters } from 'graphql';
import type {
  BatchFetchNode,
  EntityAlias,
  FetchNode,
  FlattenSegment,
  PlanNode,
  RequiredSelection,
} from '../call-plan.ts';
import { badOperation } from './operations.ts';

interface Raw {
  readonly [key: string]: unknown;
}

/** Kinds of rewrite that the executor does not apply. */
const REWRITES = ['inputRewrites', 'outputRewrites'];

/** Reads one node with all below it.
 * @throws EngineError `GATEWAY_BAD_OPERATION` for a node that the executor does not know. */
export function plannedNode(found: unknown): PlanNode {
  const raw = rawOf(found);
  switch (raw.kind) {
    case 'Fetch':
      return plannedFetch(raw);
    case 'BatchFetch':
      return plannedBatch(raw);
    case 'Sequence':
    case 'Parallel':
      return { kind: raw.kind, nodes: listOf(raw.nodes).map(plannedNode) };
    case 'Flatten': {
      const path = listOf(raw.path) as readonly FlattenSegment[];
      return { kind: 'Flatten', path, node: plannedNode(raw.node) };
    }
    case 'Condition':
      return {
        kind: 'Condition',
        condition: String(raw.condition),
        ...(raw.ifClause ? { ifClause: plannedNode(raw.ifClause) } : {}),
        ...(raw.elseClause ? { elseClause: plannedNode(raw.elseClause) } : {}),
      };
    default:
      throw refusal(`plan node ${String(raw.kind)}`);
  }
}

function plannedFetch(raw: Raw): FetchNode {
  refuseRewrites(raw);
  const requires = listOf(raw.requires) as readonly RequiredSelection[];
  return { kind: 'Fetch', ...callOf(raw), ...(requires.length === 0 ? {} : { requires }) };
}

function plannedBatch(raw: Raw): BatchFetchNode {
  const aliases = listOf(rawOf(raw.entityBatch).aliases).map((found): EntityAlias => {
    const batch = rawOf(found);
    refuseRewrites(batch);
    return {
      alias: String(batch.alias),
      representationsVariableName: String(batch.representationsVariableName),
      paths: listOf(batch.paths) as EntityAlias['paths'],
      requires: listOf(batch.requires) as readonly RequiredSelection[],
    };
  });
  return { kind: 'BatchFetch', ...callOf(raw), entityBatch: { aliases } };
}

function callOf(raw: Raw) {
  const usages = listOf(raw.variableUsages).map(String);
  return {
    serviceName: String(raw.serviceName),
    operationKind: 'query',
    operation: stripIgnoredCharacters(String(raw.operation)),
    ...(usages.length === 0 ? {} : { variableUsages: usages }),
  };
}

function refuseRewrites(raw: Raw): void {
  for (const name of REWRITES) if (listOf(raw[name]).length > 0) throw refusal(name);
}

function rawOf(found: unknown): Raw {
  if (typeof found === 'object' && found !== null) return found as Raw;
  throw refusal('an empty plan');
}

function listOf(found: unknown): readonly unknown[] {
  return Array.isArray(found) ? found : [];
}

function refusal(what: string) {
  return badOperation([`the planner wrote ${what}, which plan runs do not support`]);
}
