/** What a panel tells, as rows of a warehouse: the plays and impressions that models are trained
 * from. Users are `v<viewer>`, visits `s<viewer>-<visit>`, titles have the catalogue's ids.
 * Spec: M11. */
import type { Catalogue } from '../../domain/catalogue.ts';
import type { HistoryWriter } from '../../storage/warehouse/history/history-writer.ts';
import type { Warehouse } from '../../storage/warehouse.ts';
import type { PanelListener } from './panel-records.ts';

/** The row that a panel's home page has. */
const ROW_ID = 'for-you';
const SECONDS_PER_MINUTE = 60;

/** Tells the warehouse of a catalogue's titles. */
export function describeCatalogue(warehouse: Warehouse, catalogue: Catalogue): void {
  warehouse.describe({
    titles: catalogue.titles.map((title) => ({
      titleId: title.id,
      name: title.name,
      kind: title.kind,
      genres: title.genres,
      releaseDate: String(title.releaseYear),
      runtimeSeconds: title.durationMinutes * SECONDS_PER_MINUTE,
    })),
  });
}

/** A listener that writes what it hears. @param options - `armOf`: the arm of the experiment that a
 * viewer is in; `hasImpressions`: by default they are written; they are some twenty times as many
 * as plays. */
export function historyListener(
  writer: HistoryWriter,
  options: {
    readonly catalogue: Catalogue;
    readonly armOf?: (viewer: number) => string | null;
    readonly hasImpressions?: boolean;
  },
): PanelListener {
  const { catalogue, armOf, hasImpressions = true } = options;
  const ids = catalogue.titles.map(({ id }) => id);
  return {
    play({ viewer, atUs, title, share, watchedUs, visit }) {
      writer.play({
        playId: `${atUs}-v${viewer}`,
        userId: `v${viewer}`,
        sessionId: `s${viewer}-${visit}`,
        titleId: ids[title] ?? '',
        startUs: atUs,
        playedUs: watchedUs,
        isToTheEnd: share === 1,
        arm: armOf?.(viewer) ?? null,
      });
    },
    row({ viewer, atUs, visit, titles, propensities, policyId, takenSlot }) {
      if (!hasImpressions) return;
      const stem = `${atUs}-v${viewer}`;
      const sessionId = `s${viewer}-${visit}`;
      for (const [slot, title] of titles.entries()) {
        const isTaken = slot === takenSlot;
        writer.impression({
          impressionId: `${stem}-${slot}`,
          userId: `v${viewer}`,
          sessionId,
          rowId: ROW_ID,
          slot,
          titleId: ids[title] ?? '',
          policyId,
          propensity: propensities[slot] ?? 1,
          timeUs: atUs,
          isClicked: isTaken,
          isPlayed: isTaken,
        });
      }
    },
  };
}
