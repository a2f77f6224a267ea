/** `backlot serve`: a collector on the wall clock, with its pipeline, warehouse, lake and
 * dashboard. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { parseCount } from '../options.ts';
import type { ServeCollectorOptions } from '../serve-collector.ts';
import type { Terminal } from '../terminal.ts';

const PORT_MAX = 65_535;
const DEFAULT_RATE = 1_000;

/** Adds the command. */
export function addServeCommand(program: Command, terminal: Terminal): void {
  program
    .command('serve')
    .description('collect events over HTTP, live: log, pipeline, warehouse, lake, dashboard')
    .option('--folder <path>', 'log, warehouse, lake and keys; made if missing', 'backlot-live')
    .option('--host <name>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'default: 8080, or a free one where that is taken', parsePort)
    .option('--write-key <key>', 'what senders must name; default: the one in the folder')
    .option('--read-token <token>', 'what readers must name; default: the one in the folder')
    .option(
      '--origin <origin>',
      'of pages that may send, like https://example.com; may be repeated',
      addOrigin,
      [],
    )
    .addOption(
      new Option('--durability <level>', 'what an acknowledged event survives')
        .choices(['disk', 'os'])
        .default('disk'),
    )
    .option('--rate <number>', 'requests a second of the write key', parseCount, DEFAULT_RATE)
    .option('--no-lake', 'keep no Parquet files beside the warehouse')
    .option('--pipeline <file>', 'a plan of your own; may be repeated', addText, [])
    .option('--demo', 'serve the demo site under /demo/')
    .option('--json', 'print addresses and keys as one JSON object')
    .action(async (options: ServeCollectorOptions) => {
      const { serveCollector } = await import('../serve-collector.ts');
      await serveCollector(options, terminal);
    });
}

function parsePort(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= PORT_MAX) return value;
  throw new InvalidArgumentError(`"${text}" is no port from 0 to ${PORT_MAX}`);
}

function addOrigin(text: string, sofar: readonly string[]): readonly string[] {
  const origin = text === '*' ? '*' : URL.parse(text)?.origin;
  if (origin === text && text !== 'null') return [...sofar, text];
  throw new InvalidArgumentError(`"${text}" is no origin like https://example.com`);
}

function addText(text: string, sofar: readonly string[]): readonly string[] {
  return [...sofar, text];
}
