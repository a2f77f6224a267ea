/** Addresses as they may leave the page: without what people type into them. Of the query only the
 * campaign's parameters stay, of the hash nothing. Spec: B25. */

const CAMPAIGN = /^utm_[a-z]+$/;
/** Routes of single pages that live in the hash. */
const ROUTE = /^#!?(\/[^?]*)/;

/** An address that tells the page and its campaign, and nothing else. */
export function cleanAddress(address: string): string | undefined {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined) return undefined;
  const kept = new URLSearchParams();
  for (const [name, value] of url.searchParams) if (CAMPAIGN.test(name)) kept.append(name, value);
  const query = kept.toString();
  const origin = url.origin === 'null' ? '' : url.origin;
  return `${origin}${url.pathname}${query === '' ? '' : `?${query}`}`;
}

/** What tells one page of a site from another: the path, and a route in the hash. */
export function routeOf(url: { readonly pathname: string; readonly hash: string }): string {
  return `${url.pathname}${ROUTE.exec(url.hash)?.[1] ?? ''}`;
}
