/** Pages that have ended, counted as they end: totals, and percentiles since the last look.
 * It reads what the recorder has noted and changes nothing. Spec: L1. */

import type { LivePages } from '../../domain/live/live-frame.ts';
import { hours } from '../../kernel/time.ts';
import { createHistogram } from '../../stats/hdr-histogram.ts';
import type { LoadVisitor } from '../world/load-columns.ts';
import { isError } from '../world/load-columns.ts';
import type { Recorder } from '../world/recorder.ts';

/** Counts the pages of one world. */
export interface LivePageCounts {
  /** Catches up with the recorder. Cost O(pages ended since the last call). */
  read(): LivePages;
}

/** Starts counting. @param alsoSee - Told of each page that has ended. */
export function countPages(recorder: Recorder, alsoSee: LoadVisitor): LivePageCounts {
  let place = 0;
  let errors = 0;
  return {
    read() {
      const times = createHistogram({ significantDigits: 2, maxValue: hours(24) });
      place = recorder.endedSince(place, (page, outcome, timeUs) => {
        if (isError({ outcome })) errors += 1;
        times.record(timeUs);
        alsoSee(page, outcome, timeUs);
      });
      const ms = (q: number) => (times.count === 0 ? null : times.quantile(q) / 1_000);
      return {
        asked: recorder.askedCount,
        shown: place - errors,
        failed: errors + recorder.offlineCount,
        open: recorder.openCount,
        p50Ms: ms(0.5),
        p95Ms: ms(0.95),
        p99Ms: ms(0.99),
      };
    },
  };
}
