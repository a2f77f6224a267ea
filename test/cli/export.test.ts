/** `backlot export` and `backlot schema`, as users call them. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { judgedDocument } from '../export/export-documents.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { inProcess } from './in-process.ts';

const folder = temporaryFolder();

function resultDirectory(): string {
  const directory = folder.fresh();
  writeFileSync(join(directory, 'run.json'), JSON.stringify(judgedDocument()));
  return directory;
}

describe('backlot export', () => {
  it('writes what the document can be into exports/ beside it', async () => {
    const directory = resultDirectory();
    const { code, stdout } = await inProcess(['export', directory, '--format', 'all']);
    expect(code).toBe(EXIT.ok);
    const written = readdirSync(join(directory, 'exports')).sort();
    expect(written).toEqual([
      'run.csv',
      'run.json',
      'run.junit.xml',
      'run.md',
      'run.ndjson',
      'run.openmetrics.txt',
    ]);
    for (const file of written) expect(stdout).toContain(join(directory, 'exports', file));
  });

  it('prints one format to standard output, of one architecture', async () => {
    const directory = resultDirectory();
    const args = ['export', join(directory, 'run.json'), '--format', 'csv', '--out', '-'];
    const { code, stdout } = await inProcess([...args, '--arch', 'direct']);
    expect(code).toBe(EXIT.ok);
    expect(stdout.startsWith('metric,unit,')).toBe(true);
    expect(stdout).toContain(',direct,');
    expect(stdout).not.toMatch(/,(monolith|federated),/);
    expect(readdirSync(directory)).toEqual(['run.json']);
  });

  it('writes one format to the file that is named', async () => {
    const directory = resultDirectory();
    const out = join(directory, 'ci', 'verdict.xml');
    const { code } = await inProcess(['export', directory, '--format', 'junit', '--out', out]);
    expect(code).toBe(EXIT.ok);
    expect(readFileSync(out, 'utf8')).toContain('<testsuites');
  });

  it('X6: refuses whole: what cannot be exported leaves nothing behind', async () => {
    const directory = resultDirectory();
    const { code, stderr } = await inProcess(['export', directory, '--format', 'csv,otlp']);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(/^EXPORT_REFUSED: backlot\.run\/1 as otlp: it keeps no traces.*json, /);
    expect(readdirSync(directory)).toEqual(['run.json']);
  });

  it.each([
    [['--format', 'junut'], /CLI_USAGE: --format: no format "junut" \(did you mean "junit"\?\)/],
    [['--format', 'csv,junit', '--out', '-'], /CLI_USAGE: --out -: standard output takes one/],
    [[], /CLI_USAGE: --format: name one or several formats/],
    [['--format', 'csv', '--arch', 'dirct'], /CLI_USAGE: --arch: no subject "dirct"/],
  ])('says what is wrong with %j in one line', async (args, message) => {
    const { code, stderr } = await inProcess(['export', resultDirectory(), ...args]);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('X36: --step-summary appends Markdown where CI wants it', async () => {
    const directory = resultDirectory();
    const target = join(directory, 'summary.md');
    writeFileSync(target, 'before\n');
    const before = process.env['GITHUB_STEP_SUMMARY'];
    try {
      delete process.env['GITHUB_STEP_SUMMARY'];
      const without = await inProcess(['export', directory, '--step-summary']);
      expect(without.code).toBe(EXIT.usage);
      expect(without.stderr).toMatch(/GITHUB_STEP_SUMMARY is not set; use --format markdown/);
      process.env['GITHUB_STEP_SUMMARY'] = target;
      const { code } = await inProcess(['export', directory, '--step-summary']);
      expect(code).toBe(EXIT.ok);
      expect(readFileSync(target, 'utf8')).toMatch(/^before\n## run /);
      process.env['GITHUB_STEP_SUMMARY'] = join(directory, 'folder');
      mkdirSync(join(directory, 'folder'));
      const unwritable = await inProcess(['export', directory, '--step-summary']);
      expect(unwritable.stderr).toMatch(/OUTPUT_UNWRITABLE/);
    } finally {
      if (before === undefined) delete process.env['GITHUB_STEP_SUMMARY'];
      else process.env['GITHUB_STEP_SUMMARY'] = before;
    }
  });
});

describe('backlot schema', () => {
  it('X1: prints one, or which there are', async () => {
    const all = await inProcess(['schema']);
    expect(all.stdout.split('\n')).toEqual(expect.arrayContaining(['run', 'compare', 'faults']));
    const { stdout } = await inProcess(['schema', 'run']);
    expect((JSON.parse(stdout) as { readonly title: string }).title).toBe('backlot.run/1');
    const { code, stderr } = await inProcess(['schema', 'rum']);
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(/CLI_USAGE: no schema "rum" \(did you mean "run"\?\)/);
  });
});
