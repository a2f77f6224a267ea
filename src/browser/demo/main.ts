/** The script of the demo site: a small catalogue that is watched by the SDK as any site would be,
 * with nothing but attributes and one call. */
import type { DemoData, DemoTitle } from '../../domain/live/demo-data.ts';
import type { BacklotHandle } from '../sdk/backlot.ts';
import type { init } from '../sdk/module.ts';
import type { ShownPage } from '../sdk/options.ts';
import { byId, make } from './elements.ts';
import { homeView, playView, searchView, titleView } from './views.ts';

declare const backlot: { readonly init: typeof init };

const COUNTS_EVERY_MS = 500;
const data = JSON.parse(byId('demo-data', HTMLScriptElement).text) as DemoData;
const titles: ReadonlyMap<string, DemoTitle> = new Map(data.titles.map((one) => [one.id, one]));
const sdk = backlot.init({
  url: new URL('../v1/batch', location.href).href,
  writeKey: data.writeKey,
  consent: 'ask',
  pageOf,
});
// For whoever wants to look at it in the console, and for the tests.
Object.assign(globalThis, { demo: sdk });

/** `#/title/tt00001` is the page `title` of that title. */
function pageOf({ hash }: URL): ShownPage {
  const [, name = '', titleId = ''] = hash.split('?')[0]?.split('/') ?? [];
  if (name === '' || !['title', 'play', 'search'].includes(name)) return { page: 'home' };
  return titles.has(titleId) ? { page: name, titleId } : { page: name };
}

function show(): void {
  const { page, titleId } = pageOf(new URL(location.href));
  const main = byId('main', HTMLElement);
  const title = titles.get(titleId ?? '');
  const address = location.href;
  if (page === 'search') main.replaceChildren(...searchView(data, search.value));
  else if (page === 'title' && title !== undefined) main.replaceChildren(...titleView(title));
  else if (page === 'play' && title !== undefined) {
    main.replaceChildren(...playView(title, data.clipSeconds, () => location.href === address));
  } else main.replaceChildren(...homeView(data));
  document.title = `${title?.name ?? 'Backlot Films'}`;
  if (page !== 'search') scrollTo(0, 0);
}

const search = byId('search', HTMLInputElement);
search.addEventListener('input', () => {
  if (!location.hash.startsWith('#/search')) location.hash = '#/search';
  else show();
});
byId('search-form', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
addEventListener('hashchange', show);
show();
offerConsent(sdk);
byId('dashboard', HTMLAnchorElement).href = data.dashboardUrl;
const network = byId('network', HTMLElement);
const looked = () => {
  network.hidden = navigator.onLine;
};
addEventListener('online', looked);
addEventListener('offline', looked);
looked();
count(sdk);
setInterval(() => count(sdk), COUNTS_EVERY_MS);
document.documentElement.dataset['demo'] = 'ready';

function offerConsent({ consent, stats }: BacklotHandle): void {
  const banner = byId('consent', HTMLElement);
  const decide = (granted: boolean) => () => {
    consent(granted);
    banner.hidden = true;
    count(sdk);
  };
  banner.hidden = stats().consent === 'granted';
  byId('accept', HTMLButtonElement).addEventListener('click', decide(true));
  byId('decline', HTMLButtonElement).addEventListener('click', decide(false));
  byId('privacy', HTMLButtonElement).addEventListener('click', () => {
    banner.hidden = false;
    byId('accept', HTMLButtonElement).focus();
  });
}

function count({ stats }: BacklotHandle): void {
  const { captured, acknowledged, queued, inFlight, dropped, consent } = stats();
  const figures = {
    Captured: captured,
    Delivered: acknowledged,
    Waiting: queued + inFlight,
    Dropped: dropped,
    Consent: consent,
  };
  byId('counts', HTMLElement).replaceChildren(
    ...Object.entries(figures).map(([name, value]) =>
      make('div', {}, [make('dt', {}, [name]), make('dd', {}, [String(value)])]),
    ),
  );
}
