/** What a dashboard wants to know of a warehouse every second, kept up to date from what is
 * committed, so that nobody asks the warehouse to count millions of rows again. Spec: S430. */
import type { CommitBatch, StageCount } from '../../domain/pipeline-ports.ts';
import type { Warehouse } from '../../storage/warehouse.ts';

/** Figures of everything stored so far, over all lives. */
export interface LiveFigures {
  readonly stored: number;
  readonly badRows: number;
  readonly duplicates: number;
  readonly lateEvents: number;
  /** Event time of the newest event stored; null before the first. */
  readonly newestEventUs: number | null;
  /** Null before the first. */
  readonly watermarkUs: number | null;
  /** The ten most played. */
  readonly topTitles: readonly { readonly titleId: string; readonly plays: number }[];
}

/** Figures that follow commits. */
export interface LiveFigureCount {
  take(batch: CommitBatch): void;
  figures(): LiveFigures;
}

/** Titles that are told apart; a sender may make up as many as it likes. */
const TITLES_MAX = 20_000;
const TITLES_SHOWN = 10;

/** Counts on from what a warehouse holds. Cost: a scan of its facts. */
export function createLiveFigures(warehouse: Warehouse): LiveFigureCount {
  const count = (sql: string) => Number(warehouse.query(sql)[0]?.['n'] ?? 0);
  let stored = count('SELECT count(*) AS n FROM fact_event');
  let badRows = count('SELECT count(*) AS n FROM bad_row');
  let lateEvents = count('SELECT count(*) AS n FROM late_event');
  let newestEventUs = count('SELECT max(event_time_us) AS n FROM fact_event');
  let duplicates = count(
    `SELECT sum(events) AS n FROM stage_count WHERE stage = 'dedupe' AND outcome = 'dropped'`,
  );
  let watermarkUs = Number.NEGATIVE_INFINITY;
  const plays = playsByTitle(warehouse);
  return {
    take(batch) {
      stored += batch.facts.length;
      badRows += batch.badRows.length;
      lateEvents += batch.late.length;
      duplicates = droppedBy('dedupe', batch.stageCounts);
      watermarkUs = batch.watermarkUs;
      for (const { event } of batch.facts) {
        newestEventUs = Math.max(newestEventUs, event.eventTimeUs);
        const { titleId } = event.data;
        if (event.type !== 'media.play' || titleId === undefined) continue;
        const before = plays.get(titleId);
        if (before !== undefined || plays.size < TITLES_MAX) plays.set(titleId, (before ?? 0) + 1);
      }
    },
    figures: () => ({
      stored,
      badRows,
      duplicates,
      lateEvents,
      newestEventUs: stored === 0 ? null : newestEventUs,
      watermarkUs: Number.isFinite(watermarkUs) ? watermarkUs : null,
      topTitles: [...plays]
        .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
        .slice(0, TITLES_SHOWN)
        .map(([titleId, n]) => ({ titleId, plays: n })),
    }),
  };
}

function playsByTitle(warehouse: Warehouse): Map<string, number> {
  const rows = warehouse.query(
    `SELECT title_id, count(*) AS plays FROM curated_events
     WHERE event_type = 'media.play' AND title_id IS NOT NULL
     GROUP BY title_id ORDER BY plays DESC LIMIT ?`,
    [TITLES_MAX],
  );
  return new Map(rows.map((row) => [String(row['title_id']), Number(row['plays'])]));
}

function droppedBy(stage: string, counts: readonly StageCount[]): number {
  const found = counts.find((one) => one.stage === stage);
  return Object.values(found?.dropped ?? {}).reduce((sum, n) => sum + n, 0);
}
