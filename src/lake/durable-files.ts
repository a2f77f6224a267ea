/** Files that appear whole: written beside, flushed to the disk, renamed. Each step that a crash
 * could follow is told beforehand, so that tests can crash there. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** Told before each step that changes the disk; what it throws stops the work there. */
export type StepListener = (step: string) => void;

/** What a file is called until it is whole. */
export const PARTIAL_SUFFIX = '.partial';

/** Gives a written file its name: after this it survives a crash of the machine. */
export function publishFile(path: string, onStep: StepListener): void {
  onStep(`flush ${path}`);
  flushToDisk(path + PARTIAL_SUFFIX);
  onStep(`rename ${path}`);
  renameSync(path + PARTIAL_SUFFIX, path);
  flushToDisk(dirname(path));
}

/** Writes a text file whole or not at all. */
export function writeDurably(path: string, text: string, onStep: StepListener): void {
  onStep(`write ${path}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path + PARTIAL_SUFFIX, text);
  publishFile(path, onStep);
}

/** Removes a file that nothing speaks of any more. */
export function removeFile(path: string, onStep: StepListener): void {
  onStep(`remove ${path}`);
  rmSync(path, { force: true });
}

/** All files below a folder, as paths relative to it, sorted by code units; `/` between parts. */
export function filesBelow(folder: string): readonly string[] {
  const found: string[] = [];
  const visit = (at: string) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else found.push(relative(folder, path).replaceAll('\\', '/'));
    }
  };
  visit(folder);
  return found.sort();
}

function flushToDisk(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
