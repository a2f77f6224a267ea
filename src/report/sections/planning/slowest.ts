/** The pages that took longest, by the names that `replay --explain` takes. */
import type { ArchitectureResult, RunDocument, SlowRequest } from '../../../experiment/result.ts';
import { commandBlock } from '../../html/command-block.ts';
import type { Section } from '../../html/page-shell.ts';
import { renderTable } from '../../html/table.ts';
import { capitalized, formatNumber } from '../../numbers.ts';
import { isMany, subjectNoun } from '../../subjects.ts';

const MS_PER_SECOND = 1_000;
/** `HH:MM:SS` in an ISO time. */
const TIME_OF_DAY = [11, 19] as const;

/** The section; undefined where no page was measured. Of many subjects each shows its slowest. */
export function slowestSection({ architectures }: RunDocument): Section | undefined {
  const shown = architectures.flatMap(({ name, slowest }) =>
    (isMany(architectures) ? slowest.slice(0, 1) : slowest).map((one) => ({ name, one })),
  );
  const [first] = shown;
  if (first === undefined) return undefined;
  return {
    id: 'slowest',
    heading: 'Slowest pages',
    body: `<p>Where the time of one of them went:</p>
${commandBlock(explainCommand(first, architectures))}
${renderTable({
  caption: 'The longest page loads',
  columns: [
    'Request',
    capitalized(subjectNoun(architectures)),
    'Page',
    'Asked for at, UTC',
    'Page load, s',
    'Outcome',
  ],
  textColumns: [1, 2, 3, 5],
  rows: shown.map(({ name, one }) => [
    one.request,
    name,
    one.page,
    one.askedAt.slice(...TIME_OF_DAY),
    formatNumber(one.pageLoadTimeMs / MS_PER_SECOND),
    one.outcome,
  ]),
})}`,
  };
}

function explainCommand(
  { name, one }: { readonly name: string; readonly one: SlowRequest },
  architectures: readonly ArchitectureResult[],
): string {
  const which = architectures.length < 2 ? '' : ` --arch ${name}`;
  return `npx backlot replay <results>${which} --explain ${one.request}`;
}
