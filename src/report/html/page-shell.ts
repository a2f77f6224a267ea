/** The page around the sections: one file, nothing fetched, complete without its script. The policy
 * in its head lets only that one script run, by its hash, so that even a name that slipped through
 * unescaped could do nothing. Spec: R60. */
import { escapeHtml } from './escape.ts';
import { STYLES } from './styles.ts';

/** One section of the report; `body` is finished HTML. */
export interface Section {
  /** Letters and hyphens: the anchor. */
  readonly id: string;
  readonly heading: string;
  readonly body: string;
}

/** What goes on the page. */
export interface Page {
  readonly title: string;
  readonly lead: string;
  /** Short facts under the title: name and value. */
  readonly facts: readonly (readonly [string, string])[];
  readonly verdict: readonly string[];
  /** What else is to be said, in smaller print. */
  readonly notes?: readonly string[];
  readonly sections: readonly Section[];
  readonly footer: string;
}

/** The script of a page; it goes in as it is. */
export interface PageScript {
  readonly text: string;
  /** Of the text, as a policy names it: `sha256-…`. */
  readonly hash: string;
}

/** The whole document. All texts but the bodies of the sections are escaped here. */
export function renderPage(page: Page, script: PageScript): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policyOf(script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(page.title)}</title>
<style>${STYLES}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the sections</a>
<header>
<h1>${escapeHtml(page.title)}</h1>
<p class="lead">${escapeHtml(page.lead)}</p>
<ul class="facts">${page.facts.map(renderFact).join('')}</ul>
<section class="verdict" aria-labelledby="verdict">
<h2 id="verdict">What this shows</h2>
${page.verdict.map(renderSentence).join('\n')}
${(page.notes ?? []).map(renderNote).join('\n')}
</section>
<nav aria-label="Sections"><ul>${page.sections.map(renderLink).join('')}</ul></nav>
</header>
<main id="main" tabindex="-1">
${page.sections.map(renderSection).join('\n')}
</main>
<footer><p>${escapeHtml(page.footer)}</p></footer>
<script>${script.text}</script>
</body>
</html>
`;
}

function policyOf({ hash }: PageScript): string {
  return `default-src 'none'; script-src '${hash}'; style-src 'unsafe-inline'; img-src data:; \
base-uri 'none'; form-action 'none'`;
}

function renderFact([name, value]: readonly [string, string]): string {
  return `<li>${escapeHtml(name)} <b>${escapeHtml(value)}</b></li>`;
}

/** Signs of per cent stay with their numbers. */
function renderSentence(sentence: string): string {
  return `<p>${escapeHtml(sentence).replaceAll(' %', '\u00A0%')}</p>`;
}

function renderNote(note: string): string {
  return renderSentence(note).replace('<p>', '<p class="note">');
}

function renderLink({ id, heading }: Section): string {
  return `<li><a href="#${id}">${escapeHtml(heading)}</a></li>`;
}

function renderSection({ id, heading, body }: Section): string {
  return `<section aria-labelledby="${id}">
<h2 id="${id}">${escapeHtml(heading)}</h2>
${body}
</section>`;
}
