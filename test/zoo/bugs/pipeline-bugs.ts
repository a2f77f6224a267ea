/** Bugs in the pipeline and in checkpointed jobs. */
import type { Bug } from '../hunt/bug.ts';

const JOB = 'src/streams/checkpoints/job';
const PIPELINE = 'src/streams/pipeline.ts';

/** Each with the property that must catch it. */
export const PIPELINE_BUGS: readonly Bug[] = [
  {
    name: 'offset-committed-before-sink',
    file: PIPELINE,
    find: `    const { results, sideRows, ...rows } = this.#pending;
`,
    replace: `    const { results, sideRows, ...rows } = this.#pending;
    this.#pending = emptyPending();
`,
    story: 'The sink refuses a commit once, and what was read for it is never written.',
    property: 'pipeline/pipeline-counts-each-event-once',
    withinRuns: 100,
  },
  {
    name: 'double-count-on-redelivery',
    file: 'src/streams/enrichment/stages/dedupe.ts',
    find: 'return known === print ? DUPLICATE : anotherPayload(known, print);',
    replace: 'return known === print ? draft : anotherPayload(known, print);',
    story: 'A client that retries is counted as two viewers.',
    property: 'pipeline/pipeline-counts-each-event-once',
    withinRuns: 50,
  },
  {
    name: 'dedupe-time-to-live-by-the-wall-clock',
    file: 'src/streams/enrichment/stages/dedupe.ts',
    find:
      'const known = memory.firstPrint(event.id, { print, ingestTimeUs: ' +
      'record.ingestTimeUs });',
    replace: `const ingestTimeUs = record.ingestTimeUs > 0 ? Date.now() * 1_000 : 0;
      const known = memory.firstPrint(event.id, { print, ingestTimeUs });`,
    story: 'A backfill of a year in an hour drops as duplicates what lay months apart.',
    property: 'pipeline/pipeline-is-the-same-at-any-hour',
    withinRuns: 500,
  },
  {
    name: 'wall-clock-in-a-stage',
    file: 'src/streams/enrichment/enrichment.ts',
    find: `    ingestTimeUs: draft.record.ingestTimeUs,
    processTimeUs,`,
    replace: `    ingestTimeUs: draft.record.ingestTimeUs,
    processTimeUs: processTimeUs + (Date.now() % 7),`,
    story: 'Two replays of one log differ, and nobody can say which is right.',
    property: 'pipeline/pipeline-is-the-same-at-any-hour',
    withinRuns: 50,
  },
  {
    name: 'dedupe-set-not-in-the-checkpoint',
    file: 'src/streams/checkpoints/state-book.ts',
    find: 'for (const [owner, part] of this.#chunked) part.restore(chunks.get(owner) ?? []);',
    replace: '',
    story: 'After each deployment, what is delivered again counts twice.',
    property: 'pipeline/pipeline-counts-each-event-once',
    withinRuns: 300,
  },
  {
    name: 'refused-commit-loses-dedupe-chunks',
    file: 'src/streams/checkpoints/state-book.ts',
    find: 'this.#isWhole = !isCommitted;',
    replace: 'this.#isWhole = false;',
    story: 'A commit that failed and was made again leaves ids out of the state for good.',
    property: 'pipeline/pipeline-holds-what-it-would-have-held',
    withinRuns: 300,
  },
  {
    name: 'watermark-not-in-the-checkpoint',
    file: PIPELINE,
    find: `    checkpoints.add('watermarks', control);
`,
    replace: '',
    story: 'After a restart late events are on time again, and a minute is told anew.',
    property: 'pipeline/pipeline-holds-what-it-would-have-held',
    withinRuns: 300,
  },
  {
    name: 'restart-begins-the-books-anew',
    file: 'src/streams/enrichment/enrichment.ts',
    find:
      'for (const [i, counter] of this.#counters.entries()) ' +
      'counter.restore(counters[i] ?? null);',
    replace: '',
    story: 'After each restart more events have left a stage than ever came to it.',
    property: 'pipeline/pipeline-holds-what-it-would-have-held',
    withinRuns: 300,
  },
  {
    name: 'barrier-blocks-nothing',
    file: `${JOB}/aligner.ts`,
    find: "const isBlocked = this.#arrived.has(input) && this.#options.mode === 'aligned';",
    replace: "const isBlocked = this.#arrived.has(-1) && this.#options.mode === 'aligned';",
    story: 'What overtakes a barrier is in the snapshot, and comes again after a restart.',
    property: 'pipeline/job-counts-each-id-once',
    withinRuns: 1_000,
  },
  {
    name: 'position-of-what-was-read-ahead',
    file: `${JOB}/source-task.ts`,
    find: `position: this.#position,
      watermark`,
    replace: `position: this.#position + this.#ahead.length - this.#aheadIndex,
      watermark`,
    story: 'A crash loses everything that was fetched and not processed yet.',
    property: 'pipeline/job-counts-each-id-once',
    withinRuns: 200,
  },
  {
    name: 'checkpoint-complete-before-its-sinks',
    file: `${JOB}/coordinator.ts`,
    find: 'if (this.#answers.size < parts.length || this.#sinkAnswers.size < sinks.size) return;',
    replace: 'if (this.#answers.size < parts.length) return;',
    story: 'Positions are saved while rows are still in memory: a crash then loses them.',
    property: 'pipeline/job-counts-each-id-once',
    withinRuns: 300,
  },
  {
    name: 'sinks-show-before-the-store-has-it',
    file: `${JOB}/coordinator.ts`,
    find: `    const text = seal(states);
`,
    replace: `    for (const sink of sinks.values()) this.#commit(sink, checkpoint);
    const text = seal(states);
`,
    story: 'A crash at the wrong moment, and rows that were shown are shown again.',
    property: 'pipeline/job-shows-what-it-would-have-shown',
    withinRuns: 300,
  },
  {
    name: 'dedupe-node-forgets-at-a-restart',
    file: `${JOB}/dedupe-node.ts`,
    find: 'restore: (saved) => memory.restore(saved),',
    replace: 'restore: () => undefined,',
    story: 'The ids of before the crash are new again.',
    property: 'pipeline/job-counts-each-id-once',
    withinRuns: 300,
  },
  {
    name: 'idle-source-wakes-unheard',
    file: `${JOB}/source-task.ts`,
    find: `    this.#isIdle = fields.flag('isIdle');
`,
    replace: '',
    story: 'A source that was idle at a restart moves event time no more, for good.',
    property: 'pipeline/job-shows-what-it-would-have-shown',
    withinRuns: 3_000,
  },
  {
    name: 'aborted-checkpoint-drops-what-was-held',
    file: `${JOB}/aligner.ts`,
    find:
      'if (this.#current === checkpoint || this.#current === undefined) ' +
      'this.#release(checkpoint);',
    replace: `if (this.#current === checkpoint) this.#held = [];
    this.#release(checkpoint);`,
    story: 'A sink is slow once, and rows that waited for the barrier are gone.',
    property: 'pipeline/job-counts-each-id-once',
    withinRuns: 3_000,
  },
];
