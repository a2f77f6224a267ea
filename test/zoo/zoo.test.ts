/** The zoo stays fit: every patch still applies to the sources, a few bugs are hunted end to end,
 * and every property holds on the healthy product. All of it is `npm run test:zoo`. */
import { stripTypeScriptTypes } from 'node:module';
import { describe, expect, it } from 'vitest';
import type { Bug, Subject } from './hunt/bug.ts';
import { runCampaign, wasFound } from './hunt/campaign.ts';
import { patchedSource } from './hunt/plant.ts';
import { isClean, mediansOf, tableOf } from './hunt/table.ts';
import { SUBJECTS } from './properties/subjects.ts';
import { BUGS } from './zoo-bugs.ts';

const SEED = 20_261_126;
const SUBJECT_NAMES = Object.keys(SUBJECTS) as Subject[];
/** What every commit hunts: one bug of the kernel, of policies, of windows and of storage. */
const SAMPLE = [
  'unstable-tie-break',
  'retry-without-budget',
  'off-by-one-window-end',
  'ack-before-fsync',
];
/** Runs of a property here; a world is a run of its own. */
const RUNS = 12;
const WORLD_RUNS = 1;

/** Why a bug cannot be planted any more, if it cannot. */
function problemWith(bug: Bug): string[] {
  try {
    stripTypeScriptTypes(patchedSource(bug), { mode: 'strip' });
    return [];
  } catch (cause) {
    return [`${bug.name}: ${cause instanceof Error ? cause.message : String(cause)}`];
  }
}

describe('the zoo', () => {
  it('T120: keeps at least forty bugs, each with a name and a story of its own', () => {
    expect(BUGS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(BUGS.map((bug) => bug.name)).size).toBe(BUGS.length);
    expect(new Set(BUGS.map((bug) => bug.story)).size).toBe(BUGS.length);
  });

  it('T120: every patch applies to the sources as they are, and the file still parses', () => {
    expect(BUGS.flatMap(problemWith)).toEqual([]);
  });

  it('T120: a patch that stands nowhere, or twice, is refused', () => {
    const [bug] = BUGS;
    if (bug === undefined) throw new Error('the zoo is empty');
    expect(() => patchedSource({ ...bug, find: 'nowhere to be found' })).toThrow('stands 0 times');
    expect(() => patchedSource({ ...bug, find: 'const ' })).toThrow(/stands \d+ times/);
  });

  it('T121: every bug names a property, and every property of a bug is there once', async () => {
    const names: string[] = [];
    for (const subject of SUBJECT_NAMES) {
      names.push(...(await SUBJECTS[subject]()).map((one) => `${subject}/${one.name}`));
    }
    expect(new Set(names).size).toBe(names.length);
    expect(BUGS.filter((bug) => !names.includes(bug.property))).toEqual([]);
  });

  it('T122: finds a bug in a process of its own, within its runs and small', async () => {
    const bugs = BUGS.filter((bug) => SAMPLE.includes(bug.name));
    expect(bugs).toHaveLength(SAMPLE.length);
    const options = { bugs, healthyShare: 0, atOnce: 2, progress: () => undefined };
    const campaign = await runCampaign(options);
    for (const one of campaign.bugs) expect(wasFound(one), JSON.stringify(one.hunt)).toBe(true);
    const { commands, faults } = mediansOf(campaign.bugs);
    expect(commands).toBeLessThanOrEqual(6);
    expect(faults).toBeLessThanOrEqual(2);
    expect(tableOf(campaign)).toContain(`${bugs.length} of ${bugs.length} bugs found`);
    expect(isClean(campaign)).toBe(true);
  });

  it('T123: a campaign that misses a bug, or alarms falsely, is not clean', () => {
    const [bug] = BUGS;
    if (bug === undefined) throw new Error('the zoo is empty');
    const nothing = { shrinks: 0, counterexample: undefined, error: undefined, elapsedMs: 0 };
    const size = { commands: 1, faults: 0 };
    const found = { name: bug.name, wanted: 9, failed: true, runs: 1, size, ...nothing };
    const held = { ...found, failed: false, runs: 9, size: undefined };
    expect(isClean({ healthy: [held], bugs: [{ bug, hunt: found }] })).toBe(true);
    expect(isClean({ healthy: [held], bugs: [{ bug, hunt: held }] })).toBe(false);
    expect(isClean({ healthy: [found], bugs: [{ bug, hunt: found }] })).toBe(false);
    expect(isClean({ healthy: [{ ...held, runs: 8 }], bugs: [] })).toBe(false);
    const late = { ...found, runs: bug.withinRuns + 1 };
    expect(isClean({ healthy: [], bugs: [{ bug, hunt: late }] })).toBe(false);
  });
});

describe('the healthy product', () => {
  it.each(SUBJECT_NAMES)('T121: holds every property of %s', async (subject) => {
    for (const property of await SUBJECTS[subject]()) {
      const runs = subject === 'world' ? WORLD_RUNS : RUNS;
      const check = await property.check(runs, SEED);
      const { failed, error, counterexample } = check;
      expect({ failed, error, counterexample }, property.name).toEqual({
        failed: false,
        error: undefined,
        counterexample: undefined,
      });
      expect(check.runs).toBe(runs);
    }
  });
});
