/** The example of an indexed Job: the fields that make it one, and arguments that the command line
 * understands for every index. Kubernetes itself is not asked. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCompareCommand } from '../../../src/cli/commands/experiments/compare.ts';
import { createTerminal } from '../../../src/cli/terminal.ts';

const manifest = readFileSync('examples/kubernetes-sweep.yaml', 'utf8');
const lines = manifest.split('\n').filter((line) => !line.startsWith('#'));

/** The value of a field that occurs once, whatever its depth. */
function field(name: string): string {
  const found = lines.flatMap((line) => {
    const [, value] = new RegExp(`^\\s*(?:- )?${name}: (.+)$`).exec(line) ?? [];
    return value ?? [];
  });
  expect(found, name).toHaveLength(1);
  return found[0] ?? '';
}

/** The items of the block list below a key. */
function listOf(key: string): readonly string[] {
  const at = lines.findIndex((line) => line.trim() === `${key}:`);
  const items: string[] = [];
  for (const line of lines.slice(at + 1)) {
    const [, item] = /^\s+- (.+)$/.exec(line) ?? [];
    if (item === undefined || item.includes(': ')) break;
    items.push(item.replace(/^"(.*)"$/, '$1'));
  }
  return items;
}

describe('the example of a Kubernetes Job', () => {
  const count = Number(field('completions'));

  it('is an indexed one, whose pods do not restart in place', () => {
    expect(field('apiVersion')).toBe('batch/v1');
    expect(field('kind')).toBe('Job');
    expect(field('completionMode')).toBe('Indexed');
    expect(field('restartPolicy')).toBe('Never');
    expect(Number(field('parallelism'))).toBeLessThanOrEqual(count);
    expect(field('claimName')).not.toBe('');
    expect(lines.every((line) => !line.includes('\t'))).toBe(true);
  });

  it('E156: gives every pod a share of its own, and the shares are all', async () => {
    const args = listOf('args');
    expect(args.slice(0, 2)).toEqual(['backlot', 'compare']);
    const shares = [];
    for (let index = 0; index < count; index += 1) {
      const own = args.map((one) => one.replaceAll('$(JOB_COMPLETION_INDEX)', String(index)));
      const program = new Command('backlot').exitOverride();
      addCompareCommand(program, createTerminal());
      const parsed: { path: string; options: Record<string, unknown> }[] = [];
      const [compare] = program.commands;
      compare?.exitOverride().action((path: string, options: Record<string, unknown>) => {
        parsed.push({ path, options });
      });
      await program.parseAsync(own.slice(1), { from: 'user' });
      expect(parsed[0]?.path).toBe('scenarios/evening-peak.ts');
      expect(parsed[0]?.options).toMatchObject({ replications: 64, progress: 'plain' });
      expect(parsed[0]?.options['out']).toBe(`/results/shard-${index}`);
      shares.push(parsed[0]?.options['shard']);
    }
    expect(shares).toEqual(Array.from({ length: count }, (_, index) => ({ index, count })));
  });
});
