/** Words that problems of a scenario have in common. */
import { nearestName } from '../../../kernel/errors.ts';

/** What to write instead of a name that is not known. */
export function suggestion(found: string, known: readonly string[]): string {
  const nearest = nearestName(found, known);
  const all = known.length <= 12 ? `; valid: ${known.join(', ')}` : '';
  return nearest === undefined ? `no such name${all}` : `did you mean "${nearest}"?${all}`;
}

/** A value found, short. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
