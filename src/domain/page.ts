/** A page is what a device shows; it states in GraphQL what it needs (`gateway/pages.ts`). */

/** The pages of the product. */
export const PAGE_NAMES = ['home', 'title', 'search', 'play'] as const;
/** One of {@link PAGE_NAMES}. */
export type PageName = (typeof PAGE_NAMES)[number];

/** Variables of a page's query: `home` {genre}, `title` and `play` {id}, `search` {text}. */
export type PageVariables = Readonly<Record<string, string>>;

/** How a page load ended. Simulated failures are data, never thrown.
 * `ok` complete · `degraded` whole to look at, but with stale or default values in it · `partial`
 * some fields null with errors · `failed` an error answer · `timeout` no answer within the client's
 * patience. */
export type ApiOutcome = 'ok' | 'degraded' | 'partial' | 'failed' | 'timeout';
