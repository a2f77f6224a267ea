/** The pipeline moves forward only: event time, committed offsets, process time. Spec: T39, T40. */
import type { Invariant } from '../invariant.ts';
import { watching } from '../watching.ts';

/** Watermarks. */
export const WATERMARKS_NEVER_GO_BACK: Invariant = watching(
  'watermarks-never-go-back',
  'while a pipeline runs its watermark and that of each partition only grow; so do committed ones',
  ({ tower, view, checked, broken }) => {
    const { pipeline } = tower;
    let life = 0;
    let lastUs = Number.NEGATIVE_INFINITY;
    let lastByPartition: readonly number[] = [];
    let committedUs = Number.NEGATIVE_INFINITY;
    pipeline.committed.on(({ batch: { watermarkUs } }) => {
      checked();
      if (watermarkUs < committedUs) {
        const details = { watermarkUs, committedUs };
        broken('a commit has a watermark before that of the commit before it', details);
      }
      committedUs = watermarkUs;
    });
    return {
      news: tower.changes.pipeline,
      afterEvent() {
        // Another one goes on from the last commit.
        if (pipeline.lives !== life) {
          life = pipeline.lives;
          lastUs = Number.NEGATIVE_INFINITY;
          lastByPartition = [];
        }
        const { watermarkUs, watermarksUs } = view.pipeline;
        const behind = firstBehind(watermarksUs, lastByPartition);
        if (watermarkUs < lastUs || behind >= 0) {
          const details = { watermarkUs, lastUs, watermarksUs, lastByPartition };
          const of = behind < 0 ? '' : ` of partition ${behind}`;
          broken(`the watermark${of} went back`, details);
        }
        lastUs = watermarkUs;
        lastByPartition = watermarksUs;
      },
    };
  },
);

/** −1 where none is. */
function firstBehind(now: readonly number[], before: readonly number[]): number {
  for (let n = 0; n < before.length; n += 1) {
    if ((now[n] as number) < (before[n] as number)) return n;
  }
  return -1;
}

/** Offsets. */
export const OFFSETS_ONLY_ADVANCE: Invariant = watching(
  'offsets-only-advance',
  'committed offsets only grow and never pass the end of the log; process time never goes back',
  ({ tower, view, checked, broken }) => {
    let processTimeUs = Number.NEGATIVE_INFINITY;
    tower.pipeline.committed.on(({ batch, fromOffsets }) => {
      checked();
      const { nextOffsets } = batch;
      const { endOffsets } = view.pipeline;
      const isBack = nextOffsets.some((next, n) => next < (fromOffsets[n] ?? 0));
      const isBeyond = nextOffsets.some((next, n) => next > (endOffsets[n] ?? 0));
      const isEarlier = batch.processTimeUs < processTimeUs;
      processTimeUs = Math.max(processTimeUs, batch.processTimeUs);
      if (!isBack && !isBeyond && !isEarlier) return;
      const what = isBack ? 'goes back' : isBeyond ? 'passes the end of the log' : 'is earlier';
      const details = { fromOffsets, nextOffsets, endOffsets, processTimeUs: batch.processTimeUs };
      broken(`a commit ${what}`, details);
    });
    return undefined;
  },
);
