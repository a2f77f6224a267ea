/** `backlot sweep`: what it prints and keeps. */
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import type { SweepDocument } from '../../../src/experiment/sweep/sweep-document.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { TINY_SCENARIO } from '../command-line.ts';
import { inProcess } from '../in-process.ts';

const folder = temporaryFolder();
folder.write(
  'tiny.ts',
  TINY_SCENARIO.replace('viewers: 24', 'viewers: 8').replace('minutes(6)', 'minutes(2)'),
);
const cwd = folder.path('.');

describe('sweep', () => {
  it('E273: prints what moves a metric, and keeps document and journal', async () => {
    const vary = ['--vary', 'services.movie.baseTime*=1,8', '--arch', 'monolith'];
    const options = [...vary, '--replications', '2', '--out', 'out', '--threads', '1'];
    const { code, stdout } = await inProcess(['sweep', 'tiny.ts', ...options, '--json'], { cwd });
    expect(code).toBe(EXIT.ok);
    const document = JSON.parse(stdout) as SweepDocument;
    expect(document).toMatchObject({ schema: 'backlot.sweep/1', isComplete: true });
    expect(document.replayCommand).toContain("--vary 'services.movie.baseTime*=1,8'");
    expect(readdirSync(folder.path('out'))).toContain('sweep.json');
    const again = await inProcess(['merge', 'out', '--out', 'merged'], { cwd });
    expect(again.code).toBe(EXIT.ok);
    expect(again.stdout).toMatch(/What moves page load mean/);
    expect(again.stdout).toContain('█');
  });

  it('E271: refuses a bad factor before it makes anything', async () => {
    const { code, stderr } = await inProcess(
      ['sweep', 'tiny.ts', '--vary', 'services.tlent.replicas=1,2'],
      {
        cwd,
      },
    );
    expect(code).toBe(EXIT.usage);
    expect(stderr).toMatch(/SWEEP_INVALID.*did you mean "services\.talent"/);
    expect(readdirSync(cwd)).not.toContain('backlot-runs');
  });
});
