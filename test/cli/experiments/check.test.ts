/** `backlot check`, once as a process. */
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import type { CheckDocument } from '../../../src/experiment/check/check-document.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { backlot, TINY_SCENARIO } from '../command-line.ts';
import { inProcess } from '../in-process.ts';

const folder = temporaryFolder();

const tiny = folder.write('tiny.ts', TINY_SCENARIO);
/** It imports what only the whole public face has. */
const whole = folder.write(
  'whole.ts',
  TINY_SCENARIO.replace('minutes } from', 'minutes, runScenario } from').concat(
    'export const run = runScenario;\n',
  ),
);
const overloaded = folder.write(
  'overloaded.ts',
  TINY_SCENARIO.replace(
    'audience: { viewers: 24 }',
    'audience: {}, traffic: ' +
      `{ kind: 'open', rate: [{ at: 0, perSecond: 900 }], pages: { home: 1 } }`,
  ),
);
const wrong = folder.write(
  'wrong.ts',
  TINY_SCENARIO.replace('viewers: 24', 'viewrs: 24').replace('titles: 60', 'titles: 6'),
);

describe('check', () => {
  it('E261: prints one document, and writes nothing', async () => {
    const { code, stdout, stderr } = await inProcess(['check', tiny, '--json'], {
      cwd: folder.fresh(),
    });
    const document = JSON.parse(stdout) as CheckDocument;
    expect({ code, stderr }).toEqual({ code: EXIT.ok, stderr: '' });
    expect(document).toMatchObject({ schema: 'backlot.check/1', scenario: 'tiny', errors: 0 });
    expect(document.subjects.map(({ name }) => name)).toEqual([
      'monolith',
      'direct',
      'aggregation',
      'federated',
    ]);
    const strict = await inProcess(['check', tiny, '--strict', '--arch', 'direct'], {
      cwd: folder.fresh(),
    });
    expect(document.warnings).toBeGreaterThan(0);
    expect(strict.code).toBe(EXIT.objective);
    expect(strict.stdout).toMatch(/nothing was run/);
  });

  it('E261: tells all problems of a file with exit code 3, and goes on with others', () => {
    const { code, stdout } = backlot([
      'check',
      wrong,
      overloaded,
      whole,
      '--json',
      '--arch',
      'direct',
    ]);
    const { checks } = JSON.parse(stdout) as { readonly checks: readonly CheckDocument[] };
    expect(code).toBe(EXIT.scenario);
    expect(checks.map(({ scenario }) => scenario)).toEqual([null, 'tiny', 'tiny']);
    expect(checks[0]?.findings.map(({ path }) => path)).toEqual([
      'audience.viewrs',
      'catalogue.titles',
    ]);
    expect(checks[1]?.findings[0]?.code).toBe('L-STABLE');
    expect(checks[2]?.errors).toBe(0);
  });
});
