/** Logs for tests: in memory and on disk, and a disk that fills up. */
import type { AppendRequest } from '../../../src/domain/collector-ports.ts';
import { type DiskLogOptions, openDiskLog } from '../../../src/storage/log/disk-log.ts';
import { type LogFiles, NODE_LOG_FILES } from '../../../src/storage/log/log-files.ts';
import { createPartitionedLog } from '../../../src/storage/log/memory-log.ts';
import type { PartitionedLog } from '../../../src/storage/log/partitioned-log.ts';

/** 2026-11-20 18:00 UTC, µs. */
export const START_US = 1_795_197_600_000_000;

/** What a contract is run over: how to make an empty log. */
export interface LogKind {
  readonly name: string;
  readonly create: (folder: string, partitions: number) => PartitionedLog & Partial<Closable>;
}

interface Closable {
  close(): void;
}

/** Retention takes a handful of records at once in all of them. */
export const LOG_KINDS: readonly LogKind[] = [
  {
    name: 'in memory',
    create: (_folder, partitions) => createPartitionedLog({ partitions, segmentRecords: 4 }),
  },
  {
    name: 'on disk',
    create: (folder, partitions) => openDiskLog({ folder, partitions, segmentBytesMax: 400 }),
  },
  {
    name: 'on disk, synced',
    create: (folder, partitions) =>
      openDiskLog({ folder, partitions, segmentBytesMax: 400, durability: 'disk' }),
  },
];

/** A request that brings these events. */
export function requestOf(
  events: readonly unknown[],
  overrides: Partial<AppendRequest> = {},
): AppendRequest {
  return {
    payload: {
      sentTimeUs: START_US,
      userAgent: 'Roku/DVP-12.5',
      clientAddress: '192.0.2.1',
      events,
    },
    ingestTimeUs: START_US,
    partitionKey: 'v1',
    ...overrides,
  };
}

/** Opens a log of one partition, or of as many as told. */
export function openLog(folder: string, options: Partial<DiskLogOptions> = {}) {
  return openDiskLog({ folder, partitions: 1, ...options });
}

/** Everything that a log holds, by partition. */
export function everythingIn(log: PartitionedLog): readonly (readonly unknown[])[] {
  return Array.from({ length: log.partitionCount }, (_, partition) =>
    log.read(partition, 0, Number.MAX_SAFE_INTEGER).map(({ raw }) => raw),
  );
}

/** A disk with room for so many bytes more. What does not fit is written as far as it goes. */
export interface FillingDisk {
  readonly files: LogFiles;
  roomBytes: number;
  /** Refuses these calls from now on. */
  refused: ReadonlySet<keyof LogFiles>;
}

/** Makes one over this machine's file system. */
export function createFillingDisk(roomBytes: number): FillingDisk {
  const disk: FillingDisk = {
    roomBytes,
    refused: new Set(),
    files: new Proxy(NODE_LOG_FILES, {
      get(target, name: keyof LogFiles) {
        if (disk.refused.has(name)) return () => refuse('EIO', name);
        if (name !== 'write') return target[name];
        return (file: number, bytes: Uint8Array, position: number) => {
          const fitting = bytes.subarray(0, Math.max(0, disk.roomBytes));
          target.write(file, fitting, position);
          disk.roomBytes -= fitting.length;
          if (fitting.length < bytes.length) refuse('ENOSPC', 'write');
        };
      },
    }),
  };
  return disk;
}

function refuse(code: string, syscall: string): never {
  throw Object.assign(new Error(`${code}: refused by the test, ${syscall}`), { code, syscall });
}
