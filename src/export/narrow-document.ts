/** A document of fewer architectures or variants: `--arch`. */
import { EngineError, nearestName } from '../kernel/errors.ts';
import type { ExportableDocument } from './export-format.ts';

/** Keeps the named subjects, and what is said of them alone. Sums over all stay as they are.
 * @throws EngineError `CLI_USAGE` for a name that the document does not have. */
export function narrowDocument(
  document: ExportableDocument,
  names: readonly string[],
): ExportableDocument {
  if (names.length === 0) return document;
  const all = subjectsOf(document);
  for (const name of names) if (!all.includes(name)) throw unknownSubject(name, all);
  const isKept = ({ name }: { readonly name: string }) => names.includes(name);
  const isOf = ({ subject }: { readonly subject: string }) => names.includes(subject);
  switch (document.schema) {
    case 'backlot.run/1':
      return {
        ...document,
        architectures: document.architectures.filter(isKept),
        verdicts: document.verdicts.filter(isOf),
      };
    case 'backlot.compare/1':
      return {
        ...document,
        architectures: document.architectures.filter(isKept),
        differences: document.differences.filter(
          ({ a, b }) => names.includes(a) && names.includes(b),
        ),
        verdicts: document.verdicts.filter(isOf),
      };
    case 'backlot.plan/1':
      return { ...document, plans: document.plans.filter(isKept) };
    case 'backlot.load/1':
      return { ...document, loads: document.loads.filter(isKept) };
    case 'backlot.sweep/1':
      return { ...document, subjects: document.subjects.filter(isKept) };
    case 'backlot.check/1':
      return { ...document, subjects: document.subjects.filter(isKept) };
    default:
      return document;
  }
}

function subjectsOf(document: ExportableDocument): readonly string[] {
  const found = {
    ...('architectures' in document && { all: document.architectures }),
    ...('plans' in document && { all: document.plans }),
    ...('loads' in document && { all: document.loads }),
    ...('subjects' in document && { all: document.subjects }),
    ...('subject' in document && { all: [document.subject] }),
  };
  return found.all?.map(({ name }) => name) ?? [];
}

function unknownSubject(name: string, all: readonly string[]): EngineError {
  const nearest = nearestName(name, all);
  const hint = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  const there = all.length === 0 ? 'the document has none' : `there are ${all.join(', ')}`;
  const message = `--arch: no subject "${name}"${hint}; ${there}`;
  return new EngineError('CLI_USAGE', message, { argument: '--arch' });
}
