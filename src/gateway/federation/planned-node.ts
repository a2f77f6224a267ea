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
  Rewrite,
} from '../call-plan.ts';
import { badOperation } from './operations.ts';

interface Raw {
  readonly [key: string]: unknown;
}

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
  const requires = listOf(raw.requires) as readonly RequiredSelection[];
  return {
    kind: 'Fetch',
    ...callOf(raw),
    ...(requires.length === 0 ? {} : { requires: requires.map(plannedSelection) }),
    ...rewritesOf(raw),
  };
}

function plannedBatch(raw: Raw): BatchFetchNode {
  const aliases = listOf(rawOf(raw.entityBatch).aliases).map((found): EntityAlias => {
    const batch = rawOf(found);
    return {
      alias: String(batch.alias),
      representationsVariableName: String(batch.representationsVariableName),
      paths: listOf(batch.paths) as EntityAlias['paths'],
      requires: (listOf(batch.requires) as readonly RequiredSelection[]).map(plannedSelection),
      ...rewritesOf(batch),
    };
  });
  return { kind: 'BatchFetch', ...callOf(raw), entityBatch: { aliases } };
}

function callOf(raw: Raw) {
  const usages = listOf(raw.variableUsages).map(String);
  const operationKind = String(raw.operationKind ?? 'query');
  if (operationKind !== 'query' && operationKind !== 'mutation') throw refusal(operationKind);
  return {
    serviceName: String(raw.serviceName),
    operationKind,
    operation: stripIgnoredCharacters(String(raw.operation)),
    ...(usages.length === 0 ? {} : { variableUsages: usages }),
  };
}

/** A selection as it is; fragment spreads are refused, because plans define no fragments. */
function plannedSelection(selection: RequiredSelection): RequiredSelection {
  if (selection.kind !== 'Field' && selection.kind !== 'InlineFragment') {
    throw refusal(`the selection ${String(rawOf(selection).kind)}`);
  }
  for (const inner of selection.selections ?? []) plannedSelection(inner);
  return selection;
}

function rewritesOf(raw: Raw) {
  const inputRewrites = listOf(raw.inputRewrites).map(plannedRewrite);
  const outputRewrites = listOf(raw.outputRewrites).map(plannedRewrite);
  return {
    ...(inputRewrites.length === 0 ? {} : { inputRewrites }),
    ...(outputRewrites.length === 0 ? {} : { outputRewrites }),
  };
}

/** A rewrite, also in the planner's other spelling: with a kind beside its parts. */
function plannedRewrite(found: unknown): Rewrite {
  const raw = rawOf(found);
  if (raw.kind === 'ValueSetter') return { ValueSetter: raw } as unknown as Rewrite;
  if (raw.kind === 'KeyRenamer') return { KeyRenamer: raw } as unknown as Rewrite;
  if (raw.ValueSetter !== undefined || raw.KeyRenamer !== undefined) return raw as Rewrite;
  throw refusal(`the rewrite ${Object.keys(raw).join(' ')}`);
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
