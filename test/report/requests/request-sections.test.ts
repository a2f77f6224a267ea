/** The sections on the request path, of a run that has something for each of them. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../../src/experiment/result.ts';
import type { Section } from '../../../src/report/html/page-shell.ts';
import { callGraphsSection } from '../../../src/report/sections/requests/call-graphs.ts';
import { heatMapsSection } from '../../../src/report/sections/requests/heat-maps.ts';
import { policyStripsSection } from '../../../src/report/sections/requests/policy-strips.ts';
import { recoverySection } from '../../../src/report/sections/requests/recovery.ts';
import {
  loadSections,
  requestSections,
} from '../../../src/report/sections/requests/request-sections.ts';
import { tracesSection } from '../../../src/report/sections/requests/traces.ts';
import { waterfallSection } from '../../../src/report/sections/requests/waterfall.ts';
import { runDocument } from '../fixture-documents.ts';
import { requestRun } from './request-run.ts';

let document: RunDocument;
let sections: readonly Section[] = [];
beforeAll(async () => {
  document = await requestRun;
  sections = sectionsOf(document);
});

const IDS = [
  'percentile-curves',
  'waterfall',
  'recovery',
  'traces',
  'call-graph',
  'heat-map',
  'queues',
  'policies',
  'autoscaler',
];

function sectionsOf(of: RunDocument) {
  return [...loadSections(of), ...requestSections(of)];
}

function without<T extends object, K extends keyof T>(from: T, ...keys: readonly K[]): T {
  return Object.fromEntries(Object.entries(from).filter(([key]) => !keys.includes(key as K))) as T;
}

describe('sections on the request path', () => {
  it('R20: are there where they have something to show, each with a table a chart', () => {
    expect(sections.map(({ id }) => id)).toEqual(['offered-load', ...IDS]);
    for (const { id, body } of sections) {
      const figures = body.split('<figure>').length - 1;
      expect([id, figures > 0]).toEqual([id, true]);
      expect(body.split('Numbers of this chart').length - 1).toBe(figures);
      expect(body).toMatch(/^<p>[A-Z]/);
    }
  });

  it('R20: are left out for documents of before, which still make a report', () => {
    const old = {
      ...document,
      architectures: document.architectures.map((one) => without(one, 'path', 'traces')),
    };
    // What series and accounts tell is there as it was.
    expect(sectionsOf(old).map(({ id }) => id)).toEqual(['recovery', 'call-graph', 'heat-map']);
    expect(sectionsOf(runDocument()).map(({ id }) => id)).not.toContain('waterfall');
  });

  it('R21: the parts of a waterfall add up, and it says how many pages they are of', () => {
    const { body = '' } = waterfallSection(document) ?? {};
    expect(body).toContain('what is left over is\nnothing');
    const sampled = document.architectures[0]?.path?.waterfalls[0]?.sampled ?? 0;
    expect(sampled).toBeGreaterThan(500);
    expect(body).toContain(sampled.toLocaleString('en'));
    // Letters stand in the bars: no colour is needed to tell parts.
    for (const letter of ['N', 'S']) expect(body).toMatch(new RegExp(`>${letter}</text>`));
  });

  it('R22: the slowest pages are drawn in the order of the document, with every span', () => {
    const { body = '' } = tracesSection(document) ?? {};
    const [direct] = document.architectures;
    const requests = direct?.slowest.map(({ request }) => request) ?? [];
    const places = requests.slice(0, 4).map((request) => body.indexOf(`direct: ${request}`));
    expect(places.every((place, n) => place > (places[n - 1] ?? 0))).toBe(true);
    const trace = direct?.traces?.pages.find(({ request }) => request === requests[0]);
    expect(trace?.reasons).toContain('slow');
    for (const { id, name } of trace?.spans ?? []) {
      const escaped = `${id} ${name}`.replace('→', '→<wbr>');
      expect(body).toContain(escaped);
    }
  });

  it('R23: the call graph says rate, tries a call and failures without colour', () => {
    const { body = '' } = callGraphsSection(document) ?? {};
    const talent = document.architectures
      .find(({ name }) => name === 'federated')
      ?.calls.find(({ edge }) => edge === 'router→talent');
    const tries = (talent?.attempts ?? 0) / (talent?.calls ?? 1);
    if (tries > 1.005) expect(body).toContain(`×${tries.toFixed(2)}`);
    expect(body).toContain('✕ ');
    expect(body).toMatch(/stroke-dasharray/);
    expect(body).toContain('router→<wbr>talent');
  });

  it('R24: strips tell what is full by its height, with the letter of the fault', () => {
    const strips = policyStripsSection(document)?.body ?? '';
    for (const name of ['breaker talent', 'budget talent']) expect(strips).toContain(name);
    expect(strips).toMatch(/breakers opened (once|\d+ times)/);
    const heat = heatMapsSection(document)?.body ?? '';
    expect(heat).toMatch(/>A<\/text>/);
    const elsewhere = document.faults.map((fault) => ({ ...fault, variants: ['another'] }));
    const unhit = heatMapsSection({ ...document, faults: elsewhere })?.body ?? '';
    expect(unhit).not.toMatch(/>A<\/text>/);
  });

  it('R25: recovery is counted from the end of a fault, for those that it hit', () => {
    const { body = '' } = recoverySection(document) ?? {};
    expect(body).toContain('service.slow on talent');
    const variants = [document.architectures[0]?.name ?? ''];
    const faults = document.faults.map((fault) => ({ ...fault, variants }));
    expect(recoverySection({ ...document, faults })?.body).toContain('not hit');
    expect(recoverySection({ ...document, faults: [] })).toBeUndefined();
  });

  it('R26: names of services, requests and faults are inert', () => {
    const evil = '<script>alert(1)</script>';
    const poisoned = JSON.parse(
      JSON.stringify(document).replaceAll('talent', evil).replaceAll('r-16', `${evil}16`),
    ) as RunDocument;
    const bodies = sectionsOf(poisoned).map(({ body }) => body);
    for (const body of bodies) expect(body).not.toContain(evil);
    expect(bodies.join()).toContain('&lt;script&gt;');
  });

  it('R27: the same document gives the same bytes, and few of them', () => {
    expect(sectionsOf(document)).toEqual(sections);
    const bytes = sections.reduce((sum, { body }) => sum + body.length, 0);
    expect(bytes).toBeLessThan(300_000);
  });
});
