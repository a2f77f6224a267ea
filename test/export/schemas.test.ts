/** The published schemas: made from the types, committed, and kept to by every document. */
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { resultSchemas } from '../../build/schemas/result-schemas.ts';
import type { FaultsReport } from '../../src/experiment/faults/faults-report.ts';
import type { ExportableDocument } from '../../src/export/export-format.ts';
import { schemaNames, schemaProblems, schemaText } from '../../src/export/schemas.ts';
import type { FaultsDocument } from '../../src/testing/swarm/campaign/faults-document.ts';
import { everyDocument, faultsDocument, realRun } from './export-documents.ts';

const FOLDER = new URL('../../docs/schemas/', import.meta.url);
/** Documents that have a report of their own, and no export. */
const NOT_EXPORTED = ['learn', 'policies'];
let documents: readonly ExportableDocument[];

beforeAll(async () => {
  const real = await realRun();
  documents = [...(await everyDocument()).values(), real.document];
});

function nameOf({ schema }: ExportableDocument): string {
  return schema.replace(/^backlot\.(\w+)\/1$/, '$1');
}

describe('schemas', () => {
  it('X3: a field more is allowed within as well', () => {
    const [run] = documents.filter((one) => one.schema === 'backlot.run/1');
    if (run?.schema !== 'backlot.run/1') throw new Error('no run');
    const more = <T extends object>(value: T) => ({ ...value, fieldOfTomorrow: null });
    const architectures = run.architectures.map((one) => ({
      ...more(one),
      byPage: one.byPage.map(more),
      viewing: more(one.viewing),
    }));
    expect(schemaProblems('run', { ...run, architectures })).toEqual([]);
  });

  it('X1: the committed ones are those of the types: npm run docs writes them', () => {
    const made = resultSchemas();
    expect([...made.keys()].map((name) => `${name}.schema.json`).sort()).toEqual(
      readdirSync(FOLDER).sort(),
    );
    for (const [name, schema] of made) {
      expect(schemaText(name) === `${JSON.stringify(schema, null, 2)}\n`, name).toBe(true);
    }
  });

  it('X1: there is one of every document that can be exported, under its own name', () => {
    expect(new Set([...documents.map(nameOf), ...NOT_EXPORTED])).toEqual(new Set(schemaNames()));
    for (const name of schemaNames()) {
      const { $schema, title, properties } = JSON.parse(schemaText(name)) as {
        readonly $schema: string;
        readonly title: string;
        readonly properties: { readonly schema: { readonly const: string } };
      };
      expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
      expect([title, properties.schema.const]).toEqual([`backlot.${name}/1`, `backlot.${name}/1`]);
    }
  });

  it('X2: documents of every kind and a real run fit', () => {
    for (const document of documents) {
      expect(schemaProblems(nameOf(document), document), document.schema).toEqual([]);
    }
  });

  it('X3: a field more is allowed, a field less or of another type is told', () => {
    for (const document of documents) {
      const name = nameOf(document);
      expect(schemaText(name)).not.toMatch(/"(additional|unevaluated)Properties": false/);
      const more = { ...document, fieldOfTomorrow: { of: ['any', 'kind'] } };
      expect(schemaProblems(name, more)).toEqual([]);
      for (const key of Object.keys(document)) {
        const { [key]: lost, ...others } = document as unknown as Record<string, unknown>;
        const isOptional = !requiredOf(name).includes(key);
        expect(schemaProblems(name, others).length > 0).toBe(!isOptional);
        const wrong = Array.isArray(lost) ? 7 : ['no', 'such'];
        expect(schemaProblems(name, { ...others, [key]: wrong })[0]).toMatch(key);
      }
    }
  });

  it('X3: an unknown name is told its nearest', () => {
    expect(() => schemaText('compere')).toThrow(/CLI_USAGE: no schema.*did you mean "compare"/);
  });

  it('what exports read of a campaign is what campaigns write', () => {
    // Held together by the compiler: exports stand on no floor above `testing`.
    const written: FaultsDocument = faultsDocument();
    const read: FaultsReport = written;
    expect(read.schema).toBe('backlot.faults/1');
  });
});

function requiredOf(name: string): readonly string[] {
  const text = readFileSync(new URL(`${name}.schema.json`, FOLDER), 'utf8');
  return (JSON.parse(text) as { readonly required: readonly string[] }).required;
}
