/** `npm run test:mutants [-- area …]`: mutation testing by area. Only what a test killed counts as
 * killed: a time-out is not a proof. Survivors are listed with their place. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { AREAS, type Area } from './areas.ts';

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

interface MutantReport {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}

const KILLED_SHARE_LEAST = 0.85;
const VALID = new Set(['Killed', 'Survived', 'Timeout', 'NoCoverage']);

/** Mutates an area. @returns the share killed. */
function mutate({ name, mutate: globs }: Area): number {
  const run = spawnSync('stryker', ['run', '--mutate', globs.join(',')], {
    env: { ...process.env, MUTANTS_OF: name },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (run.status !== 0) throw new Error(`mutating ${name} ended with ${run.status}`);
  const report = JSON.parse(readFileSync('coverage/mutants.json', 'utf8')) as MutantReport;
  const all = Object.entries(report.files).flatMap(([file, { mutants }]) =>
    mutants.filter(({ status }) => VALID.has(status)).map((mutant) => ({ file, ...mutant })),
  );
  const count = (status: string) => all.filter((one) => one.status === status).length;
  const share = count('Killed') / all.length;
  print(
    `${name}: ${count('Killed')} of ${all.length} killed (${(100 * share).toFixed(1)} %), ` +
      `${count('Survived')} survived, ${count('NoCoverage')} uncovered, ` +
      `${count('Timeout')} timed out`,
  );
  for (const one of all.filter(({ status }) => status !== 'Killed')) {
    const { line, column } = one.location.start;
    const change = one.replacement?.replaceAll(/\s+/g, ' ').slice(0, 60) ?? '';
    print(`  ${one.status} ${one.file}:${line}:${column} ${one.mutatorName} ${change}`);
  }
  return share;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const wanted = process.argv.slice(2);
const shares = AREAS.filter(({ name }) => wanted.length === 0 || wanted.includes(name)).map(mutate);
if (shares.some((share) => share < KILLED_SHARE_LEAST)) process.exitCode = 1;
