/** The demo site as text: a catalogue of made-up titles with a player whose film the browser makes
 * itself. It knows the write key and nothing else of the collector, loads nothing from elsewhere,
 * and its policy permits its own files only. Spec: B40, B41. */
import { createBuiltInCatalogue } from '../../domain/built-in-catalogue.ts';
import type { DemoData, DemoTitle } from '../../domain/live/demo-data.ts';
import { browserBundle } from '../../experiment/io/browser-bundle.ts';
import { DEMO_STYLES } from './demo-styles.ts';

/** What the site is made for. */
export interface DemoOptions {
  /** Whose events its visitors' are. */
  readonly writeKey: string;
  /** Where visitors can see what they did. */
  readonly dashboardUrl: string;
  /** Default 48. */
  readonly titles?: number | undefined;
  /** Of the catalogue. Default 1. */
  readonly seed?: number | undefined;
  /** Length of the films that browsers make, which takes as long. Default 6 s. */
  readonly clipSeconds?: number | undefined;
}

/** A file of the site. */
export interface DemoFile {
  readonly type: string;
  readonly text: string;
}

/** What is sent with the page. */
export const DEMO_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'media-src blob: mediastream:',
  'img-src data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const TITLES = 48;
const CLIP_SECONDS = 6;
const ROW_LENGTH = 12;
const ROWS = 4;

/** The site's files by their paths below its root. */
export function demoFiles(options: DemoOptions): ReadonlyMap<string, DemoFile> {
  return new Map([
    ['', { type: 'text/html; charset=utf-8', text: pageOf(demoData(options)) }],
    ['demo.css', { type: 'text/css; charset=utf-8', text: DEMO_STYLES }],
    ['demo.js', { type: 'text/javascript; charset=utf-8', text: browserBundle('demo') }],
  ]);
}

/** What the page's script works with. */
export function demoData(options: DemoOptions): DemoData {
  const { titles = TITLES, seed = 1, clipSeconds = CLIP_SECONDS, writeKey, dashboardUrl } = options;
  const catalogue = createBuiltInCatalogue({ titles, seed });
  const shown = catalogue.titles.map(
    ({ id, name, kind, genres, releaseYear, durationMinutes, maturityRating }): DemoTitle => {
      return { id, name, kind, genres, releaseYear, durationMinutes, maturityRating };
    },
  );
  return { writeKey, dashboardUrl, clipSeconds, titles: shown, rows: rowsOf(shown) };
}

/** New ones first, then the genres that have most. */
function rowsOf(titles: readonly DemoTitle[]): DemoData['rows'] {
  const ids = (list: readonly DemoTitle[]) => list.slice(0, ROW_LENGTH).map(({ id }) => id);
  const byYear = titles.toSorted((a, b) => b.releaseYear - a.releaseYear);
  const genres = [...new Set(titles.flatMap((title) => title.genres))]
    .map((name) => ({ name, of: titles.filter((title) => title.genres.includes(name)) }))
    .toSorted((a, b) => b.of.length - a.of.length)
    .slice(0, ROWS - 1)
    .map(({ name, of }) => ({ id: rowId(name), name, titleIds: ids(of) }));
  return [{ id: 'new', name: 'New', titleIds: ids(byYear) }, ...genres];
}

function rowId(name: string): string {
  return name.toLowerCase().replace(/[^a-z]+/g, '-');
}

function pageOf(data: DemoData): string {
  // A data block is no script, and must not end as one either.
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Backlot Films</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="demo.css">
<script type="application/json" id="demo-data">${json}</script>
<script src="../sdk.js" defer></script>
<script src="../sdk-capture.js" defer></script>
<script src="demo.js" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
<a class="brand" href="#/" data-backlot-target="brand">Backlot Films</a>
<form role="search" id="search-form"><label for="search">Search titles</label>
<input id="search" type="search" name="q" autocomplete="off" placeholder="Search titles"></form>
<p id="network" class="network" role="status" hidden>Offline: nothing is lost, it waits here.</p>
</header>
<main id="main" tabindex="-1"><noscript><p>This demo watches itself, and needs JavaScript for
it.</p></noscript></main>
<section id="consent" class="consent" aria-label="Consent" data-backlot-ignore hidden>
<p>May this demo record what you do on it, and send it to the collector that serves it? Until you
say yes nothing is stored or sent.</p>
<p><button type="button" id="accept">Yes, record</button>
<button type="button" id="decline">No</button></p>
</section>
<footer data-backlot-ignore>
<dl id="counts" class="counts"></dl>
<p><button type="button" id="privacy">Change consent</button>
<a id="dashboard" href="../dashboard/">Dashboard</a></p>
</footer>
</body>
</html>
`;
}
