/** A change as a rule writes it, and what becomes of it: an action that this scenario can take, or
 * nothing. Spec: M186. */
import { changedScenario } from '../../scenario/define-scenario.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { variedField } from '../../sweep/factors/varied-field.ts';
import type {
  ActionPurpose,
  AdviceAction,
  AdviceFinding,
  FieldChange,
} from '../advice-document.ts';

/** What a rule proposes. */
export interface ActionDraft {
  readonly title: string;
  /** Values by dotted path. */
  readonly set: Readonly<Record<string, unknown>>;
  /** What it is to do, after the finding: `more replicas shorten the line`. */
  readonly because: string;
}

/** The action of a draft; undefined where the scenario has no such field, would not be valid with
 * it, or has the value already. */
export function actionOf(
  scenario: Scenario,
  draft: ActionDraft,
  of: { readonly purpose: ActionPurpose; readonly finding: AdviceFinding },
): AdviceAction | undefined {
  const { title, set, because } = draft;
  const { purpose, finding } = of;
  const changes = changesOf(scenario, set);
  if (changes === undefined || 'problems' in changedScenario(scenario, set)) return undefined;
  return {
    id: idOf(changes),
    purpose,
    title,
    changes,
    finding: finding.id,
    reason: `${finding.text}: ${because}`,
  };
}

/** Names the changes, so that equal ones have one name. */
export function idOf(changes: readonly FieldChange[]): string {
  return changes.map(({ path, to }) => `${path}=${valueText(to)}`).join(' & ');
}

/** Values by path, as `changedScenario` takes them. */
export function settingsOf(changes: readonly FieldChange[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(changes.map(({ path, to }) => [path, to]));
}

/** What is there and what is to be; undefined where nothing would change. */
export function changesOf(
  scenario: Scenario,
  set: Readonly<Record<string, unknown>>,
): readonly FieldChange[] | undefined {
  const changes: FieldChange[] = [];
  for (const [path, to] of Object.entries(set)) {
    const field = variedField(scenario, path);
    if ('rule' in field) return undefined;
    const from = field.value ?? null;
    if (JSON.stringify(from) !== JSON.stringify(to)) changes.push({ path, from, to });
  }
  return changes.length === 0 ? undefined : changes;
}

/** A value in a name: plain where it is plain. */
function valueText(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
