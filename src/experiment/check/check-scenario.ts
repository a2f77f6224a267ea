/** `check`: everything that can be said of a scenario without running it. Spec: E250–E262. */
import type { ArchitectureName } from '../../gateway/architecture.ts';
import type { EngineError, ScenarioProblem } from '../../kernel/errors.ts';
import type { InputFiles } from '../run-inputs.ts';
import type { Scenario } from '../scenario/schema.ts';
import { type Variant, variantsOf } from '../scenario/variants.ts';
import type { CheckDocument, Finding } from './check-document.ts';
import { Grounds } from './grounds.ts';
import { lintsOf } from './lints/lints-of.ts';
import { subjectPreflight } from './stations/subject-preflight.ts';

/** How to check. */
export interface CheckOptions {
  /** As it was named, for the document. */
  readonly file: string;
  readonly architectures?: readonly ArchitectureName[] | undefined;
  readonly files?: InputFiles | undefined;
  /** Replications that are meant to be run, for what objectives need. Default 10. */
  readonly replications?: number | undefined;
}

const DEFAULT_REPLICATIONS = 10;

/** Checks a scenario that fits its schema. Runs nothing. Cost: below 100 ms a subject.
 * @throws EngineError `INPUT_UNREADABLE`, `CLI_USAGE` as {@link variantsOf}. */
export async function checkScenario(
  scenario: Scenario,
  options: CheckOptions,
): Promise<CheckDocument> {
  const variants = variantsOf(scenario, options.architectures);
  const grounds = new Grounds(options.files ?? {});
  const subjects: { variant: Variant; preflight: ReturnType<typeof subjectPreflight> }[] = [];
  for (const variant of variants) {
    const { name, scenario: varied } = variant;
    const ground = await grounds.of(variant);
    const preflight = subjectPreflight({ name, scenario: varied, ...ground });
    subjects.push({ variant, preflight });
  }
  const findings = lintsOf({
    scenario,
    subjects,
    replications: options.replications ?? DEFAULT_REPLICATIONS,
  });
  return {
    schema: 'backlot.check/1',
    file: options.file,
    scenario: scenario.name,
    seed: scenario.seed,
    counts: {
      services: Object.keys(scenario.services).length,
      subjects: subjects.length,
      faults: scenario.faults.length,
      objectives: scenario.objectives.length,
    },
    subjects: subjects.map(({ preflight }) => preflight),
    ...counted(findings),
  };
}

/** The document of a file that is no scenario: every problem an error, sorted by path. */
export function refusedScenario(file: string, error: EngineError): CheckDocument {
  const { code, details, message } = error;
  const problems: readonly ScenarioProblem[] =
    'problems' in details && details.problems.every((one) => typeof one === 'object')
      ? (details.problems as readonly ScenarioProblem[])
      : [{ path: file, found: 'no scenario', rule: message.replace(`${code}: `, '') }];
  return {
    schema: 'backlot.check/1',
    file,
    scenario: null,
    seed: null,
    counts: null,
    subjects: [],
    ...counted(problems.map((problem) => ({ severity: 'error', code, subject: null, ...problem }))),
  };
}

function counted(findings: readonly Finding[]) {
  return {
    findings,
    errors: findings.filter(({ severity }) => severity === 'error').length,
    warnings: findings.filter(({ severity }) => severity === 'warning').length,
  };
}
