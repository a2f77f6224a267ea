/** User agents: families beside uap-core's cases, hints, and what never gets through. */
import { readFileSync } from 'node:fs';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { createEnrichment } from '../../../../src/streams/enrichment/enrichment.ts';
import { createUserAgentParser } from '../../../../src/streams/enrichment/lookups/user-agent.ts';
import { createSchemaStage } from '../../../../src/streams/enrichment/stages/schema.ts';
import { createUserAgentStage } from '../../../../src/streams/enrichment/stages/user-agent.ts';
import { onRealData } from '../../../real-data.ts';
import { logRecord, START_US } from '../../clickstream-builder.ts';

const CASE =
  /user_agent_string: ?(['"])(.*)\1\s*\n\s+family: ?(['"]?)(.*?)\3\s*\n\s+major: ?'?([^'\n]*)'?/g;
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/124.0.0.0 Safari/537.36';
const parse = createUserAgentParser();

describe('user agents', () => {
  it(
    'W92 gives the family of 139 of uap-core’s 200 cases, which are the hard ones',
    onRealData('user-agents/uap-core-200.yaml', (path) => {
      const cases = [...readFileSync(path, 'utf8').matchAll(CASE)].map((match) => ({
        userAgent: (match[2] ?? '').replaceAll("''", "'"),
        family: match[4] ?? '',
        major: match[5] ?? '',
      }));
      expect(cases).toHaveLength(200);
      const judged = cases.map((one) => ({ ...one, found: parse(one.userAgent) }));
      const wrong = judged.filter(({ family, found }) => found.browser !== family);
      const mismatches = wrong.map(({ family, found }) => `${family} ≠ ${found.browser}`).sort();
      const right = judged.length - wrong.length;
      console.info(`user agents: ${right} of ${judged.length} families right`);
      expect(right, `mismatches: ${mismatches.join('; ')}`).toBeGreaterThanOrEqual(139);
      const ofRight = judged.filter(({ family, found }) => found.browser === family);
      const versions = ofRight.filter(
        ({ major, found }) => (found.browserVersion.split('.')[0] ?? '') === major,
      );
      expect(versions.length).toBeGreaterThanOrEqual(126);
    }),
  );

  it('W92 believes hints before the text, but a television set stays one', () => {
    const hints = {
      'sec-ch-ua': '"Not/A)Brand";v="8", "Chromium";v="126", "Microsoft Edge";v="126"',
      'sec-ch-ua-mobile': '?0',
      'sec-ch-ua-platform': '"macOS"',
    };
    expect(parse(CHROME, hints)).toEqual({
      browser: 'Edge',
      browserVersion: '126',
      os: 'macOS',
      device: 'web',
    });
    expect(parse(CHROME, { ...hints, 'sec-ch-ua-mobile': '?1' }).device).toBe('phone');
    expect(parse('Mozilla/5.0 (SMART-TV; Tizen 7.0)', hints).device).toBe('tv');
    expect(parse(CHROME, {})).toEqual(parse(CHROME));
  });

  test.prop([fc.string({ maxLength: 60 }), fc.constantFrom('', CHROME)], {
    seed: 92,
    numRuns: 300,
  })('W92 says nothing that stands in a text, but names of its lists and digits', (text, tail) => {
    const marked = `carol ${text}/1.2carol (${text}; carol) ${tail}`;
    const found = parse(marked, { 'sec-ch-ua': `"carol";v="carol"`, 'sec-ch-ua-platform': text });
    expect(JSON.stringify(found)).not.toContain('carol');
    expect(found.browserVersion).toMatch(/^[\d.]*$/);
  });

  it('the stage annotates, remembers, and says with which versions', () => {
    const chain = createEnrichment({ stages: [createSchemaStage(), createUserAgentStage()] });
    for (const userAgent of [CHROME, CHROME, `${CHROME}\nx`, '', '-']) {
      const result = chain.enrich(logRecord({ userAgent }), { processTimeUs: START_US });
      expect(result).toMatchObject({
        enriched: {
          deviceKind: userAgent.length < 2 ? 'unknown' : 'web',
          annotations: { versions: { 'user-agent': '1.0.0', 'user-agent/bowser': '2.15.0' } },
        },
      });
    }
  });
});
