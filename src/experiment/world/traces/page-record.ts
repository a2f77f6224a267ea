/** What became of one page, read off the records that its calls and tries left: the same notes as
 * `replay --explain` takes by watching, for a page that is over. Spec: E500. */

import type {
  WatchedCall,
  WatchedPage,
  WatchedTry,
  WorkVisit,
} from '../../reproduce/replay/page-records.ts';
import type { Attempt, Call } from '../../requests/calls/call.ts';
import type { PageLoad } from '../../requests/request-path.ts';
import { requestName } from '../../results/traces/request-name.ts';

/** When a page was wished for, when it was there, and how it ended. */
export interface PageEnding {
  readonly askedAtUs: number;
  readonly shownAtUs: number;
  readonly outcome: string;
}

/** Numbers of an earlier visit: see `Attempt.earlierVisits`. */
const NUMBERS_A_VISIT = 3;

/** The notes. Cost O(calls and tries of the page), some µs. */
export function pageRecord(load: PageLoad, ending: PageEnding): WatchedPage {
  const { viewer } = load.client.profile;
  const { pageSequence, page, begunAtUs } = load;
  const first = load.call === undefined ? load.host?.lastCall : load.call;
  return {
    request: requestName(viewer, pageSequence),
    viewer,
    pageSequence,
    page,
    begunAtUs,
    ...ending,
    calls: recordsOf(first),
  };
}

/** The calls from the one begun last back to the first, in the order of their beginning. */
function recordsOf(last: Call | undefined): WatchedCall[] {
  const records: WatchedCall[] = [];
  for (let call = last; call !== undefined; call = call.previous) records.push(callRecord(call));
  return records.reverse();
}

function callRecord(call: Call): WatchedCall {
  const { beganAtUs, settledAs, settledUs, tooLateUs, traced, route } = call;
  const tries: WatchedTry[] = [];
  for (let one = call.lastTry; one !== undefined; one = one.previous) tries.push(tryRecord(one));
  tries.reverse();
  if (tooLateUs >= 0) {
    const atUs = beganAtUs + tooLateUs;
    const role = tries.length > 0 ? 'retry' : 'first';
    tries.push({
      ...NOWHERE,
      ...{ role, beganAtUs: atUs, endedAtUs: atUs, outcome: 'refused: too-late' },
      ...{ visits: [], calls: [] },
    });
  }
  return {
    edge: route.account.name,
    operation: traced?.operation ?? null,
    beganAtUs,
    settledAtUs: settledAs === undefined ? null : beganAtUs + settledUs,
    outcome: settledAs ?? null,
    tries,
  };
}

/** A try that never left. */
const NOWHERE = { sentAtUs: null, handshakeUs: 0, arrivedAtUs: null, respondedAtUs: null };

function tryRecord(one: Attempt): WatchedTry {
  const { sentAtUs, heldUs, leftUs, endedUs, admittedAtUs, respondedUs } = one;
  return {
    role: one.role,
    beganAtUs: sentAtUs - heldUs,
    sentAtUs: leftUs < 0 ? null : sentAtUs + leftUs,
    handshakeUs: one.handshakeUs,
    arrivedAtUs: admittedAtUs < 0 ? null : admittedAtUs,
    respondedAtUs: respondedUs < 0 ? null : admittedAtUs + respondedUs,
    endedAtUs: endedUs < 0 ? null : sentAtUs + endedUs,
    outcome: endedUs < 0 ? null : endingOf(one),
    visits: visitsOf(one),
    calls: recordsOf(one.ran?.lastCall),
  };
}

function endingOf({ ending, isWanted, isAnswered, failure }: Attempt): string {
  if (ending !== undefined) return ending;
  if (!isWanted) return 'hung up';
  if (!isAnswered) return 'withdrawn';
  return failure === undefined ? 'answered' : `failed: ${failure}`;
}

function visitsOf({ admittedAtUs, givenUs, startedUs, doneUs, earlierVisits = [] }: Attempt) {
  if (givenUs < 0) return [];
  const numbers = [...earlierVisits, givenUs, startedUs, doneUs];
  const visits: WorkVisit[] = [];
  const at = (sinceUs: number | undefined) =>
    sinceUs === undefined || sinceUs < 0 ? null : admittedAtUs + sinceUs;
  for (let i = 0; i < numbers.length; i += NUMBERS_A_VISIT) {
    visits.push({
      queuedAtUs: at(numbers[i]) ?? admittedAtUs,
      startedAtUs: at(numbers[i + 1]),
      endedAtUs: at(numbers[i + 2]),
    });
  }
  return visits;
}
