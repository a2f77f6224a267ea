/** Processes that the system kills, for real: what the warehouse's file holds in the end is what it
 * holds without a kill. Spec: W110, W111. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openWarehouse } from '../../../src/storage/warehouse.ts';
import { allRows } from './pipeline-world.ts';

const CHILD = fileURLToPath(new URL('./sigkill-child.ts', import.meta.url));
const IS_LONG = process.env['BACKLOT_LONG'] === '1';
const RUNS = 5;

/** Runs the child, killing it so long after it has begun to work. @returns facts that the file held
 * after each kill. */
async function runKilled(path: string, lifetimesMs: readonly number[]): Promise<number[]> {
  const facts: number[] = [];
  for (const lifetimeMs of [...lifetimesMs, Number.POSITIVE_INFINITY]) {
    const child = spawn(process.execPath, [CHILD, path], { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.once('data', () => {
      if (Number.isFinite(lifetimeMs)) setTimeout(() => child.kill('SIGKILL'), lifetimeMs);
    });
    const [code, signal] = await new Promise<[number | null, string | null]>((resolve) => {
      child.on('exit', (...how) => resolve(how));
    });
    if (signal === null) {
      expect(code).toBe(0);
      return facts;
    }
    facts.push(contentOf(path)['fact_event']?.length ?? 0);
  }
  return facts;
}

function contentOf(path: string) {
  const warehouse = openWarehouse({ path, survives: 'process' });
  const rows = allRows(warehouse);
  warehouse.close();
  return rows;
}

describe('a process that is killed', () => {
  it.skipIf(!IS_LONG)(
    'W110 at any moment leaves a file from which the next goes on',
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'backlot-sigkill-'));
      const whole = join(folder, 'whole.sqlite');
      expect(await runKilled(whole, [])).toEqual([]);
      const expected = contentOf(whole);
      expect(expected['fact_event']?.length).toBeGreaterThan(15_000);
      let midway = 0;
      for (let run = 0; run < RUNS; run += 1) {
        const path = join(folder, `killed-${run}.sqlite`);
        const lifetimes = Array.from({ length: 6 }, (_, i) => 20 + 29 * ((run * 7 + i * 3) % 11));
        const facts = await runKilled(path, lifetimes);
        midway += facts.filter((count) => count > 0).length;
        expect(contentOf(path)).toEqual(expected);
      }
      expect(midway).toBeGreaterThan(RUNS);
      rmSync(folder, { recursive: true });
    },
    600_000,
  );
});
