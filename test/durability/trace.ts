/** Reads a trace that strace made with `-f -y -xx`: calls, the paths that they name, the bytes that
 * they wrote. */
import { relative } from 'node:path';

/** One call. */
export interface Call {
  readonly thread: string;
  readonly name: string;
  /** Arguments as strace writes them. */
  readonly text: string;
  /** Negative where it failed. */
  readonly result: number;
}

/** Calls in the order of their end. Those that another thread interrupts come in two lines. */
export function callsOf(trace: string): readonly Call[] {
  const begun = new Map<string, string>();
  const calls: Call[] = [];
  const unfinished = / <unfinished \.\.\.>$/;
  for (const line of trace.split('\n')) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    if (unfinished.test(rest)) {
      begun.set(thread, rest.replace(unfinished, ''));
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const whole = resumed === null ? rest : `${begun.get(thread) ?? ''}${resumed[1] ?? ''}`;
    const [, name, text, result] = /^(\w+)\((.*)\) += (-?\d+)/.exec(whole) ?? [];
    if (name === undefined || text === undefined) continue;
    calls.push({ thread, name, text, result: Number(result) });
  }
  return calls;
}

/** Paths of descriptors and names in a folder, relative to it, in the order of the arguments. */
export function pathsIn(text: string, folder: string): readonly string[] {
  const found: string[] = [];
  for (const [, ofFile, quoted] of text.matchAll(/\d<([^>]*)>|"([^"]*)"/g)) {
    const path = decoded(ofFile ?? quoted ?? '').replace(/ \(deleted\)$/, '');
    if (path === folder || path.startsWith(`${folder}/`)) found.push(relative(folder, path));
  }
  return found;
}

/** The descriptor that arguments begin with. */
export function descriptorIn(text: string): number {
  return Number(/^\d+/.exec(text)?.[0]);
}

/** The bytes that follow a descriptor. */
export function bytesIn(text: string): Buffer {
  const [, hex = ''] = />, "((?:\\x[0-9a-f]{2})*)"/.exec(text) ?? [];
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex');
}

/** Whether a call wrote to the standard output. */
export function isTelling({ name, text }: Call): boolean {
  return name === 'write' && descriptorIn(text) === 1;
}

function decoded(text: string): string {
  return text.replace(/\\x([0-9a-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
