#!/usr/bin/env node
/* Starts the command line on a Node that can bear it: better-sqlite3 crashes on Node 20, so an
 * older Node hands over to the dev dependency `node`. Plain JavaScript that any Node can parse. */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import * as nodeModule from 'node:module';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REQUIRED_NODE = [22, 12];
const PASSED_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const HANDED_OVER = 'BACKLOT_HANDED_OVER';
const root = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))));

process.exitCode = await start();

async function start() {
  if (!isRecentEnough(process.versions.node)) return handOver();
  const entry = join(root, 'dist', 'cli', 'main.js');
  if (!existsSync(entry)) {
    return refuse(`nothing is built at ${entry}; run \`npm run build\` in ${root}`);
  }
  // Compiled code of some 800 modules is kept between starts: `check` takes 0.8 s of CPU, not 1.3.
  nodeModule.enableCompileCache?.();
  const { main } = await import('../dist/cli/main.js');
  return main(process.argv);
}

function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor, neededMinor] = REQUIRED_NODE;
  return major > neededMajor || (major === neededMajor && minor >= neededMinor);
}

/** Runs this file again on the newer Node that the package brings. */
function handOver() {
  const newer = newerNode();
  if (newer === undefined || process.env[HANDED_OVER] !== undefined) {
    const needed = REQUIRED_NODE.join('.');
    return refuse(
      `Node ${process.versions.node} is too old, ${needed} or newer is needed; ` +
        `install it, or run \`npm install --save-dev node@24\` and try again`,
    );
  }
  const args = [...process.execArgv, fileURLToPath(import.meta.url), ...process.argv.slice(2)];
  const env = { ...process.env, [HANDED_OVER]: process.versions.node };
  return exitCodeOf(spawn(newer, args, { stdio: 'inherit', env }), newer);
}

/** Passes signals on, so that stopping the launcher stops the run. */
function exitCodeOf(child, path) {
  const pass = (signal) => child.kill(signal);
  for (const signal of PASSED_SIGNALS) process.on(signal, pass);
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(refuse(`${path} cannot be started: ${error.message}`)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}

function newerNode() {
  const places = [join(root, 'node_modules'), dirname(root), join(process.cwd(), 'node_modules')];
  const names = process.platform === 'win32' ? ['node.exe'] : ['node'];
  return places
    .flatMap((place) => names.map((name) => join(place, 'node', 'bin', name)))
    .find((path) => existsSync(path));
}

function refuse(message) {
  process.stderr.write(`PLATFORM_UNSUPPORTED: ${message}\n`);
  return 2;
}
