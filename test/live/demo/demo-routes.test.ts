/** The demo site's files: inert data, own files only, and a policy that permits no others. */
import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { addDemoRoutes } from '../../../src/live/demo/demo-routes.ts';
import { demoData, demoFiles } from '../../../src/live/demo/demo-site.ts';

const OPTIONS = { writeKey: 'wk</script><script>alert(1)//', dashboardUrl: '../dashboard/' };

describe('the demo site', () => {
  it('B41: holds what it is given as data that end no script, and loads its own files only', () => {
    const html = demoFiles(OPTIONS).get('')?.text ?? '';
    const [, json = ''] =
      /<script type="application\/json" id="demo-data">(.*?)<\/script>/.exec(html) ?? [];
    expect(JSON.parse(json)).toEqual(demoData(OPTIONS));
    expect(html).not.toContain('alert(1)//</script>');
    const loaded = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(loaded.filter((address) => /^(?:[a-z]+:)?\/\//.test(address ?? ''))).toEqual([]);
    expect(html).not.toMatch(/ on[a-z]+=| style=/);
  });

  it('B40: names titles that are the same each time, in rows that hold only them', () => {
    const data = demoData({ ...OPTIONS, titles: 20, seed: 3 });
    expect(demoData({ ...OPTIONS, titles: 20, seed: 3 })).toEqual(data);
    const ids = new Set(data.titles.map(({ id }) => id));
    expect(ids.size).toBe(20);
    expect(data.rows.flatMap(({ titleIds }) => titleIds).every((id) => ids.has(id))).toBe(true);
    expect(data.rows.map(({ id }) => id)[0]).toBe('new');
  });

  it('B40, B41: is served below /demo/, under its policy', async () => {
    const app = Fastify();
    addDemoRoutes(app, OPTIONS);
    const page = await app.inject('/demo/');
    expect([page.statusCode, page.headers['content-type']]).toEqual([
      200,
      'text/html; charset=utf-8',
    ]);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect((await app.inject('/demo')).headers['location']).toBe('/demo/');
    expect((await app.inject('/demo/demo.css')).headers['content-type']).toMatch(/^text\/css/);
    expect((await app.inject('/demo/demo.js')).statusCode).toBe(200);
    await app.close();
  });
});
