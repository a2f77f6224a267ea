/** The descriptive sections: what they show, what they say where data are missing, and that hostile
 * names stay text. Spec: S132–S135. */
import { describe, expect, it } from 'vitest';
import type { ArchitectureResult, RunDocument } from '../../../src/experiment/result.ts';
import { agreementSection } from '../../../src/report/sections/clickstream/agreement.ts';
import { cohortsSection } from '../../../src/report/sections/clickstream/cohorts.ts';
import { funnelSection, qualitySection } from '../../../src/report/sections/clickstream/quality.ts';

type Parts = Partial<Omit<ArchitectureResult, 'viewing'>> & {
  readonly viewing?: Partial<ArchitectureResult['viewing']>;
};

/** A document with only what these sections read. */
function documentOf(...parts: readonly Parts[]): RunDocument {
  const architectures = parts.map((part, n) => ({ name: `a${n}`, viewing: {}, ...part }));
  return { architectures } as unknown as RunDocument;
}

const AGREEMENT: NonNullable<ArchitectureResult['agreement']> = {
  isExplained: true,
  skipped: null,
  events: { captured: 9, stored: 8, inTime: 7 },
  causes: [
    {
      cause: 'SDK: <b>',
      kind: 'missing',
      events: 1,
      byType: { 'media.play': 1 },
      examples: ['e1'],
    },
  ],
  metrics: [
    {
      metric: 'daily_users',
      unit: 'users',
      figures: 1,
      batchDiffers: 1,
      streamDiffers: 0,
      causes: ['SDK: <b>'],
      examples: [{ row: '20778', column: 'users', truth: 3, batch: 2, stream: 2 }],
    },
    {
      metric: 'churn',
      unit: 'users',
      figures: 1,
      batchDiffers: 0,
      streamDiffers: 0,
      causes: [],
      examples: [{ row: '', column: 'users', truth: 3, batch: 3, stream: 3 }],
    },
  ],
  unexplained: [],
};

describe('descriptive sections', () => {
  it('S135 documents of before have none of them', () => {
    const before = documentOf({}, {});
    for (const section of [funnelSection, qualitySection, cohortsSection, agreementSection]) {
      expect(section(before)).toBeUndefined();
    }
  });

  it('S135 the funnel in both orders, and the gap', () => {
    const step = { p50Seconds: null, p95Seconds: null };
    const html = funnelSection(
      documentOf({
        viewing: {
          funnel: [
            { name: 'home', byTime: 4, bySequence: 4, ...step },
            { name: 'title', byTime: 1, bySequence: 3, p50Seconds: 2.5, p95Seconds: 9 },
          ],
        },
      }),
    )?.body;
    expect(html).toContain('<td>1</td><td>25 %</td><td>3</td><td>2</td><td>2.50</td><td>9</td>');
  });

  it('S135 quality says where there is none', () => {
    const row = {
      device: 'tv<',
      attempts: 0,
      exitShare: null,
      failureShare: null,
      startP50Seconds: null,
      startP95Seconds: null,
      startupScore: null,
      plays: 1,
      playFailureShare: 0,
      watchSeconds: 3,
      rebufferRatio: 0.5,
      kbps: null,
    };
    const html = qualitySection(documentOf({ viewing: { quality: [row] } }))?.body ?? '';
    expect(html).toContain('<th scope="row">tv&lt;</th><td>0</td><td>–</td>');
    expect(html).not.toMatch(/NaN|null|undefined/);
    expect(qualitySection(documentOf({ viewing: { quality: [] } }))?.body).toContain(
      'Nobody clicked',
    );
  });

  it('S135 cohorts are shaded by share, and a single day is said', () => {
    const cells = [
      { day: '2026-11-20', after: 0, size: 4, active: 4 },
      { day: '2026-11-20', after: 1, size: 4, active: 1 },
      { day: '2026-11-21', after: 0, size: 2, active: 2 },
    ];
    const activeUsers = [{ day: '2026-11-20', dau: 4, wau: 4, mau: 0 }];
    const html = cohortsSection(documentOf({ viewing: { cohorts: cells, activeUsers } }))?.body;
    expect(html).toContain('<td class="h5">100 %</td><td class="h2">25 %</td>');
    expect(html).toContain('<td class="h5">100 %</td><td></td>');
    const one = cohortsSection(documentOf({ viewing: { cohorts: cells.slice(2) } }));
    expect(one?.body).toContain('within one UTC day');
  });

  it('S132 agreement: truth, batch, stream, difference and cause; names stay text', () => {
    const html = agreementSection(documentOf({ agreement: AGREEMENT }, {}))?.body ?? '';
    expect(html).toContain('Every difference is explained');
    expect(html).toContain('users of 2026-11-21');
    expect(html).toContain('<td>3</td><td>2</td><td>2</td><td>−1</td>');
    expect(html).toContain('SDK: &lt;b&gt;');
    expect(html).toContain('1 of 2 metrics are the\nsame');
  });

  it('S133 agreement: what is left over is said, and so is why nothing was compared', () => {
    const left = { ...AGREEMENT, isExplained: false, unexplained: ['churn: batch ≠ stream'] };
    expect(agreementSection(documentOf({ agreement: left }))?.body).toContain(
      '<strong>Not everything is explained</strong>: churn: batch ≠ stream.',
    );
    const skipped = { ...AGREEMENT, isExplained: false, skipped: 'too many' };
    expect(agreementSection(documentOf({ agreement: skipped }))?.body).toContain(
      'Not compared: too many.',
    );
  });
});
