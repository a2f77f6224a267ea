/** Which paths of the response a fetch writes, by the operation that it sends. */
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import type { FlattenSegment, Rewrite } from '../../call-plan.ts';
import type { FetchStep } from '../steps.ts';

/** Paths of response keys like `/title/cast/person`, lists and types walked through. */
export function writtenPaths(step: FetchStep): ReadonlySet<string> {
  const document = parse(step.operation);
  const written = new Set<string>();
  const root = rootOf(document);
  if (root === undefined) return written;
  const writer: Writer = { fragments: fragmentsOf(document), written, renamed: new Map() };
  if (step.batches === undefined) {
    write(root, '', { ...writer, renamed: renamedKeys(step.outputRewrites) });
    return written;
  }
  for (const { key, paths, outputRewrites } of step.batches) {
    const renamed = renamedKeys(outputRewrites);
    for (const set of setsUnder(root, key)) {
      for (const path of paths) write(set, pathText(path), { ...writer, renamed });
    }
  }
  return written;
}

interface Writer {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly written: Set<string>;
  /** Keys as sent → as merged. */
  readonly renamed: ReadonlyMap<string, string>;
}

function write(set: SelectionSetNode, at: string, writer: Writer): void {
  for (const selection of set.selections) {
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      write(selection.selectionSet, at, writer);
    } else if (selection.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = writer.fragments.get(selection.name.value);
      if (fragment !== undefined) write(fragment.selectionSet, at, writer);
    } else {
      writeField(selection, at, writer);
    }
  }
}

function writeField(field: FieldNode, at: string, writer: Writer): void {
  const key = (field.alias ?? field.name).value;
  for (const name of new Set([key, writer.renamed.get(key) ?? key])) {
    const path = `${at}/${name}`;
    writer.written.add(path);
    if (field.selectionSet !== undefined) write(field.selectionSet, path, writer);
  }
}

/** The selections of the root field with one response key. */
function setsUnder(root: SelectionSetNode, key: string): readonly SelectionSetNode[] {
  return root.selections.flatMap((selection) => {
    if (selection.kind !== Kind.FIELD) return [];
    const isWanted = (selection.alias ?? selection.name).value === key;
    return isWanted && selection.selectionSet !== undefined ? [selection.selectionSet] : [];
  });
}

function rootOf(document: DocumentNode): SelectionSetNode | undefined {
  return document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION)?.selectionSet;
}

function fragmentsOf(document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((node) => [node.name.value, node]));
}

function renamedKeys(rewrites: readonly Rewrite[]): ReadonlyMap<string, string> {
  const renamed = new Map<string, string>();
  for (const rewrite of rewrites) {
    if (!('KeyRenamer' in rewrite)) continue;
    const last = rewrite.KeyRenamer.path.at(-1);
    if (last !== undefined && 'Key' in last) renamed.set(last.Key, rewrite.KeyRenamer.renameKeyTo);
  }
  return renamed;
}

function pathText(path: readonly FlattenSegment[]): string {
  return path
    .map((segment) =>
      typeof segment === 'object' && 'Field' in segment ? `/${segment.Field}` : '',
    )
    .join('');
}
