/** Recorded results for tests: small runs, written as `backlot run` and `compare` write them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareArchitectures } from '../../../src/experiment/compare/compare.ts';
import { writeScenario } from '../../../src/experiment/reproduce/bundle.ts';
import type { CompareDocument, RunDocument } from '../../../src/experiment/result.ts';
import { runScenario } from '../../../src/experiment/run.ts';
import type { Scenario } from '../../../src/experiment/scenario/schema.ts';
import type { ArchitectureName } from '../../../src/gateway/architecture.ts';
import { minutes } from '../../../src/kernel/time.ts';
import { type SmallOverrides, smallScenario } from '../small-world.ts';

/** A scenario of three virtual minutes. */
export function shortScenario(overrides: SmallOverrides = {}): Scenario {
  return smallScenario({
    clock: { start: '2026-11-20T20:00:00-05:00', duration: minutes(2), drain: minutes(1) },
    ...overrides,
    audience: { viewers: 12, ...overrides.audience },
  });
}

/** Records a run in a directory. */
export async function recordRun(
  directory: string,
  scenario: Scenario,
  architectures: readonly ArchitectureName[] = ['federated'],
): Promise<RunDocument> {
  writeScenario(directory, scenario);
  const document = await runScenario(scenario, { architectures, directory, threads: 1 });
  writeDocument(directory, document);
  return document;
}

/** Records a comparison (of an architecture with nobody: it is cheap) in a directory. */
export async function recordComparison(
  directory: string,
  scenario: Scenario,
  replications: number,
): Promise<CompareDocument> {
  writeScenario(directory, scenario);
  const architectures = ['monolith'] as const;
  const options = { architectures, replications, threads: 1 };
  const document = await compareArchitectures(scenario, options);
  writeDocument(directory, document);
  return document;
}

/** Writes a document over what a directory has. */
export function writeDocument(directory: string, document: RunDocument | CompareDocument): void {
  const name = document.schema === 'backlot.run/1' ? 'run.json' : 'compare.json';
  writeFileSync(join(directory, name), `${JSON.stringify(document, null, 2)}\n`);
}
