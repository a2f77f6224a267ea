/** Runs a program under strace, which counts its calls of the file system, kills it at one of them
 * or makes them fail. A point is a call of one kind on one file: the n-th. Spec: S320. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DiskChange } from './power/torn-disk.ts';
import { changesOf } from './power/traced-changes.ts';
import { type Call, callsOf, pathsIn } from './trace.ts';

/** One call: the n-th of its kind that a thread makes on a file. */
export interface InjectionPoint {
  /** The system call's name. */
  readonly call: string;
  /** Relative to the program's folder; '' for the folder itself. */
  readonly path: string;
  /** From 1. */
  readonly n: number;
}

/** What is done to a run. */
export interface Injection {
  readonly point: InjectionPoint;
  readonly kind: 'kill' | 'fail-once' | 'fail-forever';
  /** Of the failure: `ENOSPC`, `EIO`. */
  readonly errorCode?: string;
}

/** What a run told. */
export interface RunReport {
  /** Steps acknowledged: the first so many. */
  readonly acknowledged: number;
  readonly refusals: readonly Refusal[];
  /** Whether it was killed by the injection. */
  readonly wasKilled: boolean;
  /** What it wrote to its error output. */
  readonly complaints: string;
}

/** An error that a program met, by what it did. */
export interface Refusal {
  readonly refused: string;
  readonly kind: string;
  readonly code: string;
  readonly message: string;
}

/** Why nothing can be traced here; undefined where it can. */
export function whyNoTracing(): string | undefined {
  const { status, error } = spawnSync('strace', ['-f', '-qq', '-o', '/dev/null', 'true']);
  if (error !== undefined) return 'strace is not installed';
  return status === 0 ? undefined : 'strace may not trace processes here';
}

/** Calls that change what is on a disk, by class. */
export const CALL_CLASSES: Readonly<Record<string, readonly string[]>> = {
  write: ['write', 'pwrite64', 'writev', 'pwritev', 'copy_file_range', 'sendfile'],
  fsync: ['fsync', 'fdatasync'],
  rename: ['rename', 'renameat', 'renameat2', 'link', 'linkat'],
  truncate: ['ftruncate', 'truncate', 'fallocate'],
  unlink: ['unlink', 'unlinkat', 'rmdir'],
  create: ['mkdir', 'mkdirat', 'open', 'openat'],
};
const ALL_CALLS = Object.values(CALL_CLASSES).flat();

/** The class of a call. */
export function classOf({ call }: InjectionPoint): string {
  const entry = Object.entries(CALL_CLASSES).find(([, calls]) => calls.includes(call));
  return entry?.[0] ?? 'other';
}

/** A run that nothing disturbed. */
export interface TracedRun {
  /** In the order in which it came to them. */
  readonly points: readonly InjectionPoint[];
  readonly changes: readonly DiskChange[];
  readonly report: RunReport;
}

/** Runs a program undisturbed, and notes all that it does to its folder. */
export async function traceRun(program: string, folder: string): Promise<TracedRun> {
  const traces = mkdtempSync(join(tmpdir(), 'backlot-trace-'));
  const trace = join(traces, 'calls');
  try {
    const traced = [...ALL_CALLS, 'lseek', 'close'].map((call) => `?${call}`).join(',');
    const options = ['--seccomp-bpf', '-y', '-xx', '-s', '1000000', '-o', trace];
    const report = await runChild([...options, '-e', `trace=${traced}`], program, folder);
    const calls = callsOf(readFileSync(trace, 'latin1'));
    return { points: pointsOf(calls, folder), changes: changesOf(calls, folder), report };
  } finally {
    rmSync(traces, { recursive: true });
  }
}

/** Runs a program and lets one thing happen to it. */
export function runInjected(
  program: string,
  folder: string,
  { point, kind, errorCode = 'EIO' }: Injection,
): Promise<RunReport> {
  const { call, path, n } = point;
  const what = kind === 'kill' ? 'signal=KILL' : `error=${errorCode}`;
  const when = kind === 'fail-forever' ? `${n}+` : String(n);
  const filter = ['-P', join(folder, path), '-e', `trace=${call}`];
  const inject = ['-e', `inject=${call}:${what}:when=${when}`];
  // Signals are not delivered where strace lets the kernel filter calls, which makes runs fast.
  const fast = kind === 'kill' ? [] : ['--seccomp-bpf'];
  return runChild([...fast, '-o', '/dev/null', ...filter, ...inject], program, folder);
}

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
const CACHE = join(tmpdir(), 'backlot-durability-compile-cache');

function runChild(options: readonly string[], program: string, folder: string): Promise<RunReport> {
  const strace = ['-f', '-qq', ...options];
  const child = spawn('strace', [...strace, process.execPath, CHILD, program, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // One thread for DuckDB, so that counting its calls finds them again.
    env: { ...process.env, NODE_OPTIONS: '', NODE_COMPILE_CACHE: CACHE, UV_THREADPOOL_SIZE: '1' },
  });
  let told = '';
  let complaints = '';
  child.stdout.on('data', (text) => {
    told += String(text);
  });
  child.stderr.on('data', (text) => {
    complaints += String(text);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status, signal) => {
      const lines = told.split('\n').filter((line) => line !== '');
      const parsed = lines.map((line) => JSON.parse(line) as { acknowledged?: number } & Refusal);
      resolve({
        acknowledged: parsed.filter(({ acknowledged }) => acknowledged !== undefined).length,
        refusals: parsed.filter(({ refused }) => refused !== undefined),
        wasKilled: signal === 'SIGKILL' || status === 137,
        complaints,
      });
    });
  });
}

/** Calls are counted by thread, as strace counts them when it injects. */
function pointsOf(calls: readonly Call[], folder: string): readonly InjectionPoint[] {
  const counts = new Map<string, number>();
  const seen = new Set<string>();
  const points: InjectionPoint[] = [];
  for (const { thread, name, text } of calls) {
    const [path] = pathsIn(text, folder);
    if (path === undefined || !ALL_CALLS.includes(name)) continue;
    const key = `${name} ${path}`;
    const n = (counts.get(`${thread} ${key}`) ?? 0) + 1;
    counts.set(`${thread} ${key}`, n);
    const isRead = name.startsWith('open') && !text.includes('O_CREAT');
    if (isRead || seen.has(`${key} ${n}`)) continue;
    seen.add(`${key} ${n}`);
    points.push({ call: name, path, n });
  }
  return points;
}
