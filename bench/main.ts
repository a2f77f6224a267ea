/** `npm run --silent bench -- <suite> [--json]`: runs one suite and prints its figures. */
import { cpus } from 'node:os';
import { SUITES } from './suites.ts';

const USAGE_EXIT = 2;

const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const isJson = process.argv.includes('--json');
const [name = ''] = names;
const suite = SUITES[name];
if (suite === undefined || names.length !== 1) {
  const known = Object.keys(SUITES).join(', ');
  process.stderr.write(`CLI_USAGE: no bench suite "${names.join(' ')}"; name one of ${known}\n`);
  process.exitCode = USAGE_EXIT;
} else {
  const results = await suite({ scale: 1 });
  const document = { suite: name, node: process.version, cpu: cpu(), results };
  process.stdout.write(isJson ? `${JSON.stringify(document, null, 2)}\n` : table(document));
}

function cpu(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model.trim() ?? 'unknown'}`;
}

function table(document: {
  readonly suite: string;
  readonly node: string;
  readonly cpu: string;
  readonly results: readonly {
    readonly name: string;
    readonly value: number;
    readonly unit: string;
  }[];
}): string {
  const width = Math.max(...document.results.map((result) => result.name.length)) + 2;
  const rows = document.results.map(
    ({ name: label, value, unit }) =>
      `${label.padEnd(width)}${value.toLocaleString('en-US').padStart(16)} ${unit}\n`,
  );
  return `${document.suite} · node ${document.node} · ${document.cpu}\n${rows.join('')}`;
}
