/** What a schema calls federation's directives: `@link` may import them, rename them or leave them
 * in a namespace; a schema without `@link` speaks Federation 1 and uses the plain names. */
import { type ConstDirectiveNode, type ConstValueNode, type DocumentNode, Kind } from 'graphql';

const FEDERATION = 'https://specs.apollo.dev/federation';

/** The names under which a schema uses one directive of federation, like `key`. */
export function directiveNames(document: DocumentNode, directive: string): ReadonlySet<string> {
  const link = schemaDirectives(document).find((one) => {
    return one.name.value === 'link' && stringOf(argument(one, 'url'))?.startsWith(FEDERATION);
  });
  if (link === undefined) return new Set([directive]);
  const namespace = stringOf(argument(link, 'as')) ?? 'federation';
  const names = new Set([`${namespace}__${directive}`]);
  const imports = argument(link, 'import');
  for (const item of imports?.kind === Kind.LIST ? imports.values : []) {
    const imported = importOf(item);
    if (imported?.name === `@${directive}`) names.add(imported.as.replace(/^@/, ''));
  }
  return names;
}

function schemaDirectives(document: DocumentNode): readonly ConstDirectiveNode[] {
  return document.definitions.flatMap((node) =>
    node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION
      ? (node.directives ?? [])
      : [],
  );
}

/** An argument of a directive. */
export function argument(directive: ConstDirectiveNode, name: string): ConstValueNode | undefined {
  return directive.arguments?.find((one) => one.name.value === name)?.value;
}

function stringOf(value: ConstValueNode | undefined): string | undefined {
  return value?.kind === Kind.STRING ? value.value : undefined;
}

/** An import: `"@key"` or `{name: "@key", as: "@primaryKey"}`. */
function importOf(
  item: ConstValueNode,
): { readonly name: string; readonly as: string } | undefined {
  if (item.kind === Kind.STRING) return { name: item.value, as: item.value };
  if (item.kind !== Kind.OBJECT) return undefined;
  const field = (name: string) =>
    stringOf(item.fields.find((one) => one.name.value === name)?.value);
  const name = field('name');
  return name === undefined ? undefined : { name, as: field('as') ?? name };
}
