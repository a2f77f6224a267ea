/** Answers as text: a table for people, JSON, NDJSON and CSV for programs. Names come from events:
 * no control character of theirs reaches the terminal as one. Spec: S130, X13. */
import type {
  QueryAnswer,
  QueryDocument,
  QueryListDocument,
  QueryValue,
} from '../../../experiment/query/query-document.ts';
import { csvRecord } from '../../../export/text/csv-cell.ts';
import { textTable, wrapped } from '../../../report/summary/text-table.ts';

/** Control characters, and those that turn the direction of writing or cannot be seen. */
const UNSEEN = /[\p{Cc}\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]|\p{Cs}/gu;
/** Significant digits of fractions in a table; the other formats have all. */
const DIGITS = 6;

/** All answers in a format. @param width - Characters of a line, of tables. */
export function queryText(
  document: QueryDocument,
  format: 'table' | 'json' | 'csv' | 'ndjson',
  width: number,
): string {
  switch (format) {
    case 'json':
      return jsonText(document);
    case 'csv':
      return document.answers.map(csvText).join('');
    case 'ndjson':
      return document.answers.map(ndjsonText).join('');
    case 'table':
      return document.answers.map((answer) => tableText(answer, width)).join('\n');
  }
}

/** A document; control characters beyond those that JSON escapes are escaped too. */
export function jsonText(document: QueryDocument | QueryListDocument): string {
  return `${inertJson(JSON.stringify(document, null, 2))}\n`;
}

/** What can be asked, for people. */
export function listText({ kind, metrics, tables }: QueryListDocument, width: number): string {
  const indented = (text: string) => wrapped(text, width - 4).map((line) => `    ${line}`);
  const lines = [
    `Metrics of this ${kind} (--metric <name>)`,
    '',
    ...metrics.flatMap(({ name, words, unit }) => [
      `${name} [${seen(unit)}]`,
      ...indented(seen(words)),
    ]),
    '',
    'Tables and views (--sql)',
    '',
    ...tables.flatMap(({ name, kind: is, columns }) => [
      `${seen(name)}${is === 'view' ? ' (view)' : ''}`,
      ...indented(
        columns.map(({ name: column, type }) => `${seen(column)} ${seen(type)}`.trim()).join(', '),
      ),
    ]),
  ];
  return `${lines.join('\n')}\n`;
}

function tableText({ metric, columns, rows, where }: QueryAnswer, width: number): string {
  const words =
    metric === null ? [] : wrapped(`${metric.name}: ${metric.words} [${metric.unit}]`, width);
  const filter = where === null ? [] : wrapped(`where ${where}`, width);
  const body =
    rows.length === 0
      ? ['no rows']
      : textTable(
          { columns: columns.map(seen), rows: rows.map((row) => row.map(cellText)) },
          width,
        );
  return `${[...words, ...filter, ...body].map((line) => line.trimEnd()).join('\n')}\n`;
}

function cellText(value: QueryValue): string {
  if (value === null) return '–';
  if (typeof value !== 'number') return seen(String(value));
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(DIGITS)));
}

function csvText({ columns, rows }: QueryAnswer): string {
  const cells = (row: readonly QueryValue[]) =>
    row.map((value) => (typeof value === 'boolean' ? String(value) : value));
  return [columns, ...rows.map(cells)].map(csvRecord).join('');
}

/** A row a line, by column; of columns of one name the later ones are numbered. */
function ndjsonText({ metric, columns, rows }: QueryAnswer): string {
  const names = columns.map((name, i) => {
    const before = columns.slice(0, i).filter((other) => other === name).length;
    return before === 0 ? name : `${name}_${before + 1}`;
  });
  const lead = metric === null ? [] : [['metric', metric.name] as const];
  return rows
    .map((row) => {
      const cells = names.map((name, i) => [name, row[i] ?? null] as const);
      return `${inertJson(JSON.stringify(Object.fromEntries([...lead, ...cells])))}\n`;
    })
    .join('');
}

/** Text that a terminal does not obey: `\x1b` for an escape. */
function seen(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`;
  });
}

function inertJson(json: string): string {
  return json.replace(UNSEEN, (character) => {
    if (character === '\n') return character;
    return `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
  });
}
