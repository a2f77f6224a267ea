/** What open windows cost in memory: heap and buffers after a full collection, over the number of
 * windows. Keys are texts of their own, as they are when they come out of parsed records. Measured
 * in a process of its own, where nothing else is collected meanwhile. */
import { execFileSync } from 'node:child_process';
import { argv, execPath, memoryUsage, stdout } from 'node:process';
import { minutes } from '../../src/kernel/time.ts';
import { aggregatorOf } from '../../src/streams/aggregates/aggregator-of.ts';
import { createWindowOperator } from '../../src/streams/windows/create-window-operator.ts';
import type { WindowAssignment } from '../../src/streams/windows/window-spec.ts';

const START_US = 1_795_204_800_000_000;

/** What a run of this file is asked for. */
interface Asked {
  readonly assign: WindowAssignment;
  readonly windows: number;
}

/** Opens windows, one a key. @returns bytes a window. @throws Error unless all are open. */
export function bytesPerWindow(assign: WindowAssignment, windows: number): number {
  const asked: Asked = { assign, windows };
  const args = ['--expose-gc', import.meta.filename, JSON.stringify(asked)];
  return Number(execFileSync(execPath, args, { encoding: 'utf8' }));
}

function measure({ assign, windows }: Asked): number {
  const counter = aggregatorOf({ kind: 'count' });
  const before = usedBytes();
  const operator = createWindowOperator<string, unknown, unknown>({
    spec: { assign },
    keyOf: (key) => key,
    aggregator: { ...counter, add: (acc) => counter.add(acc, 1) },
    onPane: () => {},
    onLate: () => {},
  });
  for (let n = 0; n < windows; n += 1) operator.add(`viewer-${n}`, START_US + (n % minutes(1)));
  const bytes = (usedBytes() - before) / windows;
  if (operator.openWindows !== windows) {
    throw new Error(`bench: ${operator.openWindows} windows are open, not ${windows}`);
  }
  return bytes;
}

function usedBytes(): number {
  (globalThis.gc as () => void)();
  const { heapUsed, arrayBuffers } = memoryUsage();
  return heapUsed + arrayBuffers;
}

if (argv[1] === import.meta.filename) {
  stdout.write(String(measure(JSON.parse(argv[2] ?? '') as Asked)));
}
