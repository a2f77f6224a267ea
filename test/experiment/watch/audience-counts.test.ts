/** What a dashboard counts of viewers, by hand. */
import { describe, expect, it } from 'vitest';
import type { TrackedEvent } from '../../../src/domain/tracked-event.ts';
import { AudienceCounts } from '../../../src/experiment/watch/audience-counts.ts';

const US = 1_000_000;

function event(
  type: TrackedEvent['type'],
  data: TrackedEvent['data'] = {},
  { subject = 'v1', atSeconds = 0 } = {},
): TrackedEvent {
  return {
    id: `${subject}-${type}-${atSeconds}`,
    type,
    subject,
    sessionId: `s-${subject}`,
    sequence: 0,
    eventTimeUs: atSeconds * US,
    data,
  };
}

function countsOf(events: readonly TrackedEvent[]) {
  const counts = new AudienceCounts();
  for (const one of events) counts.add(one);
  return counts.read();
}

const shown = (titleId: string, slot: number, policyId: string) =>
  event('ui.impression', { titleId, slot, policyId, row: 'for-you', propensity: 1 });

describe('what a dashboard counts of viewers', () => {
  it('L80: has nothing of nothing, and no NaN', () => {
    expect(countsOf([])).toEqual({
      funnel: { home: 0, title: 0, playClicked: 0, playing: 0 },
      quality: {
        starts: 0,
        meanStartSeconds: null,
        startFailures: 0,
        playFailures: 0,
        stalledShare: null,
      },
      policies: [],
    });
  });

  it('L80: counts steps, starts, failures and stalls', () => {
    const { funnel, quality } = countsOf([
      event('page.view', { page: 'home' }),
      event('page.view', { page: 'title', titleId: 't1' }),
      event('ui.click', { target: 'play', titleId: 't1' }, { atSeconds: 10 }),
      event('media.play', { titleId: 't1' }, { atSeconds: 12 }),
      event('media.error', {}, { atSeconds: 20 }),
      event('ui.click', { target: 'play', titleId: 't1' }, { atSeconds: 30 }),
      event('media.error', {}, { atSeconds: 31 }),
      event('media.end', { playedSeconds: 30, bufferedSeconds: 10 }, { atSeconds: 60 }),
    ]);
    expect(funnel).toEqual({ home: 1, title: 1, playClicked: 2, playing: 1 });
    expect(quality).toEqual({
      starts: 1,
      meanStartSeconds: 2,
      startFailures: 1,
      playFailures: 1,
      stalledShare: 0.25,
    });
  });

  it('L81: a title is taken once, from the row that was shown last', () => {
    const { policies } = countsOf([
      shown('t1', 0, 'als'),
      shown('t2', 1, 'als'),
      event('ui.click', { target: 'title', titleId: 't2' }),
      event('ui.click', { target: 'title', titleId: 't2' }),
      event('media.play', { titleId: 't2' }),
      shown('t3', 0, 'random'),
      event('ui.click', { target: 'title', titleId: 't1' }),
      event('ui.click', { target: 'title', titleId: 't3' }, { subject: 'v2' }),
    ]);
    expect(policies).toEqual([
      { policyId: 'als', rows: 1, impressions: 2, clicks: 1, plays: 1 },
      { policyId: 'random', rows: 1, impressions: 1, clicks: 0, plays: 0 },
    ]);
  });

  it('L82: forgets whoever was seen first', () => {
    const counts = new AudienceCounts();
    counts.add(shown('t1', 0, 'als'));
    for (let i = 0; i < 20_000; i += 1) {
      counts.add(event('ui.click', { target: 'menu' }, { subject: `other-${i}` }));
    }
    counts.add(event('ui.click', { target: 'title', titleId: 't1' }));
    expect(counts.read().policies[0]?.clicks).toBe(0);
  });
});
