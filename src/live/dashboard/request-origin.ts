/** Requests from foreign pages are refused: a page elsewhere may send a browser here, even under a
 * name of its own that it points at this machine (DNS rebinding), but it cannot hide whose name
 * the browser asked for, nor where it came from. Spec: L63. */
import type { IncomingHttpHeaders } from 'node:http';
import { isIP } from 'node:net';
import { DashboardRefusal } from './dashboard-refusal.ts';

/** Which names of this server are its own. */
export type HostRule = (hostname: string) => boolean;

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
const EVERYWHERE = ['0.0.0.0', '::'];

/** The names under which a server that is bound to `host` may be asked for: itself and loopback's;
 * where it listens everywhere, addresses too, which no name server can turn on us.
 * @param others - Names besides, such as that of a proxy in front. */
export function hostRule(host: string, others: readonly string[] = []): HostRule {
  const known = new Set([host, ...LOOPBACK, ...others].map((name) => name.toLowerCase()));
  const isEverywhere = EVERYWHERE.includes(host);
  return (hostname) => known.has(hostname) || (isEverywhere && isIP(hostname) !== 0);
}

/** Lets pass what a person's browser asks on its own page's behalf, and clients without pages.
 * @param isPage - Whether it is the page itself, which a link from elsewhere may lead to.
 * @throws DashboardRefusal 403 for a foreign host or a foreign page. */
export function checkOrigin(
  headers: IncomingHttpHeaders,
  { isOwnHost, isPage }: { readonly isOwnHost: HostRule; readonly isPage: boolean },
): void {
  const host = headers.host ?? '';
  const hostname = hostnameOf(host);
  if (hostname === undefined || !isOwnHost(hostname)) {
    throw new DashboardRefusal(403, 'LIVE_FOREIGN_HOST', FOREIGN_HOST);
  }
  const { origin } = headers;
  const isOwnOrigin = origin === `http://${host}` || origin === `https://${host}`;
  const site = headers['sec-fetch-site'] ?? 'none';
  const isOwnSite = isPage || site === 'same-origin' || site === 'none';
  if ((origin !== undefined && !isOwnOrigin) || !isOwnSite) {
    throw new DashboardRefusal(403, 'LIVE_FOREIGN_ORIGIN', FOREIGN_ORIGIN);
  }
}

const FOREIGN_HOST = 'the Host header names another server; use the address that was printed';
const FOREIGN_ORIGIN = 'the request comes from another page; open the address that was printed';

function hostnameOf(host: string): string | undefined {
  const url = URL.parse(`http://${host}`);
  if (url === null || url.host === '' || /[/@?#\\\s]/.test(host)) return undefined;
  return url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
}
