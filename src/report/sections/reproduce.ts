/** How to get the same run again: command, digest, versions, inputs. */
import type { CompareDocument, RunDocument } from '../../experiment/result.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Section } from '../html/page-shell.ts';
import { renderTable } from '../html/table.ts';
import { formatHours } from '../numbers.ts';
import { hasViewers, loadInWords } from '../subjects.ts';

/** The section. */
export function reproduceSection(document: RunDocument | CompareDocument): Section {
  const digests =
    document.schema === 'backlot.run/1'
      ? document.architectures.map(({ name, digest }): [string, string] => [
          `Digest of ${name}`,
          digest,
        ])
      : [];
  const load = loadInWords(document.architectures);
  const command = escapeHtml(document.replayCommand);
  return {
    id: 'reproduce',
    heading: 'Reproduce',
    body: `<p>The same scenario, seed and versions give the same run to the bit; the digest
proves it.</p>
<pre tabindex="0" aria-label="Replay command"><code>${command}</code></pre>
${renderTable({
  caption: 'What this report was made of',
  columns: ['', 'Value'],
  textColumns: [1],
  rows: [
    ['Digest', document.digest],
    ...digests,
    ['Seed', String(document.seed)],
    ['backlot', document.backlot],
    ['Node', document.node],
    ['Scenario', document.scenario],
    ['Starts at (UTC)', document.startUtc],
    ['Virtual time', formatHours(document.virtualHours)],
    ['Catalogue', document.catalogue],
    ...(hasViewers(document.architectures)
      ? [['Arrivals of viewers', document.arrivals] as const]
      : []),
    ...(load === undefined ? [] : [['Load test', load] as const]),
    ['Document', document.schema],
  ],
})}`,
  };
}
