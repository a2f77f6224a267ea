/** A paper of the guide as its test sees it. A fence says what it is: `ts file=name.ts` is a file,
 * `sh` commands that are run after the files above them, `sh long` such that only the long run
 * takes, `sh shown` such that are only looked over; a `text` fence after commands is what they
 * print, in part, in this order. */
import { readFileSync } from 'node:fs';

/** A fence of a paper. */
export interface Fence {
  readonly kind: 'file' | 'run' | 'long' | 'shown';
  /** Of a file. */
  readonly name: string;
  readonly text: string;
  /** Lines that must be printed; empty where nothing is said. */
  readonly printed: readonly string[];
  /** Where it begins in the paper. */
  readonly line: number;
}

const FENCE = /^```(\S*)(?: ([^\n]*))?\n([\s\S]*?)^```$/gm;
const KINDS = { '': 'run', long: 'long', shown: 'shown' } as const;

/** The fences of a paper in `docs/guide/`, in order. */
export function fencesOf(paper: string): readonly Fence[] {
  const content = readFileSync(new URL(`../../docs/guide/${paper}`, import.meta.url), 'utf8');
  const fences: Fence[] = [];
  for (const match of content.matchAll(FENCE)) {
    const [, language = '', info = '', text = ''] = match;
    const line = content.slice(0, match.index).split('\n').length;
    const last = fences.at(-1);
    if (language === 'text' && last !== undefined && last.kind !== 'file') {
      fences[fences.length - 1] = { ...last, printed: linesOf(text) };
    } else if (language === 'sh') {
      if (!(info in KINDS)) throw new Error(`${paper}:${line}: sh ${info}`);
      const kind = KINDS[info as keyof typeof KINDS];
      fences.push({ kind, name: '', text, printed: [], line });
    } else {
      const name = /^file=(\S+)$/.exec(info)?.[1];
      if (name === undefined) throw new Error(`${paper}:${line}: neither a file nor commands`);
      fences.push({ kind: 'file', name, text, printed: [], line });
    }
  }
  return fences;
}

/** A command of a fence. */
export interface Command {
  readonly words: readonly string[];
  /** What it must end with: 0, or what a comment beside it says. */
  readonly code: number;
}

/** Commands of a fence, without comments. */
export function commandsOf({ text }: Fence): readonly Command[] {
  return text.split('\n').flatMap((line) => {
    const command = line.replace(/(^|\s+)#.*$/, '').trim();
    if (command === '') return [];
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, bare = '']) => quoted ?? bare,
    );
    return [{ words, code: Number(/# ends with (\d+)/.exec(line)?.[1] ?? 0) }];
  });
}

/** The first of the lines that is not printed after those before it; undefined where all are. */
export function firstMissing(lines: readonly string[], printed: string): string | undefined {
  const found = linesOf(printed);
  let from = 0;
  for (const line of lines) {
    const at = found.indexOf(line, from);
    if (at < 0) return line;
    from = at + 1;
  }
  return undefined;
}

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '' && line !== '…');
}
