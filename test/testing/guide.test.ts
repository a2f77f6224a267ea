/** The guide tells the truth: its code is that of the examples, which are compiled and run, and its
 * stories are what they print. One example runs as users run it, in a process of its own. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as testing from '../../src/testing/index.ts';
import { storyWithoutToken } from './failing.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const guide = readFileSync(join(ROOT, 'docs/TESTING.md'), 'utf8');
const examples = readdirSync(join(ROOT, 'examples'))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => readFileSync(join(ROOT, 'examples', name), 'utf8'));

function blocks(language: string): readonly string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm');
  return [...guide.matchAll(fence)].map(([, text = '']) => text.trim());
}

/** Runs examples. @returns what they printed. */
function run(...files: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--test', '--test-reporter=tap', ...files.map((file) => join(ROOT, 'examples', file))],
    // Within vitest a child would think that it belongs to it.
    { encoding: 'utf8', cwd: ROOT, env: { PATH: process.env['PATH'] } },
  );
  expect(status, stdout + stderr).toBe(0);
  return stdout;
}

describe('docs/TESTING.md', () => {
  it('shows code of the examples, word for word', () => {
    const shown = blocks('ts').flatMap((block) => block.split('\n\n'));
    expect(shown.length).toBeGreaterThan(8);
    const strange = shown.filter((part) => !examples.some((text) => text.includes(part.trim())));
    expect(strange).toEqual([]);
  });

  it('shows the stories that its examples print, under node:test', () => {
    const printed = run('01-own-operator.ts', '04-own-machine.ts');
    const lines = printed.split('\n').map((line) => {
      return storyWithoutToken(new Error(line.replace(/^# /, '').trimEnd()));
    });
    const stories = blocks('text');
    expect(stories).toHaveLength(2);
    const shown = stories.flatMap((story) => story.split('\n')).filter((line) => line !== '');
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.filter((line) => !lines.includes(line))).toEqual([]);
    expect(printed).toContain('# pass 4');
  });

  it('names what there is', () => {
    const named = [...guide.matchAll(/`([a-z]\w+)\(/g)].map(([, name = '']) => name);
    const known = new Set([...Object.keys(testing), 'it', 'test', 'hold']);
    expect(named.length).toBeGreaterThan(12);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });
});
