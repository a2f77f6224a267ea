/** The schema of objectives: a text of the language, a text with settings, or what builder and
 * parser make. Whatever goes in, the objective comes out; what the text alone shows to be wrong is
 * told here, and what the scenario shows by `objectiveProblems`. */
import { z } from 'zod';
import { readObjective } from '../../objectives/language/parse-objective.ts';
import { printObjective } from '../../objectives/language/print-objective.ts';
import type { Objective } from '../../objectives/objective.ts';

const settings = {
  severity: z.enum(['fail', 'warn']).optional(),
  /** One-sided, of the verdict. */
  confidence: z.number().gt(0.5).lt(1).optional(),
  minReplications: z.int().positive().optional(),
  minSamples: z.int().positive().optional(),
  onNoData: z.enum(['fail', 'pass', 'skip']).optional(),
};

const withSettings = z.strictObject({ objective: z.string(), ...settings });

/** An objective with its settings, as text. */
export type ObjectiveText = z.input<typeof withSettings>;

/** An objective as one writes it, and as the scenario holds it. Spec: E102. */
export const objectiveSchema = z
  .custom<string | ObjectiveText | Objective>()
  .transform((input, context): Objective => {
    const asked = withSettings.safeParse(written(input));
    if (!asked.success) {
      for (const { path, message } of asked.error.issues) {
        context.issues.push({ code: 'custom', path: [...path], message, input });
      }
      return z.NEVER;
    }
    const { objective: text, ...given } = asked.data;
    const { objective, problems } = readObjective(text, given);
    if (objective !== undefined) return objective;
    for (const { column, rule } of problems) {
      const message = `column ${column}: ${rule}`;
      context.issues.push({ code: 'custom', message, input });
    }
    return z.NEVER;
  });

/** The text with its settings, whatever was given. */
function written(input: unknown): unknown {
  if (typeof input === 'string') return { objective: input };
  if (!isObjective(input)) return input;
  const { severity, confidence, minReplications, minSamples, onNoData } = input;
  return {
    objective: printed(input),
    severity,
    confidence,
    minReplications,
    minSamples,
    onNoData,
  };
}

function isObjective(input: unknown): input is Objective {
  return typeof input === 'object' && input !== null && 'condition' in input;
}

/** What is no objective inside says so as a text that does not parse. */
function printed(input: Objective): string {
  try {
    return printObjective(input);
  } catch {
    return '';
  }
}
