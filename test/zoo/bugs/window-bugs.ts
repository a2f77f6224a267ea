/** Bugs in windows, watermarks and deduplication. */
import type { Bug } from '../hunt/bug.ts';

const WINDOWS = 'src/streams/windows';
const DESK = `${WINDOWS}/state/pane-desk.ts`;
const SESSIONS = `${WINDOWS}/session-windows.ts`;
const MERGE = 'src/streams/watermarks/watermark-merge.ts';

/** Each with the property that must catch it. */
export const WINDOW_BUGS: readonly Bug[] = [
  {
    name: 'off-by-one-window-end',
    file: `${WINDOWS}/tumbling-windows.ts`,
    find: 'const isSame = last !== undefined && timeUs >= last.startUs && timeUs < last.endUs;',
    replace: 'const isSame = last !== undefined && timeUs >= last.startUs && timeUs <= last.endUs;',
    story: 'What happens at the full minute is counted in the minute before, now and then.',
    property: 'windows/aligned-windows-as-batch',
    withinRuns: 200,
  },
  {
    name: 'hopping-start-by-remainder',
    file: `${WINDOWS}/grid.ts`,
    find: 'const startUs = Math.floor((timeUs - offsetUs) / stepUs) * stepUs + offsetUs;',
    replace: `const startUs = timeUs - ((timeUs - offsetUs) % stepUs);
  if (startUs > timeUs) return startUs;`,
    story: 'Times before the offset get a window in the future, as `%` is negative there.',
    property: 'windows/aligned-windows-as-batch',
    withinRuns: 200,
  },
  {
    name: 'hopping-keeps-a-stale-stretch',
    file: `${WINDOWS}/hopping-windows.ts`,
    find: 'return timeUs < first.endUs && timeUs >= first.endUs - this.#grid.stepUs;',
    replace: 'return timeUs >= first.endUs - this.#grid.stepUs || timeUs < first.endUs;',
    story:
      'Where size is no multiple of slide, a row is counted in a window that does not hold it.',
    property: 'windows/aligned-windows-as-batch',
    withinRuns: 300,
  },
  {
    name: 'late-row-in-a-pane-and-aside',
    file: `${WINDOWS}/hopping-windows.ts`,
    find: 'desk.counts.partialLateDrops += lateWindows;',
    replace: 'if (lateWindows > 0) desk.tellLate(row, timeUs);',
    story: 'An event is counted in a dashboard and again in the table of late events.',
    property: 'windows/aligned-windows-as-batch',
    withinRuns: 300,
  },
  {
    name: 'lateness-ends-a-tick-early',
    file: `${WINDOWS}/aligned-windows.ts`,
    find: `    const closeUs = desk.closeUs(endUs);
    if (closeUs <= desk.watermarkUs) return undefined;`,
    replace: `    const closeUs = desk.closeUs(endUs);
    if (closeUs <= desk.watermarkUs + 1) return undefined;`,
    story: 'A row that is just in time is dropped as late.',
    property: 'windows/aligned-windows-as-batch',
    withinRuns: 300,
  },
  {
    name: 'cleanup-does-not-saturate',
    file: DESK,
    find: 'return Math.min(MAX_SAFE_INTEGER, endUs + this.settings.closeAfterUs);',
    replace: `const closeUs = endUs + this.settings.closeAfterUs;
    return closeUs > MAX_SAFE_INTEGER ? closeUs - 2 * MAX_SAFE_INTEGER - 2 : closeUs;`,
    story: 'With a lateness of "for ever" the sum wraps, and every row is late.',
    property: 'windows/windows-near-the-end-of-time',
    withinRuns: 50,
  },
  {
    name: 'carried-pane-loses-its-news',
    file: DESK,
    find:
      'records[into + NEWS] = (records[into + NEWS] as number) + (records[from + NEWS] ' +
      'as number);',
    replace: 'records[into + NEWS] = records[into + NEWS] as number;',
    story: 'What a growing window carries on from its first step is never told by the next.',
    property: 'windows/aligned-windows-as-batch',
    withinRuns: 500,
  },
  {
    name: 'bridge-leaves-sessions-apart',
    file: SESSIONS,
    find: 'if (endUs - (store.records[next + START_US] as number) < least) break;',
    replace: 'if (endUs - (store.records[next + START_US] as number) < least + 1) break;',
    story:
      'An event that bridges two sessions leaves two overlapping ones: visits are counted twice.',
    property: 'windows/sessions-as-batch',
    withinRuns: 500,
  },
  {
    name: 'merged-session-is-not-taken-back',
    file: DESK,
    find:
      'if (this.#isRetracting) store.setTold(into, [...store.told(into), ' +
      '...store.told(from)]);',
    replace: '',
    story: 'A session that was told and then merged away stays in the table for ever.',
    property: 'windows/sessions-as-batch',
    withinRuns: 300,
  },
  {
    name: 'session-timer-is-not-put-off',
    file: SESSIONS,
    find: 'else if (fireUs > atUs) this.#putTimer(cell, fireUs);',
    replace: 'else if (fireUs > atUs) ending.push(cell);',
    story: 'A session that grew is closed where it would have ended before.',
    property: 'windows/patient-windows-tell-once',
    withinRuns: 100,
  },
  {
    name: 'session-start-does-not-grow',
    file: SESSIONS,
    find: `    if (startUs < (store.records[cell + START_US] as number))
      store.records[cell + START_US] = startUs;`,
    replace: '',
    story: 'A session begins with what arrived first, not with what happened first.',
    property: 'windows/sessions-as-batch',
    withinRuns: 100,
  },
  {
    name: 'watermark-goes-back',
    file: MERGE,
    find: `    input.isAligned = input.watermarkUs >= this.#outputUs;
    this.#isLeast = false;
  }

  snapshot`,
    replace: `    input.isAligned = true;
    this.#outputUs = Math.min(this.#outputUs, input.watermarkUs);
    this.#isLeast = false;
  }

  snapshot`,
    story: 'A partition that wakes up turns event time back, and rows are late no more.',
    property: 'windows/watermarks-as-merged-anew',
    withinRuns: 200,
  },
  {
    name: 'idle-partition-holds-the-watermark',
    file: 'src/streams/watermarks/partitioned-watermarks.ts',
    find: 'else if (processTimeUs - heardUs >= this.#idleTimeoutUs) {',
    replace: 'else if (heardUs > processTimeUs + this.#idleTimeoutUs) {',
    story: 'One partition without traffic, and no window of any ever closes.',
    property: 'windows/watermarks-as-merged-anew',
    withinRuns: 100,
  },
  {
    name: 'idle-partition-is-waited-for-at-once',
    file: MERGE,
    find: 'input.isAligned = input.watermarkUs >= this.#outputUs;',
    replace: 'input.isAligned = true;',
    story:
      'A partition that wakes up with old events stops event time for all until it catches up.',
    property: 'windows/watermarks-as-merged-anew',
    withinRuns: 2_000,
  },
  {
    name: 'busy-partition-is-let-go-of',
    file: 'src/streams/watermarks/partitioned-watermarks.ts',
    find: `    this.#heardUs[partition] = processTimeUs;
    this.#merge.setActive(partition);`,
    replace: `    this.#heardUs[partition] ??= processTimeUs;
    this.#merge.setActive(partition);`,
    story: 'A slow partition counts as idle, and all of its rows are late.',
    property: 'windows/watermarks-as-merged-anew',
    withinRuns: 300,
  },
  {
    name: 'bounded-watermark-without-its-tick',
    file: 'src/streams/watermarks/watermark-generator.ts',
    find: 'return this.#greatestUs - this.#boundUs - 1;',
    replace: 'return this.#greatestUs - this.#boundUs;',
    story: 'Rows of the same microsecond as the newest one are late.',
    property: 'windows/watermarks-as-merged-anew',
    withinRuns: 20,
  },
  {
    name: 'dedupe-forgets-half-of-its-time',
    file: 'src/streams/dedupe-memory.ts',
    find: 'const known = this.#young.prints.get(id) ?? (old.size === 0 ? undefined : old.get(id));',
    replace:
      'const known = this.#young.prints.get(id) ?? (old.size < 0 ? old.get(id) : undefined);',
    story: 'A delivery that comes again just after the memory has turned over counts twice.',
    property: 'windows/dedupe-as-listed',
    withinRuns: 100,
  },
  {
    name: 'dedupe-restores-one-generation',
    file: 'src/streams/dedupe-memory.ts',
    find: 'return [this.#old, this.#young].flatMap(allChunks);',
    replace: 'return [this.#young].flatMap(allChunks);',
    story: 'After a restart, what came in the last hour is known and what came before is not.',
    property: 'windows/dedupe-as-listed',
    withinRuns: 300,
  },
];
