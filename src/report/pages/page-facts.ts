/** What pages of every kind of document say the same way: facts under the title, the footer, how
 * to run it again. */
import type { Provenance } from '../../experiment/result.ts';
import { escapeHtml } from '../html/escape.ts';
import type { Page, Section } from '../html/page-shell.ts';
import { renderTable } from '../html/table.ts';
import { formatHours } from '../numbers.ts';

/** Facts that every document has. */
export function provenanceFacts(document: Provenance & { readonly digest: string }): Page['facts'] {
  return [
    ['Virtual time', formatHours(document.virtualHours)],
    ['Seed', String(document.seed)],
    ['Catalogue', document.catalogue],
    ['Digest', document.digest.slice(0, 16)],
  ];
}

/** The last line of a page. */
export function footerOf({ backlot }: Provenance): string {
  return (
    `Made by backlot ${backlot}. Simulated data: no person's behaviour is in it ` +
    `beyond what the catalogue and arrivals named above hold.`
  );
}

/** How to get the same document again. */
export function againSection(
  document: Provenance & { readonly digest: string; readonly schema: string },
): Section {
  const command = escapeHtml(document.replayCommand);
  return {
    id: 'reproduce',
    heading: 'Reproduce',
    body: `<p>The same scenario, seed and versions give the same document to the bit, on any
number of threads; the digest proves it.</p>
<pre tabindex="0" aria-label="Replay command"><code>${command}</code></pre>
${renderTable({
  caption: 'What this report was made of',
  columns: ['', 'Value'],
  textColumns: [1],
  rows: [
    ['Digest', document.digest],
    ['Seed', String(document.seed)],
    ['backlot', document.backlot],
    ['Node', document.node],
    ['Scenario', document.scenario],
    ['Starts at (UTC)', document.startUtc],
    ['Virtual time', formatHours(document.virtualHours)],
    ['Catalogue', document.catalogue],
    ['Arrivals of viewers', document.arrivals],
    ['Document', document.schema],
  ],
})}`,
  };
}
