/** The terminal: results go to standard output, everything else to standard error. */

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
  readonly hasColor: boolean;
  readonly isInteractive: boolean;
  readonly width: number;
}

const DEFAULT_WIDTH = 100;

/** The process's own terminal. Colour by NO_COLOR (no-color.org) and by whether it is one. */
export function createTerminal(): Terminal {
  const { stdout, stderr, env } = process;
  const isInteractive = stderr.isTTY === true;
  return {
    print: (text) => void stdout.write(text),
    complain: (line) => void stderr.write(`${line}\n`),
    progress: (line) => {
      if (isInteractive) stderr.write(`\r\u001b[2K${line}`);
    },
    endProgress: () => {
      if (isInteractive) stderr.write('\r\u001b[2K');
    },
    hasColor: stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '',
    isInteractive,
    width: stdout.columns ?? DEFAULT_WIDTH,
  };
}
