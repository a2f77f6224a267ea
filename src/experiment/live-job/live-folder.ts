/** The folder of a collector: its log, its journal, its warehouse, its lake, and what it was made
 * with, so that the same pipeline goes on, or is run again, over the same log. Spec: S423. */
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '../../kernel/errors.ts';
import { NODE_LOG_FILES } from '../../storage/log/log-files.ts';
import type { PlanFunction } from '../../streams/plan/functions.ts';
import type { PipelineSettings } from '../backfill/job-settings.ts';
import { loadPlanDocument } from '../io/load-plan.ts';
import { withGivenPlans } from '../pipelines/job-plans.ts';
import { LIVE_WATERMARK, liveSettings } from './live-plans.ts';
import { JOURNAL_FILE } from './poll-journal.ts';

/** What a folder was made with. */
export interface LiveManifest {
  readonly schema: 'backlot.live/1';
  readonly partitions: number;
  readonly durability: 'disk' | 'os';
  /** Records of a partition that one poll reads at most. */
  readonly maxRecordsPerPoll: number;
  readonly pipeline: PipelineSettings;
  /** Files of users' plans, as they were named. */
  readonly pipelineFiles: readonly string[];
}

/** A manifest, and the bodies of its plans' functions. */
export interface LiveJobSettings {
  readonly manifest: LiveManifest;
  readonly functions: readonly PlanFunction[];
}

/** How the warehouse and the lake name the log of a collector. */
export const LIVE_SOURCE_NAME = 'live';

/** Where things lie in a folder. */
export function livePaths(folder: string) {
  return {
    manifest: join(folder, 'live.json'),
    log: join(folder, 'log'),
    journal: join(folder, JOURNAL_FILE),
    warehouse: join(folder, 'warehouse.sqlite'),
    lake: join(folder, 'lake'),
    spool: join(folder, 'lake-spool.ndjson'),
    keys: join(folder, 'keys.json'),
  };
}

/** Whether a path is such a folder. */
export function isLiveFolder(path: string): boolean {
  return existsSync(livePaths(path).manifest);
}

/** What a folder is to be made with. */
export interface LiveFolderOptions {
  readonly folder: string;
  readonly partitions: number;
  readonly durability: 'disk' | 'os';
  readonly maxRecordsPerPoll: number;
  /** Files of plans beside the built-in ones; none given: those that the folder was made with. */
  readonly pipelines: readonly string[];
}

/** Makes a folder's manifest, or takes the one that is there.
 * @throws EngineError `LIVE_FOLDER_DIFFERS` where it was made with other plans, `OUTPUT_UNWRITABLE`
 * where no folder can be; errors of plans. */
export async function openLiveFolder(options: LiveFolderOptions): Promise<LiveJobSettings> {
  const path = livePaths(options.folder).manifest;
  const found = existsSync(path) ? readLiveManifest(options.folder) : undefined;
  const { partitions, durability, maxRecordsPerPoll } = options;
  const files = options.pipelines.length > 0 ? options.pipelines : (found?.pipelineFiles ?? []);
  const own = liveSettings();
  const { plans, functions } = await plansOf(own, files);
  const pipeline = JSON.parse(JSON.stringify({ ...own, plans })) as PipelineSettings;
  if (found === undefined) {
    const manifest: LiveManifest = {
      schema: 'backlot.live/1',
      partitions,
      durability,
      maxRecordsPerPoll,
      pipeline,
      pipelineFiles: files,
    };
    makeManifest(options.folder, manifest);
    return { manifest, functions };
  }
  if (JSON.stringify(found.pipeline) !== JSON.stringify(pipeline)) {
    const rule = 'the state of its windows fits no other plans';
    const remedy = 'serve another --folder, or run these over its lake with `backlot backfill`';
    const message = `${path}: it was made with other plans; ${rule}; ${remedy}`;
    throw new EngineError('LIVE_FOLDER_DIFFERS', message, { path });
  }
  // How careful to be is of the process; all else is of the folder.
  return { manifest: { ...found, durability }, functions };
}

function makeManifest(folder: string, manifest: LiveManifest): void {
  try {
    NODE_LOG_FILES.makeFolder(folder, manifest.durability === 'disk');
    // What people did is in it, and keys.
    chmodSync(folder, 0o700);
    const text = `${JSON.stringify(manifest, null, 2)}\n`;
    NODE_LOG_FILES.replaceText(livePaths(folder).manifest, text);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const message = `${folder}: no folder can be made there (${reason}); name another --folder`;
    throw new EngineError('OUTPUT_UNWRITABLE', message, { path: folder }, { cause });
  }
}

/** What a folder says of itself. @throws EngineError `RESULT_UNREADABLE`. */
export function readLiveManifest(folder: string): LiveManifest {
  const path = livePaths(folder).manifest;
  try {
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as Partial<LiveManifest> | null;
    if (manifest?.schema === 'backlot.live/1') return manifest as LiveManifest;
  } catch {
    // Told below.
  }
  const remedy = 'name a folder of `backlot serve`';
  const message = `${path}: it is no manifest of backlot.live/1; ${remedy}`;
  throw new EngineError('RESULT_UNREADABLE', message, { path });
}

/** The functions that a manifest's plans name.
 * @throws EngineError as loading plans does. */
export async function functionsOf(manifest: LiveManifest): Promise<readonly PlanFunction[]> {
  const { functions } = await plansOf(liveSettings(), manifest.pipelineFiles);
  return functions;
}

async function plansOf(own: PipelineSettings, files: readonly string[]) {
  const given = await Promise.all(files.map((file) => loadPlanDocument(file)));
  return withGivenPlans(own.plans, given, LIVE_WATERMARK);
}
