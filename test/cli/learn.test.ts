/** `backlot learn` over a warehouse, by exit code, text, document and report. */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LearnDocument } from '../../src/experiment/learn/learn-document.ts';
import { schemaProblems } from '../../src/export/schemas.ts';
import { panelWarehouse } from '../analytics/hand-made-plays.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { inProcess } from './in-process.ts';

const folder = temporaryFolder();
const path = folder.path('warehouse.sqlite');
const MODELS = ['--models', 'popularity,als,co-visitation'];

beforeAll(() => {
  panelWarehouse({ viewers: 150, days: 20, titles: 40, path }).warehouse.close();
});

describe('backlot learn', () => {
  it('prints a summary, and the same report as `backlot report`', async () => {
    const first = folder.path('first.html');
    const text = await inProcess(['learn', path, ...MODELS, '--report', first]);
    expect(text).toMatchObject({ code: 0, stderr: '' });
    for (const part of ['nDCG@10', 'co-visitation', 'What this shows', 'Not judged: ', first]) {
      expect(text.stdout).toContain(part);
    }
    const lines = text.stdout.split('\n').filter((line) => !line.startsWith('Report: '));
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    const json = await inProcess(['learn', path, ...MODELS, '--test-leakage', '--json']);
    const document = JSON.parse(json.stdout) as LearnDocument;
    expect(schemaProblems('learn', document)).toEqual([]);
    expect(document.leakage).toHaveLength(3);
    const plain = await inProcess(['learn', path, ...MODELS, '--json']);
    const file = folder.write('learn.json', plain.stdout);
    const again = folder.path('again.html');
    expect((await inProcess(['report', file, '--out', again])).code).toBe(0);
    expect(readFileSync(again, 'utf8')).toBe(readFileSync(first, 'utf8'));
    expect((await inProcess(['report', file, '--summary'])).stdout).toContain('nDCG@10');
  });

  it('learns up to a time, and says what a wrong argument is', async () => {
    const cut = ['--cut', '2026-11-15T00:00Z', '--k', '3', '--models', 'popularity', '--json'];
    const document = JSON.parse((await inProcess(['learn', path, ...cut])).stdout) as LearnDocument;
    expect(document.cut.atUtc).toBe('2026-11-15T00:00:00.000Z');
    expect(document.models[0]?.curve.ndcg).toHaveLength(6);
    const problems: readonly (readonly [readonly string[], string])[] = [
      [['learn', folder.path('none.sqlite')], 'INPUT_UNREADABLE'],
      [['learn', path, '--cut', '1.5'], 'neither a share between 0 and 1 nor a time'],
      [['learn', path, '--models', 'asl'], 'did you mean als?'],
      [['learn', path, '--cut', '2020-01-01'], 'ANALYTICS_NO_DATA: no play ended before it'],
    ];
    for (const [args, words] of problems) {
      const { code, stderr, stdout } = await inProcess(args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toContain(words);
    }
  });
});
