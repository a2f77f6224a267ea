/** The log on a simulated disk: every operation fails, once and for good; the power goes before
 * every operation, and again while what is left is recovered. Spec: S324, S327. */
import { beforeAll, describe, expect, it } from 'vitest';
import { createChance } from '../../../src/kernel/chance.ts';
import type { DecideFate } from '../../../src/storage/simulated-disk/disk-verdict.ts';
import {
  createSimulatedDisk,
  type SimulatedDisk,
} from '../../../src/storage/simulated-disk/simulated-disk.ts';
import { wrongAfter } from '../after-recovery.ts';
import { type Content, contents } from '../program.ts';
import { logProgram } from '../programs/log.ts';
import { allTroubles, Refuser, runRefused, type Trouble } from './refusing.ts';

const IS_LONG = process.env['BACKLOT_LONG'] === '1';
const WAYS = IS_LONG ? 20 : 3;
/** Operations of a recovery before which the power goes a second time. */
const SECOND_LOSSES = IS_LONG ? 10 : 2;

const draws = createChance({ seed: 327, replication: 0 }).draws('log.power');
let undisturbed: readonly Content[];
let operations = 0;

interface Troubled {
  readonly disk: SimulatedDisk;
  readonly refuser: Refuser;
}

/** A disk of which operations fail as told; a write that fails leaves half of its bytes. */
function diskWith(trouble?: Trouble): Troubled {
  const refuser = new Refuser(trouble);
  const disk = createSimulatedDisk(({ call }) => {
    const error = refuser.next(call);
    if (error === undefined || trouble === undefined) return undefined;
    return { kind: 'error', code: trouble.code, share: 0.5 };
  });
  return { disk, refuser };
}

beforeAll(async () => {
  const { disk, refuser } = diskWith();
  undisturbed = await contents(logProgram(disk.files), '');
  const once = diskWith();
  await runRefused(logProgram(once.disk.files), '');
  operations = once.refuser.operations;
  expect(refuser.operations).toBeGreaterThan(operations);
});

async function judge({ disk, refuser }: Troubled, acknowledged: number) {
  refuser.isOver = true;
  disk.stop();
  disk.start();
  const program = logProgram(disk.files);
  return wrongAfter({ program, folder: '', acknowledged, undisturbed });
}

describe('the log on a disk that refuses', () => {
  it('S324 any operation, once or for good: a typed error or none, and it goes on', async () => {
    const wrong: string[] = [];
    const tally = { told: 0, absorbed: 0 };
    for (const trouble of allTroubles(operations)) {
      const troubled = diskWith(trouble);
      const run = await runRefused(logProgram(troubled.disk.files), '');
      const problem = run.wrong ?? (await judge(troubled, run.acknowledged));
      if (problem !== undefined) wrong.push(`${JSON.stringify(trouble)}: ${problem}`);
      if (run.errors > 0) tally.told += 1;
      else tally.absorbed += 1;
    }
    expect(wrong).toEqual([]);
    expect(tally.told).toBeGreaterThan(2 * operations);
    if (IS_LONG) console.log(`refuse log: ${operations} operations, ${JSON.stringify(tally)}`);
  });
});

/** Everything lost, everything there, and then by chance. */
function fateOf(at: number, way: number): DecideFate {
  if (way === 0) return () => 0;
  if (way === 1) return ({ kind }) => (kind === 'name' ? 1 : 0);
  return (_, index) => draws.uniform(at * 1_024 + way, index);
}

describe('the log on a disk that loses power', () => {
  it('S327 before any operation, also of the recovery: nothing acknowledged is lost', async () => {
    const wrong: string[] = [];
    let losses = 0;
    for (let at = 0; at <= operations; at += 1) {
      for (let way = 0; way < WAYS; way += 1) {
        const problems = await loseTwice(at, way);
        losses += problems.length;
        wrong.push(...problems.filter((one) => one !== '').map((one) => `${at}/${way}: ${one}`));
      }
    }
    expect(wrong).toEqual([]);
    expect(losses).toBeGreaterThan(operations * WAYS);
    if (IS_LONG) console.log(`power log: ${operations} operations, ${losses} losses`);
  });
});

/** Loses the power before an operation; and then, from the same point, once more before some
 * operations of the recovery. @returns what was wrong each time, '' for nothing. */
async function loseTwice(at: number, way: number): Promise<readonly string[]> {
  const first = await lost(at, way);
  const begun = first.refuser.operations;
  const problems = [(await judge(first, first.acknowledged)) ?? ''];
  const recovering = first.refuser.operations - begun;
  for (let i = 0; i < Math.min(SECOND_LOSSES, recovering); i += 1) {
    const second = await lost(at, way);
    const { disk } = second;
    let left = Math.floor((i * recovering) / SECOND_LOSSES / 3);
    second.stopAfter(() => left-- <= 0);
    try {
      await logProgram(disk.files).content('');
    } catch {
      // The power is gone.
    }
    second.stopAfter(() => false);
    disk.losePower(fateOf(at, way + i + 1));
    disk.start();
    const problem = await judge(second, second.acknowledged);
    problems.push(problem === undefined ? '' : `again in recovery, ${i}: ${problem}`);
  }
  return problems;
}

async function lost(at: number, way: number) {
  let isGone = (operation: number) => operation >= at;
  const refuser = new Refuser();
  const disk = createSimulatedDisk((_, operation) => {
    void refuser.next('any');
    return isGone(operation) ? { kind: 'error', code: 'EIO', share: 0 } : undefined;
  });
  const { acknowledged } = await runRefused(logProgram(disk.files), '', true);
  isGone = () => false;
  disk.losePower(fateOf(at, way));
  disk.start();
  const stopAfter = (isOver: () => boolean) => {
    isGone = isOver;
  };
  return { disk, refuser, acknowledged, stopAfter };
}
