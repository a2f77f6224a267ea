/** The clickstream as invariants see it. */
import type { StageCount } from '../../../domain/pipeline-ports.ts';
import type { Clickstream } from '../../../experiment/tracking/clickstream.ts';
import type { PipelineNotes } from '../notes/pipeline-notes.ts';
import type { PipelineView } from './world-view.ts';

/** The clickstream, live. */
export class LivePipeline implements PipelineView {
  readonly #clickstream: Clickstream;
  readonly #notes: PipelineNotes;
  readonly #partitionCount: number;

  constructor(clickstream: Clickstream, notes: PipelineNotes) {
    this.#clickstream = clickstream;
    this.#notes = notes;
    this.#partitionCount = clickstream.drive.writer.partitionCount;
  }

  get #pipeline() {
    return this.#clickstream.drive.pipeline;
  }

  get watermarkUs(): number {
    return this.#pipeline.watermarkUs;
  }

  get watermarksUs(): readonly number[] {
    const pipeline = this.#pipeline;
    const watermarks: number[] = [];
    // Asked after every event: `Array.from` takes ten times as long.
    for (let partition = 0; partition < this.#partitionCount; partition += 1) {
      watermarks.push(pipeline.partitionWatermarkUs(partition));
    }
    return watermarks;
  }

  get committedOffsets(): readonly number[] {
    const { committedOffsets } = this.#notes;
    return Array.from({ length: this.#partitionCount }, (_, n) => committedOffsets[n] ?? 0);
  }

  get endOffsets(): readonly number[] {
    return this.#clickstream.drive.endOffsets();
  }

  get unread(): number {
    const committed = this.committedOffsets;
    return this.endOffsets.reduce((sum, end, n) => sum + Math.max(0, end - (committed[n] ?? 0)), 0);
  }

  get stages(): readonly StageCount[] {
    return this.#pipeline.counts();
  }

  get captured(): number {
    return this.#clickstream.counted.captured;
  }

  get accepted(): number {
    return this.#clickstream.counted.accepted;
  }

  get droppedByReason(): Readonly<Record<string, number>> {
    return this.#clickstream.counted.droppedByReason;
  }

  get facts(): number {
    return this.#notes.rows.facts;
  }

  get badRows(): number {
    return this.#notes.rows.badRows;
  }

  get panes(): number {
    return this.#notes.rows.panes;
  }

  get lateEvents(): number {
    return this.#notes.rows.lateEvents;
  }

  get commits(): number {
    return this.#notes.rows.commits;
  }
}
