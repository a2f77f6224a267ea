/** The terminal: results go to standard output, everything else to standard error. */

import { EXIT, type ExitCode } from './exit-codes.ts';

/** Where commands print. */
export interface Terminal {
  /** To standard output. */
  readonly print: (text: string) => void;
  /** One line to standard error. */
  readonly complain: (line: string) => void;
  /** A line of progress that the next one overwrites; nothing where nobody looks. */
  readonly progress: (line: string) => void;
  /** Ends a line of progress. */
  readonly endProgress: () => void;
  /** What the process ends with when the command is done; a command that found trouble sets it. */
  exitCode: ExitCode;
  readonly hasColor: boolean;
  readonly isInteractive: boolean;
  readonly width: number;
}

const DEFAULT_WIDTH = 100;

/** The process's own terminal. Colour by NO_COLOR (no-color.org) and by whether it is one. */
export function createTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const isInteractive = stderr.isTTY === true;
  // Whoever reads a pipe may go away, like `head`: the command still ends as it would have.
  stderr.on('error', () => {});
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    stderr.write(`OUTPUT_UNWRITABLE: standard output: ${error.message}; give it another place\n`);
    process.once('exit', () => {
      process.exitCode = EXIT.usage;
    });
  });
  return {
    print: (text) => void stdout.write(text),
    complain: (line) => void stderr.write(`${line}\n`),
    progress: (line) => {
      if (isInteractive) stderr.write(`\r\u001b[2K${line}`);
    },
    endProgress: () => {
      if (isInteractive) stderr.write('\r\u001b[2K');
    },
    exitCode: EXIT.ok,
    hasColor: stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '',
    isInteractive,
    // Terminals that do not know their size say 0.
    width: stdout.columns > 0 ? stdout.columns : DEFAULT_WIDTH,
  };
}
