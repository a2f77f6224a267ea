/** Scenario files: TypeScript, JSON, and everything that can be wrong with one. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/experiment/io/load-scenario.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const temporary = temporaryFolder();

const PLAIN = {
  schema: 1,
  name: 'from-file',
  question: 'Does it load?',
  seed: 3,
  clock: { start: '2026-11-20T19:00:00Z', duration: 60_000_000 },
  audience: { viewers: 5 },
};

function fileWith(name: string, text: string): string {
  const path = join(temporary.fresh(), name);
  writeFileSync(path, text);
  return path;
}

const unreadable = expect.objectContaining({ code: 'SCENARIO_UNREADABLE' });

describe('loadScenario', () => {
  it('loads the scenarios of the project', async () => {
    const all = readdirSync('scenarios', { recursive: true, encoding: 'utf8' });
    const files = all.filter((file) => file.endsWith('.ts'));
    const readme = readFileSync('README.md', 'utf8');
    expect(files).toContain('home-page-cold.ts');
    expect(files).toContain(join('planning', 'premiere-capacity.ts'));
    for (const file of files) {
      expect(`${(await loadScenario(`scenarios/${file}`)).name}.ts`).toBe(basename(file));
      expect(readme).toContain(`| \`scenarios/${file}\` |`);
    }
  });

  it('loads JSON, and modules by `scenario` or default', async () => {
    const text = JSON.stringify(PLAIN);
    const files = [
      fileWith('a.json', text),
      fileWith('b.mjs', `export const scenario = ${text};`),
      fileWith('c.mjs', `export default ${text};`),
    ];
    for (const file of files) expect((await loadScenario(file)).seed).toBe(3);
  });

  it('E7: says what is wrong with a file, in one line', async () => {
    const files = [
      join(temporary.fresh(), 'missing.ts'),
      fileWith('bad.json', '{'),
      fileWith('syntax.mjs', 'export const scenario = {'),
      fileWith('throws.mjs', "throw new Error('first line\\nsecond line');"),
      fileWith('nothing.mjs', 'export const other = 1;'),
      fileWith('empty.cjs', ''),
    ];
    for (const file of files) {
      await expect(loadScenario(file)).rejects.toThrow(unreadable);
      await expect(loadScenario(file)).rejects.toThrow(/^[^\n]+$/);
    }
  });

  it('E2: passes problems of the scenario on', async () => {
    const file = fileWith('wrong.json', JSON.stringify({ ...PLAIN, seed: -1 }));
    await expect(loadScenario(file)).rejects.toThrow(
      expect.objectContaining({ code: 'SCENARIO_INVALID' }),
    );
  });
});
