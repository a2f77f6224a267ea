/** Pipeline files: what they may be, and what is said of those that are none. The command line's
 * messages are in `test/cli/clickstream/explain.test.ts`. */
import { describe, expect, it } from 'vitest';
import { loadPlan } from '../../../src/experiment/io/load-plan.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();

describe('loadPlan', () => {
  it('reads TypeScript and JSON alike', async () => {
    const loaded = await loadPlan('pipelines/hot-items.ts');
    expect(loaded.plan.steps).toHaveLength(2);
    folder.write('plan.json', JSON.stringify(loaded.plan));
    expect(await loadPlan(folder.path('plan.json'))).toEqual(loaded);
  });

  it('says what a file lacks', async () => {
    folder.write('other.mjs', 'export const other = 1;');
    await expect(loadPlan(folder.path('other.mjs'))).rejects.toThrow(
      /PLAN_UNREADABLE: .*exports no plan; write `export const plan/,
    );
    const plan = JSON.stringify((await loadPlan('pipelines/hot-items.ts')).plan);
    folder.write('odd.mjs', `export const plan = ${plan}; export const functions = [1];`);
    await expect(loadPlan(folder.path('odd.mjs'))).rejects.toThrow(/fill it with defineFunction/);
    await expect(loadPlan('none.json')).rejects.toThrow(/no such file; name an existing one/);
  });
});
