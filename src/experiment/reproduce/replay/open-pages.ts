/** The pages that are loading, seen from outside the desk. Spec: E371. */
import type { World } from '../../assemble.ts';
import { requestName } from '../../results/traces/request-name.ts';
import { intercept } from './intercept.ts';
import type { WatchedPage } from './page-records.ts';

/** Hears of every page load. */
export interface PageListener {
  asked(page: WatchedPage): void;
}

/** Watches a world's pages from now on. @returns those that are loading, in the order of asking. */
export function watchPages(
  { recorder, simulation, wired }: World,
  listener: PageListener | undefined,
): ReadonlyMap<string, WatchedPage> {
  const open = new Map<string, WatchedPage>();
  const asked = (of: Pick<WatchedPage, 'viewer' | 'pageSequence' | 'page' | 'askedAtUs'>) => {
    const { viewer, pageSequence, page, askedAtUs } = of;
    const request = requestName(viewer, pageSequence);
    const ends = { begunAtUs: null, shownAtUs: null, outcome: null };
    const watched = { request, viewer, pageSequence, page, askedAtUs, ...ends, calls: [] };
    open.set(request, watched);
    listener?.asked(watched);
  };
  const ended = (request: string, outcome: string) => {
    const page = open.get(request);
    if (page === undefined) return;
    open.delete(request);
    page.shownAtUs = simulation.nowUs;
    page.outcome = outcome;
  };
  /** By the desk's numbers. */
  const requests = new Map<number, string>();
  intercept(recorder, 'pageAsked', {
    before(number, { viewer, pageSequence, page, askedAtUs }) {
      requests.set(number, requestName(viewer, pageSequence));
      asked({ viewer, pageSequence, page, askedAtUs });
    },
  });
  const wishEnded = (number: number, outcome: string) => {
    ended(requests.get(number) ?? '', outcome);
    requests.delete(number);
  };
  intercept(recorder, 'pageShown', { before: (number, outcome) => wishEnded(number, outcome) });
  intercept(recorder, 'pageRefusedOffline', { before: (number) => wishEnded(number, 'offline') });
  intercept(wired.path, 'begin', {
    before({ client, pageSequence, page, test }) {
      const { viewer } = client.profile;
      if (test !== undefined) asked({ viewer, pageSequence, page, askedAtUs: test.askedAtUs });
      const watched = open.get(requestName(viewer, pageSequence));
      if (watched !== undefined) watched.begunAtUs = simulation.nowUs;
    },
  });
  intercept(recorder, 'testShown', {
    before: ({ viewer, pageSequence }, outcome) =>
      ended(requestName(viewer, pageSequence), outcome),
  });
  return open;
}
