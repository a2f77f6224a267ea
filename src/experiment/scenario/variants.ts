/** What a scenario is run as: its variants, or else each of the four architectures. A variant is
 * the same scenario with some fields set otherwise; everything drawn stays the same. Spec: E9. */
import type { z } from 'zod';
import { ARCHITECTURE_NAMES, type ArchitectureName } from '../../gateway/architecture.ts';
import { PRODUCTS } from '../../gateway/products/products.ts';
import { EngineError, nearestName } from '../../kernel/errors.ts';
import { type Scenario, scenarioSchema } from './schema.ts';

/** One way to run a scenario. */
export interface Variant {
  readonly name: string;
  readonly architecture: ArchitectureName;
  /** The scenario as this variant has it. */
  readonly scenario: Scenario;
}

/** All ways to run a scenario, in its order. @param architectures - Only variants of these.
 * @throws EngineError `CLI_USAGE` where the scenario's variants are all of other architectures. */
export function variantsOf(
  scenario: Scenario,
  architectures: readonly ArchitectureName[] = ARCHITECTURE_NAMES,
): readonly Variant[] {
  if (scenario.variants.length === 0) {
    return architectures
      .filter((one) => PRODUCTS[scenario.product].architectures.includes(one))
      .map((architecture) => ({ name: architecture, architecture, scenario }));
  }
  const wanted = scenario.variants.filter(({ architecture }) =>
    architectures.includes(architecture),
  );
  if (wanted.length === 0) throw nothingToRun(scenario, architectures);
  return wanted.map(({ name, architecture, set }) => {
    const applied = applyVariant(scenario, set);
    // `defineScenario` has let only variants pass that are scenarios.
    return { name, architecture, scenario: applied.success ? applied.data : scenario };
  });
}

/** Those of some names, in their own order; all where none are given.
 * @throws EngineError `CLI_USAGE` for a name that is not there. */
export function namedVariants(
  variants: readonly Variant[],
  names: readonly string[] | undefined,
): readonly Variant[] {
  if (names === undefined) return variants;
  const known = variants.map(({ name }) => name);
  for (const argument of names) {
    if (known.includes(argument)) continue;
    const nearest = nearestName(argument, known);
    const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
    const message = `no variant "${argument}"${hint}; there are ${known.join(', ')}`;
    throw new EngineError('CLI_USAGE', message, { argument });
  }
  return variants.filter(({ name }) => names.includes(name));
}

function nothingToRun(scenario: Scenario, architectures: readonly ArchitectureName[]): EngineError {
  const own = [...new Set(scenario.variants.map(({ architecture }) => architecture))];
  const argument = architectures.join(',');
  return new EngineError(
    'CLI_USAGE',
    `architecture ${argument}: no variant of scenario "${scenario.name}" is of it; ` +
      `choose from ${own.join(', ')}`,
    { argument },
  );
}

/** The scenario with fields set by dotted path, checked anew; without variants, and without the
 * references that name them. */
export function applyVariant(
  scenario: Scenario,
  set: Readonly<Record<string, unknown>>,
): z.ZodSafeParseResult<Scenario> {
  return scenarioSchema.safeParse(variantDraft(scenario, set));
}

/** The scenario with fields set by dotted path, whatever it is then. Variants and references are
 * of the scenario as a whole, and not of any one. */
export function variantDraft(
  scenario: Scenario,
  set: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const draft = structuredClone({ ...scenario, variants: [], references: [] });
  for (const [path, value] of Object.entries(set)) setAt(draft, path.split('.'), value);
  return draft;
}

/** Sets a field, making the objects on the way to it. Paths into what is no object end there, and
 * the schema says so. */
function setAt(draft: object, path: readonly string[], value: unknown): void {
  let at = draft as Record<string, unknown>;
  for (const step of path.slice(0, -1)) {
    const next = Object.hasOwn(at, step) ? at[step] : undefined;
    if (typeof next === 'object' && next !== null) {
      at = next as Record<string, unknown>;
    } else {
      const made: Record<string, unknown> = {};
      Object.defineProperty(at, step, property(made));
      at = made;
    }
  }
  Object.defineProperty(at, path.at(-1) ?? '', property(structuredClone(value)));
}

/** An ordinary property, whatever its name: `__proto__` too. */
function property(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, writable: true, configurable: true };
}
