/** How to get the same result again: command, digest, versions, inputs. */

import { configurationLines } from '../../experiment/reproduce/configuration.ts';
import type { CompareDocument, Provenance, RunDocument } from '../../experiment/result.ts';
import { commandBlock } from '../html/command-block.ts';
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
      ...drivenRow(document),
      ...(isWatched ? [['Arrivals of viewers', document.arrivals] as const] : []),
      ...(load === undefined ? [] : [['Load test', load] as const]),
    ],
  });
}

/** Who drove it; nothing where it ran by itself. */
function drivenRow(document: RunDocument | CompareDocument): readonly Row[] {
  const { commands = 0 } = document.schema === 'backlot.run/1' ? document : {};
  if (commands === 0) return [];
  const changes = commands === 1 ? '1 change' : `${commands} changes`;
  return [['Driven by hand', `${changes} on the way, in the command logs beside the document`]];
}

/** Of any document. @param rows - More digests, and who asked for pages. */
export function againSection(
  document: Provenance & { readonly digest: string; readonly schema: string },
  rows: { readonly digests: readonly Row[]; readonly asked: readonly Row[] } = {
    digests: [],
    asked: [['Arrivals of viewers', document.arrivals]],
  },
): Section {
  return {
    id: 'reproduce',
    heading: 'Reproduce',
    body: `<p>The same scenario, seed and versions give the same result to the bit; the digest
proves it.</p>
${commandBlock(document.replayCommand, 'Replay command')}
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
    ...proofRows(document),
    ['Document', document.schema],
  ],
})}
${configurationHtml(document)}`,
  };
}

/** Of a document that no scenario's run made. @param more - What else it was made of. */
export function rebuiltSection(
  document: {
    readonly digest: string;
    readonly seed: number;
    readonly backlot: string;
    readonly schema: string;
    readonly replayCommand: string;
  },
  promise: string,
  more: readonly Row[] = [],
): Section {
  return {
    id: 'reproduce',
    heading: 'Reproduce',
    body: `<p>${escapeHtml(promise)}</p>
${commandBlock(document.replayCommand)}
${renderTable({
  caption: 'What this report was made of',
  columns: ['', 'Value'],
  textColumns: [1],
  rows: [
    ['Digest', document.digest],
    ['Seed', String(document.seed)],
    ...more,
    ['backlot', document.backlot],
    ['Document', document.schema],
  ],
})}`,
  };
}

function proofRows({ proof }: Provenance): readonly Row[] {
  if (proof === undefined) return [];
  return [
    ['SHA-256 of the scenario', proof.scenarioSha256],
    ...proof.inputs.map(({ role, path, sha256 }): Row => [`SHA-256 of ${role}, ${path}`, sha256]),
  ];
}

/** Folded: it is long, and who looks for a setting looks for its name. */
function configurationHtml({ configuration }: Provenance): string {
  if (configuration === undefined) return '';
  const lines = configurationLines(configuration);
  const defaults = lines.filter(({ source }) => source === 'default').length;
  const table = renderTable({
    caption: 'The scenario as it was run; times in µs, sizes in bytes',
    columns: ['Setting', 'Value', 'From'],
    textColumns: [1, 2],
    rows: lines.map(({ path, value, source }) => [path, value, source]),
  });
  const summary = `All ${lines.length} settings, ${defaults} of them defaults`;
  return `<details class="group"><summary>${escapeHtml(summary)}</summary>\n${table}</details>`;
}
