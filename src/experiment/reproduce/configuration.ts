/** The settings of a run one by one, and where each comes from. Spec: E521. */
import { type Scenario, scenarioSchema } from '../scenario/schema.ts';
import { canonicalScenario } from './proof.ts';

/** A setting. */
export interface ConfigurationLine {
  /** Like `audience.viewers`; lists are one setting. */
  readonly path: string;
  /** As JSON. */
  readonly value: string;
  /** `default`: the same without a word in the scenario. */
  readonly source: 'scenario' | 'default';
}

/** A scenario as it was run, defaults filled in: what a document holds of it. */
export type Configuration = Readonly<Record<string, unknown>>;

/** The scenario as plain data. */
export function configurationOf(scenario: Scenario): Configuration {
  return JSON.parse(canonicalScenario(scenario)) as Configuration;
}

/** Every setting with its source: one is a default where the scenario without it is the same.
 * Settings of before that the schema does not take any more count as the scenario's.
 * Cost: a parse of the scenario for each setting, some tenths of a second. */
export function configurationLines(configuration: Configuration): readonly ConfigurationLine[] {
  const whole = textOf(configuration);
  const lines: ConfigurationLine[] = [];
  const visit = (path: readonly string[], value: unknown): void => {
    const source = textOf(without(configuration, path)) === whole ? 'default' : 'scenario';
    const isSection = isRecord(value) && Object.keys(value).length > 0;
    if (isSection && source === 'scenario') {
      for (const [name, own] of Object.entries(value)) visit([...path, name], own);
      return;
    }
    const leaves = isSection ? leavesOf(path, value) : [[path.join('.'), value] as const];
    for (const [name, own] of leaves) {
      lines.push({ path: name, value: JSON.stringify(own), source });
    }
  };
  for (const [name, value] of Object.entries(configuration)) visit([name], value);
  return lines;
}

/** Undefined where the schema takes it not. */
function textOf(configuration: Configuration): string | undefined {
  const { success, data } = scenarioSchema.safeParse(configuration);
  return success ? canonicalScenario(data) : undefined;
}

function without(record: Configuration, [name = '', ...rest]: readonly string[]): Configuration {
  const { [name]: own, ...others } = record;
  if (rest.length === 0 || !isRecord(own)) return others;
  return { ...record, [name]: without(own, rest) };
}

function leavesOf(
  path: readonly string[],
  record: Configuration,
): readonly (readonly [string, unknown])[] {
  return Object.entries(record).flatMap(([name, value]) =>
    isRecord(value) && Object.keys(value).length > 0
      ? leavesOf([...path, name], value)
      : [[[...path, name].join('.'), value] as const],
  );
}

function isRecord(value: unknown): value is Configuration {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
