/** Bugs in operators of users are found, by the property that is meant for them, and shrunk to what
 * one can read at a glance. */
import fc from 'fast-check';
import { Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { StreamItem } from '../../../src/streams/stream-item.ts';
import type { CheckReport } from '../../../src/testing/check/check-options.ts';
import {
  type CheckPipelineOptions,
  checkPipeline,
} from '../../../src/testing/pipelines/check-pipeline.ts';
import {
  conserves,
  eachKeyInOrder,
  watermarkMonotone,
} from '../../../src/testing/pipelines/properties/accounts.ts';
import {
  agreesWithBatch,
  dedupes,
  deterministic,
  orderInsensitive,
  resumesFromAnySnapshot,
} from '../../../src/testing/pipelines/properties/comparisons.ts';
import {
  type PipelineProperty,
  property,
} from '../../../src/testing/pipelines/properties/property.ts';
import { windowMembership } from '../../../src/testing/pipelines/properties/window-membership.ts';
import type { OperatorSubject } from '../../../src/testing/pipelines/subject.ts';
import { failureOf } from '../failing.ts';
import {
  batchSessions,
  CLICKS,
  type Click,
  type ClickCount,
  ClicksPerMinute,
  naiveSessions,
  onceEach,
  patientSessions,
  topUsers,
} from './buggy-operators.ts';

/** A check, made ready. */
function of<Result>(
  subject: OperatorSubject<Click, Result>,
  properties: readonly PipelineProperty<Click, Result>[],
  options: CheckPipelineOptions<Click, Result> = {},
): () => Promise<CheckReport> {
  return () => checkPipeline(subject, properties, { ...CLICKS, name: 'clicks', ...options });
}

let started = 0;
const remembers = (clicks: readonly Click[]) => {
  started += 1;
  return clicks.map(({ id }) => `${id} ${started}`);
};

const minutes = {
  windows: { kind: 'tumbling', sizeUs: 60_000_000 },
  keyOf: ({ user }: Click) => user,
  windowOf: ({ user, startMs, clicks }: ClickCount) => ({
    key: user,
    startUs: startMs * 1_000,
    endUs: (startMs + 60_000) * 1_000,
    events: clicks,
  }),
} as const;

const backwards = {
  rows: () => (clicks$: Observable<Click>) =>
    new Observable<Click>((out) => {
      const all: Click[] = [];
      return clicks$.subscribe({
        next: (click) => all.push(click),
        complete() {
          for (const click of all.reverse()) out.next(click);
          out.complete();
        },
      });
    }),
};

const throwing = {
  results: (clicks: readonly Click[]) => clicks.map(({ user }) => user.toUpperCase()),
};

/** Clicks pass, and with them promises about times that may still come. */
const hasty = {
  operator: () => (items$: Observable<StreamItem<Click>>) => {
    return new Observable<StreamItem<Click>>((out) =>
      items$.subscribe({
        next(item) {
          out.next(item);
          if (item.kind === 'row') out.next({ kind: 'watermark', timeUs: item.timeUs });
        },
        complete: () => out.complete(),
      }),
    );
  },
};

/** Bug, property that has to find it, and how large the counterexample may be. */
const BUGS: readonly (readonly [
  bug: string,
  found: string,
  commands: number,
  faults: number,
  check: () => Promise<CheckReport>,
])[] = [
  [
    'sessions take clicks as they arrive',
    'agrees-with-batch',
    2,
    1,
    of({ rows: () => naiveSessions() }, [agreesWithBatch(batchSessions)]),
  ],
  [
    'the gap of sessions is off by one',
    'agrees-with-batch',
    2,
    0,
    of({ rows: () => naiveSessions({ isGapOpen: true }) }, [agreesWithBatch(batchSessions)], {
      events: { ...CLICKS.events, disorderShare: 0, lateShare: 0 },
    }),
  ],
  [
    'what is open at the end is forgotten',
    'conserves',
    1,
    0,
    of({ rows: () => naiveSessions({ forgets: true }) }, [conserves(({ clicks }) => clicks)]),
  ],
  [
    'a tie is won by who came first',
    'order-insensitive',
    2,
    1,
    of({ results: topUsers(1, false) }, [orderInsensitive()]),
  ],
  [
    'what was seen is forgotten at a watermark',
    'dedupes',
    1,
    1,
    of({ operator: () => onceEach(true) }, [dedupes()]),
  ],
  ['state is kept outside', 'deterministic', 1, 0, of({ results: remembers }, [deterministic()])],
  [
    'a window holds its end',
    'window-membership',
    1,
    0,
    of({ stage: () => new ClicksPerMinute('end is in') }, [windowMembership(minutes)]),
  ],
  [
    'a window is told behind its watermark',
    'watermark-monotone',
    1,
    0,
    of({ stage: () => new ClicksPerMinute('watermark first') }, [watermarkMonotone()]),
  ],
  [
    'a snapshot leaves out what is open',
    'resumes-from-any-snapshot',
    1,
    0,
    of({ stage: () => new ClicksPerMinute('snapshot is empty') }, [resumesFromAnySnapshot()]),
  ],
  ['a watermark promises too much', 'watermark-monotone', 1, 0, of(hasty, [watermarkMonotone()])],
  [
    'a buffer is emptied from its end',
    'each-key-in-order',
    2,
    0,
    of(backwards, [
      eachKeyInOrder<Click, Click>(
        ({ user }) => user,
        ({ at }) => at,
      ),
    ]),
  ],
  [
    'a record that is no row makes it throw',
    'throws-nothing',
    0,
    1,
    of(throwing, [deterministic()], {
      events: { ...CLICKS.events, faults: ['poison'], poison: fc.constant({}) },
    }),
  ],
  [
    'a property of one’s own',
    'few-clicks',
    2,
    1,
    of({ rows: () => naiveSessions() }, [
      property('few-clicks', ({ results }) => results.every(({ clicks }) => clicks < 3)),
    ]),
  ],
];

describe('T85–T96: bugs of users’ operators', () => {
  const sizes: number[] = [];

  it.each(BUGS)('%s: found by %s, in %i events and %i faults', async (...bug) => {
    const [, found, commands, faults, check] = bug;
    const { facts } = await failureOf(check());
    expect(facts.property).toBe(found);
    expect(facts.size).toEqual({ commands, faults });
    expect(facts.isMinimal).toBe(true);
    expect(facts.run).toBeGreaterThan(0);
    sizes.push(facts.size.commands);
  });

  it('shrink to a median of at most 6 commands', () => {
    expect(sizes.length).toBe(BUGS.length);
    expect(sizes.toSorted((a, b) => a - b)[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(6);
  });
});

describe('T85–T95: operators that are right', () => {
  it('pass: sessions that wait for the watermark', async () => {
    let late = 0;
    const counting = {
      operator: (sides: { late(click: Click): void }) =>
        patientSessions((click) => {
          late += 1;
          sides.late(click);
        }),
    };
    await checkPipeline(
      counting,
      [
        deterministic(),
        orderInsensitive(),
        conserves(({ clicks }) => clicks),
        agreesWithBatch(batchSessions),
        watermarkMonotone(),
        eachKeyInOrder(({ user }) => user),
      ],
      { ...CLICKS, name: 'sessions' },
    );
    expect(late).toBeGreaterThan(100);
  });

  it('pass: a window with snapshots, under crashes', async () => {
    const properties = [
      deterministic<Click, ClickCount>(),
      conserves<Click, ClickCount>(),
      resumesFromAnySnapshot<Click, ClickCount>(),
    ];
    const events = { ...CLICKS.events, faults: ['crash', 'stall'] as const, partitions: 2 };
    const report = await checkPipeline({ stage: () => new ClicksPerMinute() }, properties, {
      ...CLICKS,
      events,
      name: 'minutes',
    });
    expect(report).toMatchObject({ name: 'minutes', runs: 100, corpus: [] });
  });

  it('pass: ties by name, clicks once', async () => {
    await of({ results: topUsers(1, true) }, [orderInsensitive()])();
    await of({ operator: () => onceEach(false) }, [dedupes(), watermarkMonotone()])();
  });
});

describe('T94: what cannot be asked', () => {
  it.each([
    ['no property', of({ results: topUsers(1, true) }, [])],
    ['snapshots', of({ results: topUsers(1, true) }, [resumesFromAnySnapshot()])],
    ['counts', of({ results: topUsers(1, true) }, [conserves()])],
    ['plans', of({ results: topUsers(1, true) }, [agreesWithBatch()])],
  ])('is refused: %s', async (word, check) => {
    await expect(check()).rejects.toThrow(
      expect.objectContaining({ code: 'TESTING_BAD_ARGUMENT' }),
    );
    await expect(check()).rejects.toThrow(word);
  });

  it('T84: and rows have to come from somewhere', async () => {
    const nothing = checkPipeline({ results: topUsers(1, true) }, [deterministic()], {});
    await expect(nothing).rejects.toThrow('no rows to draw');
  });
});
