/** How to get the same result again: command, digest, versions, inputs. */
import type { CompareDocument, Provenance, RunDocument } from '../../experiment/result.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Section } from '../html/page-shell.ts';
import { renderTable } from '../html/table.ts';
import { formatHours } from '../numbers.ts';
import { hasViewers, loadInWords } from '../subjects.ts';

type Row = readonly [name: string, value: string];

/** Of a run or of a comparison. */
export function reproduceSection(document: RunDocument | CompareDocument): Section {
  const digests =
    document.schema === 'backlot.run/1'
      ? document.architectures.map(({ name, digest }): Row => [`Digest of ${name}`, digest])
      : [];
  const load = loadInWords(document.architectures);
  const isWatched = hasViewers(document.architectures);
  return againSection(document, {
    digests,
    asked: [
      ...(isWatched ? [['Arrivals of viewers', document.arrivals] as const] : []),
      ...(load === undefined ? [] : [['Load test', load] as const]),
    ],
  });
}

/** Of any document. @param rows - More digests, and who asked for pages. */
export function againSection(
  document: Provenance & { readonly digest: string; readonly schema: string },
  rows: { readonly digests: readonly Row[]; readonly asked: readonly Row[] } = {
    digests: [],
    asked: [['Arrivals of viewers', document.arrivals]],
  },
): Section {
  const command = escapeHtml(document.replayCommand);
  return {
    id: 'reproduce',
    heading: 'Reproduce',
    body: `<p>The same scenario, seed and versions give the same result to the bit; the digest
proves it.</p>
<pre tabindex="0" aria-label="Replay command"><code>${command}</code></pre>
${renderTable({
  caption: 'What this report was made of',
  columns: ['', 'Value'],
  textColumns: [1],
  rows: [
    ['Digest', document.digest],
    ...rows.digests,
    ['Seed', String(document.seed)],
    ['backlot', document.backlot],
    ['Node', document.node],
    ['Scenario', document.scenario],
    ['Starts at (UTC)', document.startUtc],
    ['Virtual time', formatHours(document.virtualHours)],
    ['Catalogue', document.catalogue],
    ...rows.asked,
    ['Document', document.schema],
  ],
})}`,
  };
}
