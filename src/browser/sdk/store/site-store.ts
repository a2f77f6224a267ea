/** What the SDK keeps in a browser, by name: who somebody is and that they agreed, a queue for each
 * tab, and a lease on each queue. A tab that lives renews its lease; a queue whose lease has run
 * out, or was handed back on the way out, is anybody's. Spec: B11–B13. */
import { hashText } from '../../../kernel/hash.ts';
import type { BrowserEnvironment, TextStore } from '../environment.ts';
import { attempt, type KeptText, keepText } from './kept-text.ts';

/** Who it is, and that they agreed to being tracked. */
export interface KeptConsent {
  readonly subject: string;
}

/** How long a tab's queue is its own without a word from it: hidden tabs have slow timers. */
export const LEASE_MS = { shown: 30_000, hidden: 180_000 } as const;
const NAME_SEED = 0xb10c;
const QUEUE = 'q.';
const LEASE = 'l.';
const ASIDE = 'refused';
const WHO = 'who';
const TAB = 'tab';

/** The store of one SDK on one site. */
export interface SiteStore {
  /** The key under which consent is kept: other tabs hear of its changes. */
  readonly consentKey: string;
  consent(): KeptConsent | undefined;
  /** Keeps it. @returns whether it could be. */
  keepConsent(consent: KeptConsent): boolean;
  queue(tab: string): KeptText;
  /** The tab's name from its page before, if nobody else has taken it. */
  ownTab(): string | undefined;
  keepOwnTab(tab: string): void;
  /** Takes a queue or keeps it. @returns false where it is another page's. */
  lease(tab: string, forMs: number): boolean;
  handBack(tab: string): void;
  /** Tabs whose queues are anybody's. */
  orphans(): readonly string[];
  /** Puts away what could not be read, in place of what was put away before. */
  setAside(text: string): void;
  /** Forgets everything. */
  clear(): void;
}

/** The store. @param page - Names this page among all that live. */
export function openSiteStore(
  environment: BrowserEnvironment,
  site: { readonly url: string; readonly writeKey: string; readonly page: string },
): SiteStore | undefined {
  const { shared, ownTab } = environment;
  if (shared === undefined) return undefined;
  const { page } = site;
  const mark = (hashText(`${site.url} ${site.writeKey}`, NAME_SEED) >>> 0).toString(36);
  const prefix = `backlot.${mark}.`;
  const read = (key: string, store: TextStore = shared) => {
    let text: string | null = null;
    attempt(() => {
      text = store.getItem(prefix + key);
    });
    return text as string | null;
  };
  const write = (key: string, text: string, store: TextStore = shared) =>
    attempt(() => store.setItem(prefix + key, text));
  const remove = (key: string) => attempt(() => shared.removeItem(prefix + key));
  const isFree = (tab: string) => {
    const [holder, until] = (read(LEASE + tab) ?? '').split(' ');
    return holder === page || !(Number(until) > environment.wallMs());
  };
  return {
    consentKey: prefix + WHO,
    consent: () => consentIn(read(WHO)),
    keepConsent: (consent) => write(WHO, JSON.stringify(consent)),
    queue: (tab) => keepText(environment, shared, prefix + QUEUE + tab),
    ownTab() {
      const tab = ownTab && read(TAB, ownTab);
      return tab && isFree(tab) ? tab : undefined;
    },
    keepOwnTab(tab) {
      if (ownTab !== undefined) write(TAB, tab, ownTab);
    },
    lease(tab, forMs) {
      if (!isFree(tab)) return false;
      write(LEASE + tab, `${page} ${environment.wallMs() + forMs}`);
      return true;
    },
    handBack: (tab) => {
      if (isFree(tab)) remove(LEASE + tab);
    },
    orphans: () =>
      keysOf(shared, prefix + QUEUE)
        .map((key) => key.slice(prefix.length + QUEUE.length))
        .filter(isFree),
    setAside: (text) => {
      write(ASIDE, text);
    },
    clear() {
      for (const key of keysOf(shared, prefix)) attempt(() => shared.removeItem(key));
      if (ownTab !== undefined) attempt(() => ownTab.removeItem(prefix + TAB));
    },
  };
}

function keysOf(store: TextStore, prefix: string): readonly string[] {
  const keys: string[] = [];
  attempt(() => {
    for (let i = 0; i < store.length; i += 1) {
      const key = store.key(i);
      if (key?.startsWith(prefix)) keys.push(key);
    }
  });
  return keys;
}

function consentIn(text: string | null): KeptConsent | undefined {
  let found: KeptConsent | undefined;
  attempt(() => {
    const subject: unknown = JSON.parse(text ?? 'null')?.subject;
    if (typeof subject === 'string' && subject !== '') found = { subject };
  });
  return found;
}
