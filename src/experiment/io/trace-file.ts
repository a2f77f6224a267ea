/** A trace file: one JSON line a processed message. It only watches: runs with and without it have
 * one digest. */
import { closeSync, openSync, writeSync } from 'node:fs';

/** Takes trace records. */
export interface TraceFile {
  write(record: TraceRecord): void;
  close(): void;
}

/** One processed message. */
export interface TraceRecord {
  readonly simTimeUs: number;
  readonly actor: string;
  readonly event: string;
  readonly drawCount: number;
}

const FLUSH_LENGTH = 64 * 1_024;

/** Opens a trace file for writing, anew. */
export function createTraceFile(path: string): TraceFile {
  const file = openSync(path, 'w');
  let pending = '';
  const flush = () => {
    writeSync(file, pending);
    pending = '';
  };
  return {
    write(record) {
      pending += `${JSON.stringify(record)}\n`;
      if (pending.length >= FLUSH_LENGTH) flush();
    },
    close() {
      flush();
      closeSync(file);
    },
  };
}
