/** `backlot gateway` as a process, the way a user starts it, and subgraphs for it to call. */
import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll } from 'vitest';
import type { GraphQLAnswer } from '../../src/gateway/federation/request/graphql-answer.ts';
import type { SubgraphDefinition } from '../../src/gateway/federation/subgraph/definition.ts';
import { createLocalSubgraph } from '../../src/gateway/federation/subgraph/local-subgraph.ts';
import { type Behaviour, type Loopback, loopback, respond } from '../live/loopback.ts';
import { LAUNCHER } from './command-line.ts';

/** A command that serves. */
export interface ServedGateway {
  readonly url: string;
  readonly health: string;
  readonly process: ChildProcess;
  /** What it has printed to standard error. */
  readonly complaints: () => string;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

/** An answer over HTTP. */
export interface HttpAnswer {
  readonly status: number;
  readonly answer: GraphQLAnswer;
}

/** Starts `backlot gateway --json` on a free port and waits for its line. */
export async function serveGateway(args: readonly string[]): Promise<ServedGateway> {
  const command = [LAUNCHER, 'gateway', '--json', '--port', '0', ...args];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString('utf8');
  });
  const ended = new Promise<number | null>((resolve) => {
    child.on('exit', (code) => {
      running.delete(child);
      resolve(code);
    });
  });
  const line = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.endsWith('\n')) resolve(text);
    });
    child.on('exit', (code) => reject(new Error(`it ended with ${code}: ${errors}`)));
  });
  const { url, health } = JSON.parse(line) as { readonly url: string; readonly health: string };
  return { url, health, process: child, complaints: () => errors, ended };
}

/** POSTs a request. */
export async function ask(
  url: string,
  request: { readonly query: string; readonly variables?: object },
  headers: Readonly<Record<string, string>> = {},
): Promise<HttpAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  return { status: response.status, answer: (await response.json()) as GraphQLAnswer };
}

/** A subgraph on loopback whose answers a test may replace for a while. */
export interface ServedSubgraph extends Loopback {
  /** @param behave - Undefined: answer truly again. */
  misbehave(behave: Behaviour | undefined): void;
}

/** Serves a subgraph by its own resolvers. */
export async function serveSubgraph(definition: SubgraphDefinition): Promise<ServedSubgraph> {
  const local = createLocalSubgraph(definition);
  const state: { behave: Behaviour | undefined } = { behave: undefined };
  const truly: Behaviour = (response, { text }) => {
    const { query, variables } = JSON.parse(text) as { query: string; variables: object };
    const result = local.answer({ operation: query, variables: { ...variables } });
    if (result.ok) respond(response, { data: result.data, errors: result.errors });
    else respond(response, { errors: [{ message: result.message }] });
  };
  const server = await loopback((response, request) => (state.behave ?? truly)(response, request));
  return {
    ...server,
    misbehave(behave) {
      state.behave = behave;
    },
  };
}

const running = new Set<ChildProcess>();

afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});
