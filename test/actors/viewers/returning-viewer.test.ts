/** The viewer who comes again, alone on a bench: what it takes, how content it is, when it comes
 * back. */
import { describe, expect, it } from 'vitest';
import {
  createReturningViewerMachine,
  type ReturningViewerDecisions,
} from '../../../src/actors/returning-viewer.ts';
import type { ShownRow } from '../../../src/actors/visits.ts';
import { minutes, seconds } from '../../../src/kernel/time.ts';
import { type BenchOfOne, benchOfOne } from '../bench-of-one.ts';

const ROW: ShownRow = {
  number: 0,
  slots: [
    { title: 4, titleId: 'tt4', durationUs: minutes(90) },
    { title: 9, titleId: 'tt9', durationUs: minutes(30) },
  ],
};

const DECISIONS: ReturningViewerDecisions = {
  thinkTimeUs: () => seconds(5),
  browse: () => 'leave',
  onTitle: () => 'leave',
  title: () => ({ titleId: 'tt1', durationUs: minutes(10) }),
  searchText: () => '',
  watchTimeUs: (_viewer, _step, { durationUs }) => durationUs / 2,
  interruptionGapUs: () => minutes(600),
  pauses: () => true,
  pauseTimeUs: () => seconds(1),
  seekShare: () => 0.5,
  goesOn: () => false,
  patienceLoads: 2,
  firstExposure: () => 0.25,
  takenSlot: () => 1,
  looksElsewhere: () => false,
  enjoyedShare: () => 0.5,
  afterPlay: (exposure, share) => exposure + share - 0.25,
  churns: () => false,
  returnTimeUs: () => minutes(60),
  isOpen: () => true,
};

function bench(decisions: Partial<ReturningViewerDecisions> = {}): BenchOfOne {
  const one = benchOfOne(() => createReturningViewerMachine({ ...DECISIONS, ...decisions }), {
    viewer: 3,
    favouriteGenre: 'Drama',
  });
  one.actors.start(0);
  return one;
}

function shows(one: BenchOfOne, row?: ShownRow) {
  one.tell({ type: 'page.shown', outcome: 'ok', ...(row === undefined ? {} : { row }) });
}

function emitted(one: BenchOfOne, type: string) {
  return one.emitted.filter(({ message }) => message.type === type).map(({ message }) => message);
}

describe('a returning viewer', () => {
  it('A124: takes a title from the row, clicks where it is, and plays it', () => {
    const one = bench();
    shows(one, ROW);
    expect(emitted(one, 'row.seen')).toEqual([{ type: 'row.seen', row: ROW }]);
    one.simulation.run(seconds(5));
    expect(emitted(one, 'row.answered')).toMatchObject([{ row: 0, takenSlot: 1 }]);
    const [click] = emitted(one, 'gesture.made');
    expect(click?.['data']).toMatchObject({ titleId: 'tt9', row: 'for-you', slot: 1 });
    shows(one);
    one.simulation.run(seconds(10));
    shows(one);
    one.simulation.run(seconds(10));
    expect(emitted(one, 'player.play')).toMatchObject([{ titleId: 'tt9' }]);
  });

  it('A123: is content by what was watched, and comes back', () => {
    const one = bench();
    for (const at of [0, 5, 10]) {
      one.simulation.run(seconds(at));
      shows(one, ROW);
    }
    one.simulation.run(minutes(20));
    expect(emitted(one, 'title.enjoyed')).toMatchObject([{ share: 0.5, exposure: 0.5, row: 0 }]);
    expect(emitted(one, 'visit.ended')).toMatchObject([{ visit: 0, exposure: 0.5 }]);
    expect(one.value()).toBe('away');
    one.simulation.run(minutes(80));
    expect(emitted(one, 'visit.begun')).toMatchObject([{ visit: 1 }]);
    expect(one.types().at(-1)).toBe('page.opened');
  });

  it('A123: thinks less of a visit without a play', () => {
    const one = bench({ takenSlot: () => -1 });
    shows(one, ROW);
    one.simulation.run(seconds(5));
    expect(emitted(one, 'row.answered')).toMatchObject([{ takenSlot: -1 }]);
    expect(emitted(one, 'visit.wasted')).toEqual([{ type: 'visit.wasted', exposure: 0 }]);
  });

  it('A122: stays away once nobody comes any more, and is not gone for that', () => {
    const one = bench({ takenSlot: () => -1, isOpen: () => false });
    shows(one, ROW);
    one.simulation.run(minutes(120));
    expect(one.value()).toBe('away');
    expect(emitted(one, 'visit.begun')).toEqual([]);
    expect(emitted(one, 'viewer.left')).toEqual([]);
  });

  it('A122: leaves for good where the visit was the last', () => {
    const one = bench({ takenSlot: () => -1, churns: () => true });
    shows(one, ROW);
    one.simulation.run(seconds(5));
    expect(one.value()).toBe('left');
    expect(one.types().at(-1)).toBe('viewer.left');
  });

  it('looks elsewhere, or finds no row at all, and then does as others do', () => {
    const one = bench({
      takenSlot: () => -1,
      looksElsewhere: () => true,
      browse: (_viewer, step) => (step === 0 ? 'hover' : 'open'),
    });
    shows(one, ROW);
    one.simulation.run(seconds(10));
    expect(emitted(one, 'row.answered')).toHaveLength(1);
    const gestures = emitted(one, 'gesture.made').map(({ event }) => event);
    expect(gestures).toEqual(['ui.hover', 'ui.click']);
    expect(emitted(one, 'page.opened').at(-1)).toMatchObject({ page: 'title' });
  });

  it('goes where pages fail, and does not hold it against what was shown before', () => {
    const one = bench();
    one.tell({ type: 'page.shown', outcome: 'failed' });
    one.simulation.run(seconds(5));
    one.tell({ type: 'page.shown', outcome: 'timeout' });
    expect(one.value()).toBe('away');
    one.simulation.run(minutes(61));
    shows(one, ROW);
    expect(one.value()).toBe('browsing');
  });
});
