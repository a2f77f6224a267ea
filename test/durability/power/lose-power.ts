/** Takes the power away after each change that a program made to its folder, in several ways, and
 * judges what the next process makes of what is left. Spec: S325. */
import { rmSync } from 'node:fs';
import { createChance, type Draws } from '../../../src/kernel/chance.ts';
import { digestOf, wrongAfter } from '../after-recovery.ts';
import { freshFolder, type Subject } from '../campaign.ts';
import { type DiskChange, type Fate, TornDisk, type Unsynced } from './torn-disk.ts';

/** What came of it. */
export interface PowerTally {
  /** Losses of power, how many of them had anything at stake, and how many different folders they
   * left: each of those is judged once for what was acknowledged then. */
  losses: number;
  atStake: number;
  folders: number;
  readonly wrong: string[];
}

/** What is lost every time, before chance has its turn: all that was not synced; nothing; bytes but
 * no names, names but no bytes, and files of the right length full of zeros. */
const PLAIN_FATES: readonly Fate[] = [
  () => 0,
  () => 1,
  ({ kind }) => (kind === 'name' ? 0 : 1),
  ({ kind }) => (kind === 'name' ? 1 : 0),
  ({ kind }) => (kind === 'write' ? -1 : 1),
];

/** Loses the power after these many changes, in so many ways each.
 * @param afterChanges - Ascending. */
export async function losePowerAfter(
  subject: Subject,
  afterChanges: readonly number[],
  ways: number,
): Promise<PowerTally> {
  const { name, changes } = subject;
  const draws = createChance({ seed: 325, replication: 0 }).draws(`power.${name}`);
  const tally: PowerTally = { losses: 0, atStake: 0, folders: 0, wrong: [] };
  const seen = new Set<string>();
  const disk = new TornDisk();
  let done = 0;
  let acknowledged = 0;
  for (const count of afterChanges) {
    for (; done < count; done += 1) {
      const change = changes[done] as DiskChange;
      disk.apply(change);
      if (change.kind === 'acknowledged') acknowledged += 1;
    }
    for (let way = 0; way < ways; way += 1) {
      const folder = freshFolder();
      const stake = disk.losePower(folder, fateOf(draws, done, way));
      const problem = await judged(subject, { folder, acknowledged, goesOn: way === 0 }, seen);
      const place = `after ${done}, ${described(changes[done - 1])}`;
      if (problem !== undefined) tally.wrong.push(`${place}, way ${way}: ${problem}`);
      tally.losses += 1;
      if (stake > 0) tally.atStake += 1;
      rmSync(folder, { recursive: true });
      // Nothing to decide: each way leaves the same.
      if (stake === 0) break;
    }
  }
  tally.folders = seen.size;
  return tally;
}

/** Judges a folder unless an equal one was judged.
 * @param left - Going on costs most, and depends least on what was lost: not each does. */
async function judged(
  subject: Subject,
  left: { readonly folder: string; readonly acknowledged: number; readonly goesOn: boolean },
  seen: Set<string>,
): Promise<string | undefined> {
  const key = `${left.acknowledged} ${digestOf(left.folder)}`;
  if (seen.has(key)) return undefined;
  seen.add(key);
  return wrongAfter({ ...subject, ...left });
}

function fateOf(draws: Draws, change: number, way: number): Fate {
  // Every other step begins with another of the plain ones, so that few ways reach all of them.
  const plain = PLAIN_FATES[(way + change) % PLAIN_FATES.length] as Fate;
  if (way < PLAIN_FATES.length - 1) return plain;
  return ({ kind }: Unsynced, index: number) => {
    const u = draws.uniform(change * 64 + way, index);
    if (kind !== 'write') return u;
    if (u < 0.3) return 0;
    if (u < 0.6) return 1;
    return u < 0.7 ? -1 : (u - 0.7) / 0.3;
  };
}

function described(change: DiskChange | undefined): string {
  if (change === undefined) return 'nothing';
  return change.kind === 'acknowledged' ? 'telling' : `${change.kind} ${change.path}`;
}
