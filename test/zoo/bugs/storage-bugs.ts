/** Bugs in the log, in consumer groups, in sinks and in the warehouse. */
import type { Bug } from '../hunt/bug.ts';

const PARTITION = 'src/storage/log/disk-partition.ts';
const GROUPS = 'src/storage/log/consumer-groups.ts';
const STAGED = 'src/storage/checkpoints/staged-file-sink.ts';
const SQLITE = 'src/storage/checkpoints/sqlite-checkpoints.ts';

/** Each with the property that must catch it. */
export const STORAGE_BUGS: readonly Bug[] = [
  {
    name: 'ack-before-fsync',
    file: PARTITION,
    find: 'if (this.#options.syncs && syncsNow) this.#options.files.sync(this.#active().file);',
    replace: '',
    story: 'The collector says "received", the power goes, and the events were never on the disk.',
    property: 'storage/log-keeps-what-it-acknowledged',
    withinRuns: 100,
  },
  {
    name: 'new-segment-without-a-name',
    file: PARTITION,
    find: `    this.#segments.push(segment);
    if (syncs) files.syncFolder(folder);`,
    replace: `    this.#segments.push(segment);
    if (syncs && baseOffset < 0) files.syncFolder(folder);`,
    story: 'The bytes were synced, the name of their file was not: a whole segment is gone.',
    property: 'storage/log-keeps-what-it-acknowledged',
    withinRuns: 100,
  },
  {
    name: 'segment-sealed-without-sync',
    file: PARTITION,
    find: `    this.#options.files.sync(active.file);
    active.close();`,
    replace: '    active.close();',
    story: 'When a segment is full, its last append is the one that a power loss takes.',
    property: 'storage/log-keeps-what-it-acknowledged',
    withinRuns: 1_000,
  },
  {
    name: 'torn-tail-accepted',
    file: 'src/storage/log/frame.ts',
    find:
      'return end <= bytes.length && crc32(bytes.subarray(at + CHECKED_FROM, end)) === ' +
      'header.checksum;',
    replace: 'return end <= bytes.length;',
    story: 'A flipped bit turns one event into another, and the dashboard believes it.',
    property: 'storage/log-reads-no-damaged-record',
    withinRuns: 200,
  },
  {
    name: 'torn-tail-forgotten-not-cut',
    file: PARTITION,
    find: "if (found === 'torn') segment.truncate(position);",
    replace: "if (found === 'torn') segment.sizeBytes = position;",
    story: 'After a crash the log goes on behind garbage, and the next restart stops at it.',
    property: 'storage/log-keeps-what-it-acknowledged',
    withinRuns: 200,
  },
  {
    name: 'refused-append-stays',
    file: PARTITION,
    find: '      last.truncate(before.sizeBytes);',
    replace: '      last.forgetBytes();',
    story: 'The collector says "try again", the client does, and the event is there twice.',
    property: 'storage/log-keeps-what-it-acknowledged',
    withinRuns: 200,
  },
  {
    name: 'offset-goes-on-after-a-refusal',
    file: PARTITION,
    find: `    this.#endOffset = before.endOffset;
`,
    replace: '',
    story: 'A full disk leaves a gap in the offsets, and readers wait at it for ever.',
    property: 'storage/log-keeps-what-it-acknowledged',
    withinRuns: 200,
  },
  {
    name: 'truncate-before-commit',
    file: 'src/storage/log/retention.ts',
    find: 'if (report.heldRecords > 0 || (uncommitted > 0 && force !== true)) {',
    replace: 'if (report.heldRecords > 0 || (uncommitted > records && force !== true)) {',
    story: 'A reader that is down over a weekend comes back to a log without its events.',
    property: 'storage/groups-share-and-fence',
    withinRuns: 500,
  },
  {
    name: 'rebalance-fences-nobody',
    file: GROUPS,
    find: 'if (generation !== group.generation) {',
    replace: 'if (generation > group.generation) {',
    story: 'A reader that was taken for dead commits over the one that replaced it.',
    property: 'storage/groups-share-and-fence',
    withinRuns: 300,
  },
  {
    name: 'rebalance-begins-at-the-end',
    file: GROUPS,
    find: `    const members = group.members.filter((other) => other !== member);
    this.#replace(name, { ...group, generation: group.generation + 1, members });`,
    replace: `    const members = group.members.filter((other) => other !== member);
    const nextOffsets = this.#options.endOffsets();
    this.#replace(name, { ...group, nextOffsets, generation: group.generation + 1, members });`,
    story: 'Whenever a reader leaves, what it had not read is skipped.',
    property: 'storage/groups-share-and-fence',
    withinRuns: 200,
  },
  {
    name: 'two-readers-of-one-partition',
    file: 'src/storage/log/range-assignment.ts',
    find: 'const length = least + (member < withOneMore ? 1 : 0);',
    replace: 'const length = least + (withOneMore > 0 ? 1 : 0);',
    story: 'Each event of a partition is processed twice.',
    property: 'storage/groups-share-and-fence',
    withinRuns: 200,
  },
  {
    name: 'recovery-keeps-what-will-come-again',
    file: STAGED,
    find: 'for (const { name } of filesLike(files, PENDING)) files.remove(name);',
    replace: '',
    story: 'Rows that were pending at a crash show later, beside the same rows made again.',
    property: 'storage/staged-files-show-complete-epochs',
    withinRuns: 200,
  },
  {
    name: 'staged-rows-kept-after-their-file',
    file: STAGED,
    find: `      lines = [];
      answer({ kind: 'done' });`,
    replace: "      answer({ kind: 'done' });",
    story: 'Each file holds all rows of the files before it.',
    property: 'storage/staged-files-show-complete-epochs',
    withinRuns: 50,
  },
  {
    name: 'transaction-repeats-what-it-wrote',
    file: SQLITE,
    find: 'epochs = epochs.filter(({ checkpoint }) => checkpoint > upTo);',
    replace: 'epochs = epochs.filter(({ checkpoint }) => checkpoint >= upTo);',
    story: 'The rows of each checkpoint are written again by the next one.',
    property: 'storage/sqlite-rows-show-complete-epochs',
    withinRuns: 50,
  },
  {
    name: 'aborted-epoch-is-lost',
    file: SQLITE,
    find: 'if (checkpoint <= upTo) write(rows);',
    replace: 'if (checkpoint === upTo) write(rows);',
    story: 'A checkpoint that fails once takes its rows with it.',
    property: 'storage/sqlite-rows-show-complete-epochs',
    withinRuns: 100,
  },
  {
    name: 'redelivered-fact-replaces-the-first',
    file: 'src/storage/warehouse/fact-writer.ts',
    find: 'INSERT OR IGNORE INTO fact_event VALUES',
    replace: 'INSERT OR REPLACE INTO fact_event VALUES',
    story: 'A second delivery with a corrected clock moves a play to another minute, silently.',
    property: 'storage/warehouse-holds-each-event-once',
    withinRuns: 50,
  },
  {
    name: 'rollback-leaves-dimension-keys',
    file: 'src/storage/warehouse.ts',
    find: '      this.#write = undefined;\n      if (!(error',
    replace: '      if (!(error',
    story: 'After one failed commit facts point to titles that are not there.',
    property: 'storage/warehouse-holds-each-event-once',
    withinRuns: 100,
  },
  {
    name: 'older-pane-replaces-a-newer-one',
    file: 'src/storage/warehouse/batch-writer.ts',
    find:
      '     value = excluded.value, timing = excluded.timing, pane_index = ' +
      'excluded.pane_index,',
    replace:
      '     value = max(value, excluded.value), timing = excluded.timing, pane_index = ' +
      'excluded.pane_index,',
    story: 'A count that was corrected downwards keeps its higher value.',
    property: 'storage/warehouse-holds-each-event-once',
    withinRuns: 200,
  },
];
