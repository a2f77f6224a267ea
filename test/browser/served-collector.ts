/** A collector as `backlot serve --demo` runs it, in a folder of its own, with pages of the test
 * beside it; and what its warehouse holds. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { livePaths } from '../../src/experiment/live-job/live-folder.ts';
import {
  type CollectorService,
  startCollectorService,
} from '../../src/live/collector/service/collector-service.ts';
import { addDemoRoutes } from '../../src/live/demo/demo-routes.ts';

/** A row of the warehouse's events. */
export interface StoredEvent {
  readonly type: string;
  readonly titleId: string | null;
  readonly playbackId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A collector that serves. */
export interface ServedCollector {
  readonly service: CollectorService;
  readonly origin: string;
  readonly writeKey: string;
  /** Every event in the warehouse, or those of a subject, once there are `count` of them. */
  stored(count: number, subject?: string): Promise<readonly StoredEvent[]>;
  close(): Promise<void>;
}

const STORED_WITHIN_MS = 20_000;
const LOOK_MS = 100;

/** Starts one. @param pages - HTML by path. */
export async function serveCollector(
  pages: Readonly<Record<string, string>> = {},
): Promise<ServedCollector> {
  const folder = mkdtempSync(join(tmpdir(), 'backlot-demo-'));
  const troubles: string[] = [];
  const service = await startCollectorService({
    folder,
    host: '127.0.0.1',
    port: 0,
    durability: 'os',
    hasLake: false,
    pollMs: 50,
    onTrouble: (message) => troubles.push(message),
    async mount(app, { writeKey, readToken }) {
      const dashboardUrl = `../dashboard/#token=${readToken}`;
      addDemoRoutes(app, { writeKey, dashboardUrl, clipSeconds: 3 });
      for (const [path, html] of Object.entries(pages)) {
        app.get(path, (_, reply) => reply.type('text/html; charset=utf-8').send(html));
      }
    },
  });
  const { origin, keys } = service;
  return {
    service,
    origin,
    writeKey: keys.writeKey,
    async stored(count, subject) {
      const untilMs = Date.now() + STORED_WITHIN_MS;
      let found = read(livePaths(folder).warehouse, subject);
      while (found.length < count && Date.now() < untilMs) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
        found = read(livePaths(folder).warehouse, subject);
      }
      return found;
    },
    async close() {
      await service.close();
      rmSync(folder, { recursive: true, force: true });
      if (troubles.length > 0) throw new Error(troubles.join('\n'));
    },
  };
}

function read(path: string, subject: string | undefined): readonly StoredEvent[] {
  const database = new Database(path, { readonly: true, fileMustExist: true });
  try {
    const sql = `SELECT event_type, title_id, playback_id, detail FROM curated_events
      WHERE ? IS NULL OR subject = ? ORDER BY event_time_us, sequence`;
    return database
      .prepare<[string | null, string | null], Readonly<Record<string, string | null>>>(sql)
      .all(subject ?? null, subject ?? null)
      .map((row) => ({
        type: row['event_type'] ?? '',
        titleId: row['title_id'] ?? null,
        playbackId: row['playback_id'] ?? null,
        detail: JSON.parse(row['detail'] ?? '{}'),
      }));
  } finally {
    database.close();
  }
}

/** How often each type is there. */
export function countByType(events: readonly { readonly type: string }[]) {
  const counts: Record<string, number> = {};
  for (const { type } of events) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}
