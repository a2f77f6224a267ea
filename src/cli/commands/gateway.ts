/** `backlot gateway`: a federated GraphQL gateway on HTTP, from a supergraph file. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { DEFAULT_LIMITS } from '../../gateway/federation/request/limits.ts';
import { parseCount } from '../options.ts';
import type { ServeOptions } from '../serve-gateway.ts';
import type { Terminal } from '../terminal.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_PORT = 4_000;
const DEFAULT_BODY_SIZE_BYTES = 1_048_576;
const PORT_MAX = 65_535;
const LIMITS = [
  { flag: '--max-depth', limit: 'maxDepth', what: 'fields within fields' },
  { flag: '--max-aliases', limit: 'maxAliases', what: 'aliased fields' },
  { flag: '--max-root-fields', limit: 'maxRootFields', what: 'fields of the query itself' },
  { flag: '--max-fields', limit: 'maxFields', what: 'fields, with fragments written out' },
  { flag: '--max-tokens', limit: 'maxTokens', what: 'words and signs of the document' },
  { flag: '--max-cost', limit: 'maxCost', what: 'fields times the lengths of lists around them' },
] as const;

/** Adds the command. */
export function addGatewayCommand(program: Command, terminal: Terminal): void {
  const command = program
    .command('gateway')
    .description('serve a supergraph: GraphQL over HTTP, subgraphs called at their URLs')
    .requiredOption('--supergraph <file>', 'supergraph SDL, from any composition')
    .option('--host <name>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', '0 takes a free one', parsePort, DEFAULT_PORT)
    .addOption(
      new Option('--schedule <name>', 'when fetches start: in the plan’s waves, or once they can')
        .choices(['plan', 'dataflow'])
        .default('plan'),
    )
    .option(
      '--subgraph <name=url>',
      "instead of the supergraph's URL; may be repeated",
      addSubgraphUrl,
      {},
    )
    .option('--timeout <ms>', 'of a call to a subgraph', parseCount, DEFAULT_TIMEOUT_MS)
    .option('--max-body-bytes <n>', "of a request's body", parseCount, DEFAULT_BODY_SIZE_BYTES)
    .option('--json', 'print the URLs as one JSON object');
  for (const { flag, what, limit } of LIMITS) {
    command.option(`${flag} <n>`, what, parseCount, DEFAULT_LIMITS[limit]);
  }
  command.action(async (options: ServeOptions) => {
    // The server's libraries take 0.1 s to load: other commands do not wait for them.
    const { serveGateway } = await import('../serve-gateway.ts');
    await serveGateway(options, terminal);
  });
}

function parsePort(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= PORT_MAX) return value;
  throw new InvalidArgumentError(`"${text}" is no port from 0 to ${PORT_MAX}`);
}

function addSubgraphUrl(
  text: string,
  sofar: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at > 0) return { ...sofar, [text.slice(0, at)]: text.slice(at + 1) };
  throw new InvalidArgumentError(`"${text}" is not name=url`);
}
