/** Suite `gateway`: what a page with exact data costs in CPU through the federated gateway, cached
 * and not, and how many pages a second go the whole simulated request path on one core. */
import { type BenchSuite, figure } from './bench-suite.ts';
import { federatedPageFigures } from './gateway/federated-pages.ts';
import { createPathBench } from './gateway/request-path.ts';

const PATH_PAGES = 60_000;
const ROUNDS = 9;

/** The suite. */
export const gatewaySuite: BenchSuite = async ({ scale }) => {
  const path = await pathRates(Math.round(PATH_PAGES * scale), scale >= 1 ? ROUNDS : 1);
  return [
    ...(await federatedPageFigures(scale)),
    figure('request_path_pages_per_s', path.pagesPerSec, 'pages/s'),
    figure('request_path_events_per_page', path.eventsPerPage, 'events'),
  ];
};

/** Medians over rounds, after one that warms up. */
async function pathRates(pages: number, rounds: number) {
  const bench = await createPathBench();
  const rates: number[] = [];
  let eventsPerPage = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const start = performance.now();
    const shown = bench.showPages(pages);
    const seconds = (performance.now() - start) / 1_000;
    if (shown.pages < pages) throw new Error(`the path showed ${shown.pages} pages of ${pages}`);
    if (round > 0) rates.push(shown.pages / seconds);
    eventsPerPage = shown.events / shown.pages;
  }
  bench.close();
  const pagesPerSec = rates.toSorted((a, b) => a - b)[rates.length >> 1] ?? Number.NaN;
  return { pagesPerSec, eventsPerPage };
}
