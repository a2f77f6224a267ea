/** What pages of every kind of document say the same way: facts under the title, the footer. */
import type { Provenance } from '../../experiment/result.ts';
import type { Page } from '../html/page-shell.ts';
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
