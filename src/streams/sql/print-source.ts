/** A source's rows: its columns in their types, event time, and order of arrival. Spec: W52. */
import { EngineError } from '../../kernel/errors.ts';
import type { SourceSpec } from '../plan/plan.ts';
import { addCte, type BatchChain, relationName, type Stage, select } from './batch-chain.ts';

/** The first stage of a chain, or the right side of a join. What the stream rejects is left out:
 * rows without event time, and records that are no JSON or have a value of another type.
 * @throws EngineError `STREAMS_BAD_ARGUMENT` if no relation was named for the source. */
export function printSource(chain: BatchChain, source: SourceSpec, label: string): Stage {
  const { dialect } = chain;
  const given = Object.hasOwn(chain.sources, source.name) ? chain.sources[source.name] : undefined;
  if (given === undefined) {
    const found = Object.keys(chain.sources);
    const message = `from: no relation for source "${source.name}"; found ${found.join(', ')}`;
    throw new EngineError('STREAMS_BAD_ARGUMENT', message, { argument: 'from', found });
  }
  const relation = relationName(chain, given.relation);
  const fields = Object.entries(source.columns).map(([name, { type, path = name }]) => ({
    name,
    field: { record: dialect.name('$record'), path: path.split('.'), type },
  }));
  const valueOfField = ({ name, field }: (typeof fields)[number]): string =>
    given.record === undefined
      ? dialect.cast(dialect.name(name), field.type)
      : dialect.jsonValue(field);
  const columns = fields.map((one) => `${valueOfField(one)} AS ${dialect.name(one.name)}`);
  const time = fields
    .filter(({ name }) => name === source.time)
    .map(valueOfField)
    .join('');
  columns.push(`${time} AS ${dialect.name('$time')}`);
  const order = given.order === undefined ? 'row_number() OVER ()' : dialect.name(given.order);
  if (chain.needsOrder) columns.push(`${order} AS ${dialect.name('$order')}`);
  const conditions = [`${time} IS NOT NULL`];
  let from = relation;
  if (given.record !== undefined) {
    const record = dialect.name(given.record);
    const name = dialect.name('$record');
    const valid = `CASE WHEN json_valid(${record}) THEN ${record} END`;
    from = addCte(chain, `${label}_records`, `SELECT *, ${valid} AS ${name}\nFROM ${relation}`);
    conditions.unshift(...fields.map(({ field }) => dialect.jsonFits(field)));
  }
  const rest = `FROM ${from}\nWHERE ${conditions.join('\n  AND ')}`;
  const names = fields.map(({ name }) => name);
  return {
    relation: addCte(chain, label, select(columns, rest)),
    columns: new Map(names.map((name) => [name, source.columns[name]?.type ?? 'string'])),
  };
}
