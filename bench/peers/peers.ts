/** The peers: how each gets ready in a folder of its own, and how it is started. What is missing on
 * this machine makes a peer unavailable, with the reason; nothing is installed into the project. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Pinned, so that figures of different days can be compared. */
const SIMPY = 'simpy==4.1.1';
const SIMJS = 'simjs@2.0.3';

/** A command line that runs a workload. */
export interface PeerCommand {
  readonly command: string;
  /** Before workload and units. */
  readonly args: readonly string[];
  readonly cwd: string;
}

/** One simulator. */
export interface Peer {
  readonly name: string;
  /** Gets ready. @throws Error with the reason why it cannot be run here. */
  prepare(): PeerCommand;
}

/** Where programs are found; tests name some that are not there. */
export interface Programs {
  readonly python: string;
  readonly npm: string;
}

/** backlot and its peers. @param folder - where the peers are installed. */
export function peersIn(folder: string, programs: Programs): readonly Peer[] {
  return [
    { name: 'backlot', prepare: () => script(new URL('./backlot-peer.ts', import.meta.url)) },
    { name: SIMPY, prepare: () => simpy(join(folder, 'simpy'), programs.python) },
    { name: SIMJS, prepare: () => simjs(join(folder, 'simjs'), programs.npm) },
  ];
}

function script(file: URL, cwd = process.cwd()): PeerCommand {
  return { command: process.execPath, args: [fileURLToPath(file)], cwd };
}

function simpy(folder: string, python: string): PeerCommand {
  const inside = join(folder, 'bin', 'python');
  if (!existsSync(join(folder, 'ready'))) {
    mkdirSync(folder, { recursive: true });
    must(python, ['-m', 'venv', folder], folder);
    must(inside, ['-m', 'pip', 'install', '--quiet', SIMPY], folder);
    mkdirSync(join(folder, 'ready'));
  }
  return {
    command: inside,
    args: [fileURLToPath(new URL('./simpy_peer.py', import.meta.url))],
    cwd: folder,
  };
}

function simjs(folder: string, npm: string): PeerCommand {
  if (!existsSync(join(folder, 'node_modules', 'simjs'))) {
    mkdirSync(folder, { recursive: true });
    must(npm, ['install', '--prefix', folder, '--no-save', '--ignore-scripts', SIMJS], folder);
  }
  return script(new URL('./simjs-peer.js', import.meta.url), folder);
}

/** @throws Error with the last line that the command wrote. */
function must(command: string, args: readonly string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (error !== undefined) throw new Error(`${command} cannot be started (${error.message})`);
  const reason = stderr.trim().split('\n').at(-1) ?? '';
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${reason}`);
}
