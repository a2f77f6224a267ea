/** The log on disk: a folder with a manifest, the writer's lock, the groups' offsets and one folder
 * of segments a partition. What `append` returned for is there after a crash. Spec: S1, S10–S18. */
import type { AppendReceipt, AppendRequest } from '../../domain/collector-ports.ts';
import { EngineError, invariant } from '../../kernel/errors.ts';
import { createConsumerGroups, type SavedGroup } from './consumer-groups.ts';
import { DiskPartition, type LogRepair } from './disk-partition.ts';
import { encodedFrameOf, type FrameSource, frameOf } from './frame.ts';
import { type LogFiles, NODE_LOG_FILES, REPLACEMENT_SUFFIX, systemCodeOf } from './log-files.ts';
import { countUnread, type PartitionedLog, partitionOf } from './partitioned-log.ts';

/** Which folder, and how careful to be. */
export interface DiskLogOptions {
  /** Made if missing. */
  readonly folder: string;
  /** Fixed when the log is made; later it must be the same. */
  readonly partitions: number;
  /** `os`: an append survives the end of the process. `disk`: it survives the end of the power, for
   * one `fdatasync` a partition. Default `os`. */
  readonly durability?: 'os' | 'disk';
  /** A segment is closed before it grows beyond this; a single append may. Default 64 MiB. */
  readonly segmentBytesMax?: number;
  /** For tests. Default: this machine's. */
  readonly files?: LogFiles;
}

/** A log on disk, open for writing. */
export interface DiskLog extends PartitionedLog {
  /** What opening it had to cut off or put right; empty after an orderly end. */
  readonly repairs: readonly LogRepair[];
  /** Bytes of all segments. */
  readonly sizeBytes: number;
  readonly segmentCount: number;
  /** What `appendGroup` takes: bytes, so that nothing of the request need be kept until then. */
  encode(request: AppendRequest): FrameSource;
  /** Appends all frames or none, as `appendAll` does, while the program goes on: they are read, and
   * `done` is told, once they are as durable as the log promises, with one sync a partition for all
   * of them. One group at a time; until it is done nothing else may be appended, and the log must
   * stay open. Where it fails, nothing of the group is kept. Spec: S400, S401. */
  appendGroup(frames: readonly FrameSource[], done: (outcome: GroupOutcome) => void): void;
  /** Brings to the disk what was appended so far. */
  sync(): void;
  /** Gives the lock back. The log must not be used afterwards. */
  close(): void;
}

/** What became of a group: receipts, or why nothing of it is kept (`LOG_UNWRITABLE`). */
export type GroupOutcome =
  | { readonly receipts: readonly AppendReceipt[] }
  | { readonly error: unknown };

const MANIFEST_FORMAT = 'backlot-log/1';
const SEGMENT_BYTES_MAX = 64 * 1024 * 1024;
const PARTITION_DIGITS = 4;

/** Opens a log, making it where there is none.
 * @throws EngineError `LOG_LOCKED`, `LOG_CORRUPT`, `LOG_UNWRITABLE`, and `LOG_BAD_ARGUMENT` for
 * another number of partitions than it was made with. Cost: once through each last segment. */
export function openDiskLog(options: DiskLogOptions): DiskLog {
  const { folder, partitions: partitionCount, files = NODE_LOG_FILES } = options;
  const { segmentBytesMax = SEGMENT_BYTES_MAX, durability = 'os' } = options;
  if (!Number.isSafeInteger(partitionCount) || partitionCount < 1 || partitionCount > 9_999) {
    throw badPartitions(partitionCount, 'must be a whole number from 1 to 9999');
  }
  const syncs = durability === 'disk';
  writable(folder, () => files.makeFolder(folder, syncs));
  const lock = writable(folder, () => files.lock(`${folder}/writer.lock`));
  try {
    return writable(folder, () => {
      checkManifest(files, `${folder}/log.json`, partitionCount);
      const repairs: LogRepair[] = [];
      const partitions = Array.from({ length: partitionCount }, (_, partition) => {
        const name = `p${String(partition).padStart(PARTITION_DIGITS, '0')}`;
        return new DiskPartition({
          files,
          folder: `${folder}/${name}`,
          partition,
          segmentBytesMax,
          syncs,
          onRepair: (repair) => repairs.push(repair),
        });
      });
      const release = () => lock.release();
      if (syncs) files.syncFolder(folder);
      return createDiskLog({ files, folder, partitions, repairs, release, syncs });
    });
  } catch (error) {
    lock.release();
    throw error;
  }
}

interface DiskLogParts {
  readonly files: LogFiles;
  readonly folder: string;
  readonly partitions: readonly DiskPartition[];
  readonly repairs: LogRepair[];
  readonly release: () => void;
  readonly syncs: boolean;
}

function createDiskLog(parts: DiskLogParts): DiskLog {
  const { files, folder, partitions, repairs, release, syncs } = parts;
  const partitionCount = partitions.length;
  const startOffsets = () => partitions.map(({ startOffset }) => startOffset);
  const endOffsets = () => partitions.map(({ endOffset }) => endOffset);
  const groupsPath = `${folder}/groups.json`;
  const saved = clampGroups(readGroups(files, groupsPath, partitionCount), {
    file: groupsPath,
    endOffsets: endOffsets(),
  });
  repairs.push(...saved.repairs);
  const groups = createConsumerGroups({
    partitionCount,
    startOffsets,
    endOffsets,
    saved: saved.groups,
    save: (all) =>
      writable(groupsPath, () => {
        files.replaceText(groupsPath, `${JSON.stringify(all)}\n`);
        if (syncs) files.syncFolder(folder);
      }),
  });
  const group = { isOpen: false };
  const appendAll = (requests: readonly AppendRequest[]) => {
    invariant(!group.isOpen, 'LOG_GROUP_OPEN', { folder });
    return writable(folder, () => appendWhole(partitions, requests));
  };
  return {
    partitionCount,
    groups,
    repairs,
    startOffsets,
    endOffsets,
    append: (request) => appendAll([request])[0] as AppendReceipt,
    appendAll,
    encode: encodedFrameOf,
    appendGroup(frames, done) {
      invariant(!group.isOpen, 'LOG_GROUP_OPEN', { folder });
      group.isOpen = true;
      appendLater({ partitions, frames, syncs, folder }, (outcome) => {
        group.isOpen = false;
        done(outcome);
      });
    },
    read: (number, offset, maxRecords) =>
      readable(folder, () => partitions[number]?.read(offset, maxRecords) ?? []),
    unreadFrom: (nextOffsets) => countUnread(endOffsets(), nextOffsets),
    truncateBefore: (nextOffsets) =>
      removing(folder, () =>
        partitions.forEach((partition, i) => {
          partition.truncateBefore(nextOffsets[i] ?? 0);
        }),
      ),
    retain: (policy) =>
      removing(folder, () => ({
        partitions: partitions.map((partition, number) =>
          partition.retain(policy, groups.committedByAll(number)),
        ),
      })),
    get sizeBytes() {
      return partitions.reduce((sum, partition) => sum + partition.sizeBytes, 0);
    },
    get segmentCount() {
      return partitions.reduce((sum, partition) => sum + partition.segmentCount, 0);
    },
    sync: () => writable(folder, () => partitions.forEach((partition) => void partition.sync())),
    close() {
      invariant(!group.isOpen, 'LOG_GROUP_OPEN', { folder });
      for (const partition of partitions) partition.close();
      release();
    },
  };
}

/** All requests or none: what was written of them is taken back where something fails. */
function appendWhole(
  partitions: readonly DiskPartition[],
  requests: readonly AppendRequest[],
): readonly AppendReceipt[] {
  const { receipts, staged } = stageWhole(partitions, requests.map(frameOf), true);
  for (const partition of staged) partition.keep();
  return receipts;
}

/** The same, kept once the disk has it. After a sync that failed nobody knows what the disk has, so
 * the bytes are taken back and never taken for synced. */
function appendLater(
  group: {
    readonly partitions: readonly DiskPartition[];
    readonly frames: readonly FrameSource[];
    readonly syncs: boolean;
    readonly folder: string;
  },
  done: (outcome: GroupOutcome) => void,
): void {
  const { partitions, frames, syncs, folder } = group;
  const failed = (cause: unknown) => done({ error: refusalOf(folder, NOTHING_KEPT, cause) });
  let written: ReturnType<typeof stageWhole>;
  try {
    written = stageWhole(partitions, frames, false);
  } catch (cause) {
    failed(cause);
    return;
  }
  const { receipts, staged } = written;
  const failures: unknown[] = [];
  let open = syncs ? staged.length : 0;
  const settle = () => {
    if (failures.length === 0) {
      for (const partition of staged) partition.keep();
      done({ receipts });
      return;
    }
    for (const partition of staged) ignoring(() => partition.takeBack());
    failed(failures[0]);
  };
  if (open === 0) {
    settle();
    return;
  }
  for (const partition of staged) {
    partition.syncStaged((error) => {
      if (error !== undefined) failures.push(error);
      open -= 1;
      if (open === 0) settle();
    });
  }
}

/** Writes all frames, or takes back what was written of them and throws. */
function stageWhole(
  partitions: readonly DiskPartition[],
  frames: readonly FrameSource[],
  syncsNow: boolean,
) {
  const byPartition = new Map<number, number[]>();
  frames.forEach(({ partitionKey }, i) => {
    const number = partitionOf(partitionKey, partitions.length);
    const places = byPartition.get(number);
    if (places === undefined) byPartition.set(number, [i]);
    else places.push(i);
  });
  const receipts: AppendReceipt[] = [];
  const staged: DiskPartition[] = [];
  try {
    for (const [number, places] of byPartition) {
      const partition = partitions[number] as DiskPartition;
      staged.push(partition);
      const asked = places.map((i) => frames[i] as FrameSource);
      const some = partition.stage(asked, syncsNow);
      places.forEach((place, i) => {
        receipts[place] = some[i] as AppendReceipt;
      });
    }
  } catch (error) {
    for (const partition of staged) ignoring(() => partition.takeBack());
    throw error;
  }
  return { receipts, staged };
}

/** A partition that cannot even take back does it before its next write. */
function ignoring(act: () => void): void {
  try {
    act();
  } catch {
    // Told by the error that made us take back.
  }
}

function checkManifest(files: LogFiles, path: string, partitions: number): void {
  const text = files.readText(path);
  if (text === undefined) {
    files.replaceText(path, `${JSON.stringify({ format: MANIFEST_FORMAT, partitions })}\n`);
    return;
  }
  const found = parsed(path, text) as { readonly format?: unknown; readonly partitions?: unknown };
  if (found?.format !== MANIFEST_FORMAT || typeof found.partitions !== 'number') {
    throw corruptText(path, `it is no manifest of ${MANIFEST_FORMAT}`);
  }
  if (found.partitions === partitions) return;
  throw badPartitions(partitions, `must be ${found.partitions}, as ${path} says`);
}

function readGroups(
  files: LogFiles,
  path: string,
  partitionCount: number,
): Readonly<Record<string, SavedGroup>> {
  files.remove(`${path}${REPLACEMENT_SUFFIX}`);
  const text = files.readText(path);
  if (text === undefined) return {};
  const groups = parsed(path, text);
  if (typeof groups !== 'object' || groups === null) throw corruptText(path, 'it holds no groups');
  for (const group of Object.values(groups) as readonly Partial<SavedGroup>[]) {
    const offsets: unknown = group?.nextOffsets;
    const isGroup =
      Number.isSafeInteger(group?.generation) &&
      Array.isArray(offsets) &&
      offsets.length === partitionCount &&
      offsets.every((offset) => Number.isSafeInteger(offset) && offset >= 0);
    if (!isGroup) throw corruptText(path, 'a group has no generation or no offsets');
  }
  return groups as Readonly<Record<string, SavedGroup>>;
}

/** A torn tail may have taken records that a group had committed. Their offsets are given anew, so
 * the group goes back to the end: else it would skip what comes. */
function clampGroups(
  groups: Readonly<Record<string, SavedGroup>>,
  { file, endOffsets }: { readonly file: string; readonly endOffsets: readonly number[] },
) {
  const repairs: LogRepair[] = [];
  const clamped = Object.entries(groups).map(([name, group]): [string, SavedGroup] => {
    const nextOffsets = group.nextOffsets.map((offset, partition) => {
      const end = endOffsets[partition] ?? 0;
      if (offset <= end) return offset;
      const reason = `group ${name} had committed ${offset}, the log ends at ${end}`;
      repairs.push({ partition, file, bytesDropped: 0, reason });
      return end;
    });
    return [name, { ...group, nextOffsets }];
  });
  return { groups: Object.fromEntries(clamped), repairs };
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw corruptText(path, 'it is not valid JSON');
  }
}

function corruptText(file: string, reason: string): EngineError {
  const message = `${file}: ${reason}; restore it from a copy, or name another folder`;
  return new EngineError('LOG_CORRUPT', message, { file, byteOffset: 0, reason });
}

function badPartitions(found: unknown, rule: string): EngineError {
  const message = `partitions: ${String(found)} ${rule}`;
  return new EngineError('LOG_BAD_ARGUMENT', message, { argument: 'partitions', found });
}

function readable<T>(path: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    const systemCode = systemCodeOf(cause);
    if (cause instanceof EngineError || systemCode === undefined) throw cause;
    const message = `${path}: the log cannot be read (${systemCode}); mend the disk, read again`;
    throw new EngineError('INPUT_UNREADABLE', message, { path }, { cause });
  }
}

const NOTHING_KEPT = 'nothing of the append is kept, make room or mend it and append again';

/** System errors become ours. */
function writable<T>(path: string, act: () => T): T {
  return unlessRefused(path, NOTHING_KEPT, act);
}

function removing<T>(path: string, act: () => T): T {
  return unlessRefused(path, 'what was not removed is still there, mend it and try again', act);
}

function unlessRefused<T>(path: string, told: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw refusalOf(path, told, cause);
  }
}

function refusalOf(path: string, told: string, cause: unknown): unknown {
  const systemCode = systemCodeOf(cause);
  if (cause instanceof EngineError || systemCode === undefined) return cause;
  return new EngineError(
    'LOG_UNWRITABLE',
    `${path}: the disk refused (${systemCode}); ${told}`,
    { path, systemCode },
    { cause },
  );
}
