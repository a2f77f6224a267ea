/** What autocapture decides, without a document: rage, dead clicks, hovers, sights, scrolling,
 * addresses. */
import { describe, expect, it } from 'vitest';
import { createDeadClickWatch } from '../../../../src/browser/sdk/capture/dead-clicks.ts';
import { createHoverWatch, createSightWatch } from '../../../../src/browser/sdk/capture/dwell.ts';
import { cleanAddress, routeOf } from '../../../../src/browser/sdk/capture/page-address.ts';
import { createRageWatch } from '../../../../src/browser/sdk/capture/rage-clicks.ts';
import { createScrollWatch } from '../../../../src/browser/sdk/capture/scroll-depth.ts';

const same = (thing: string) => thing;

describe('rage clicks', () => {
  const rages = (...clicks: readonly (readonly [x: number, y: number, atMs: number])[]) => {
    const isRage = createRageWatch();
    return clicks.map(([x, y, atMs]) => isRage({ x, y, atMs }));
  };

  it('B21: three in a second on one spot, told once for each fit', () => {
    expect(rages([0, 0, 0], [30, 0, 400], [30, 20, 900], [30, 20, 1_000])).toEqual([
      false,
      false,
      true,
      false,
    ]);
    const twice = [0, 100, 200, 5_000, 5_100, 5_200].map((atMs) => [9, 9, atMs] as const);
    expect(rages(...twice)).toEqual([false, false, true, false, false, true]);
  });

  it('B21: not slower, and not over the page', () => {
    expect(rages([0, 0, 0], [0, 0, 600], [0, 0, 1_200])).not.toContain(true);
    expect(rages([0, 0, 0], [31, 0, 100], [62, 0, 200])).not.toContain(true);
  });
});

describe('dead clicks', () => {
  it('B21: are those of which nothing came in time', () => {
    const watch = createDeadClickWatch<string>();
    watch.clicked('alive', 0);
    watch.stirred();
    watch.clicked('dead', 100);
    expect(watch.passed(1_099)).toEqual([]);
    expect(watch.isWaiting).toBe(true);
    expect(watch.passed(1_100)).toEqual(['dead']);
    expect([watch.isWaiting, watch.passed(9_000)]).toEqual([false, []]);
  });
});

describe('hovers', () => {
  it('B22: rest on one thing for half a second, and are told when they end', () => {
    const watch = createHoverWatch(same);
    expect(watch.moved('a', 0)).toBeUndefined();
    expect(watch.moved('a', 300)).toBeUndefined();
    expect(watch.moved('b', 500)).toEqual({ thing: 'a', startedMs: 0, lengthMs: 500 });
    expect(watch.moved(undefined, 999)).toBeUndefined();
  });

  it('B22: of one thing are told once in five seconds', () => {
    const watch = createHoverWatch(same);
    const told = [0, 1_000, 2_000, 3_000, 6_500, 8_000].map((atMs, i) =>
      watch.moved(i % 2 === 0 ? 'a' : undefined, atMs),
    );
    expect(told.map((stay) => stay?.startedMs)).toEqual([
      undefined,
      0,
      undefined,
      undefined,
      undefined,
      6_500,
    ]);
  });
});

describe('impressions', () => {
  it('B24: are a second in sight, each once', () => {
    const watch = createSightWatch(same, 1_000);
    watch.changed('a', true, 0);
    watch.changed('b', true, 500);
    expect(watch.dueAtMs()).toBe(1_000);
    watch.changed('b', false, 900);
    expect(watch.passed(1_000)).toEqual(['a']);
    watch.changed('a', false, 1_200);
    watch.changed('a', true, 1_300);
    watch.changed('b', true, 1_300);
    expect(watch.passed(2_299)).toEqual([]);
    expect(watch.passed(2_300)).toEqual(['b']);
    expect(watch.dueAtMs()).toBeUndefined();
  });

  it('B24: a hidden page shows nothing', () => {
    const watch = createSightWatch(same, 1_000);
    watch.changed('a', true, 0);
    watch.blinded();
    expect(watch.passed(5_000)).toEqual([]);
  });
});

describe('scrolling', () => {
  const page = { height: 3_000, windowHeight: 1_000 };

  it('B23: tells each step of the way once, however people jump', () => {
    const watch = createScrollWatch();
    expect(watch.maxPercent).toBeUndefined();
    expect(watch.scrolled({ ...page, top: 499 })).toEqual([]);
    expect(watch.scrolled({ ...page, top: 500 })).toEqual([25]);
    expect(watch.scrolled({ ...page, top: 1_600 })).toEqual([50, 75]);
    expect(watch.scrolled({ ...page, top: 0 })).toEqual([]);
    expect(watch.maxPercent).toBe(80);
    expect(watch.scrolled({ ...page, top: 1_998.4 })).toEqual([100]);
    expect(watch.scrolled({ ...page, top: 2_000 })).toEqual([]);
  });

  it('B23: a page that cannot be scrolled, or is pulled beyond its top, tells nothing', () => {
    const watch = createScrollWatch();
    expect(watch.scrolled({ top: 1, height: 1_001, windowHeight: 1_000 })).toEqual([]);
    expect(watch.scrolled({ ...page, top: -80 })).toEqual([]);
  });
});

describe('addresses', () => {
  it.each([
    [
      'https://x.test/a?token=s3cret&utm_source=mail&q=me@x.test#secret',
      'https://x.test/a?utm_source=mail',
    ],
    ['https://user:pass@x.test/a/b', 'https://x.test/a/b'],
    ['file:///home/me/a.html', '/home/me/a.html'],
    ['', undefined],
    ['no address', undefined],
  ])('B25: %j leaves the page as %j', (address, clean) => {
    expect(cleanAddress(address)).toBe(clean);
  });

  it.each([
    ['/a', '', '/a'],
    ['/a', '#part', '/a'],
    ['/a', '#/title/7?q=1', '/a/title/7'],
    ['/a', '#!/old', '/a/old'],
  ])('B25: %s%s is the route %s', (pathname, hash, route) => {
    expect(routeOf({ pathname, hash })).toBe(route);
  });
});
