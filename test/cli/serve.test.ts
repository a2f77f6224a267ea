/** `backlot serve` from end to end: a process that is killed under load and has lost nothing that
 * it acknowledged, a warehouse and a lake that have each of it once, and the simulated clock that
 * makes the same warehouse of it. */
import { readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openLakeReader } from '../../src/lake/lake-reader.ts';
import { openWarehouse } from '../../src/storage/warehouse.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { backlot } from './command-line.ts';
import { inProcess } from './in-process.ts';
import { createSender, type ServedCollector, serveCollector } from './served-collector.ts';

const files = temporaryFolder();

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

function idsIn(folder: string): readonly string[] {
  const warehouse = openWarehouse({ path: join(folder, 'warehouse.sqlite') });
  const ids = warehouse.query('SELECT event_id FROM fact_event').map((row) => row['event_id']);
  warehouse.close();
  return ids as readonly string[];
}

async function idsInLake(folder: string, zone: 'raw' | 'curated'): Promise<readonly string[]> {
  const reader = await openLakeReader(join(folder, 'lake'));
  const found: string[] = [];
  for await (const rows of reader.rows({ zone, family: 'events' })) {
    for (const row of rows) {
      const raw = row['raw'];
      const id = zone === 'raw' ? (JSON.parse(String(raw)) as { id: string }).id : row['event_id'];
      found.push(String(id));
    }
  }
  reader.close();
  return found;
}

/** Ends it in good order. */
async function end(served: ServedCollector): Promise<void> {
  served.process.kill('SIGTERM');
  expect(await served.ended, served.complaints()).toBe(0);
}

/** Facts, panes and bad rows, each in its order. */
function contentsOf(path: string) {
  const warehouse = openWarehouse({ path });
  const all = (sql: string) => warehouse.query(sql);
  const contents = {
    facts: all('SELECT * FROM curated_events ORDER BY event_id'),
    panes: all('SELECT * FROM pane ORDER BY metric, key, window_start_us, pane_index'),
    results: all('SELECT * FROM pipeline_result ORDER BY pipeline, key'),
    offsets: all('SELECT * FROM source_offset ORDER BY log_partition'),
  };
  warehouse.close();
  return contents;
}

describe('S412 a collector that is killed under load', () => {
  it('has every event that it acknowledged, once, in the warehouse and in the lake', async () => {
    const folder = join(files.fresh(), 'live');
    const sent = new Set<string>();
    for (const life of [1, 2]) {
      const served = await serveCollector(['--folder', folder]);
      const sender = createSender(served, `life${life}`);
      const sending = sender.send(6, 10);
      // The second life dies in the middle of the first one's rest, too.
      await until(() => sender.acknowledged.size > 400);
      served.process.kill('SIGKILL');
      await sending;
      expect(await served.ended).toBe('SIGKILL');
      for (const id of sender.acknowledged) sent.add(id);
    }
    const last = await serveCollector(['--folder', folder]);
    await end(last);
    const stored = idsIn(folder);
    expect(sent.size).toBeGreaterThan(800);
    expect([...sent].filter((id) => !stored.includes(id))).toEqual([]);
    expect(new Set(stored).size).toBe(stored.length);
    for (const zone of ['raw', 'curated'] as const) {
      expect([...(await idsInLake(folder, zone))].sort()).toEqual([...stored].sort());
    }
    const out = join(folder, 'again.sqlite');
    const replayed = backlot(['replay', folder, '--out', out, '--json']);
    expect([0, 6]).toContain(replayed.code);
    expect(contentsOf(out)).toEqual(contentsOf(join(folder, 'warehouse.sqlite')));
  }, 60_000);
});

describe('S425 a stream recorded live', () => {
  it('replayed in simulation gives the same warehouse, byte for byte', async () => {
    const folder = join(files.fresh(), 'live');
    const served = await serveCollector(['--folder', folder, '--no-lake', '--durability', 'os']);
    const sender = createSender(served, 'e');
    const sending = sender.send(4, 15);
    await until(() => sender.acknowledged.size > 600);
    sender.stop();
    await sending;
    await end(served);
    const out = join(folder, 'again.sqlite');
    const replayed = backlot(['replay', folder, '--out', out]);
    expect(replayed.stdout).toContain('the same, byte for byte');
    expect(replayed.code).toBe(0);
    const same = readFileSync(out).equals(readFileSync(join(folder, 'warehouse.sqlite')));
    expect(same).toBe(true);
    expect(idsIn(folder)).toHaveLength(sender.acknowledged.size);
  }, 60_000);
});

describe('a newcomer', () => {
  it('S413 gets keys that stay, a dashboard, metrics, and an SDK', async () => {
    const folder = join(files.fresh(), 'live');
    const served = await serveCollector(['--folder', folder, '--no-lake', '--demo']);
    const { addresses } = served;
    const sender = createSender(served, 'e');
    const sending = sender.send(1, 5);
    await until(() => sender.acknowledged.size > 0);
    sender.stop();
    await sending;
    expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const read = { authorization: `Bearer ${addresses['readToken']}` };
    const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
      fetch(url, { headers });
    const metrics = addresses['metrics'] ?? '';
    expect((await get(metrics)).status).toBe(401);
    const text = await (await get(metrics, read)).text();
    expect(text).toMatch(/backlot_events_accepted_total \d+\n/);
    expect(text.endsWith('# EOF\n')).toBe(true);
    const sdk = await get(addresses['sdk'] ?? '');
    const etag = sdk.headers.get('etag') ?? '';
    expect((await get(addresses['sdk'] ?? '', { 'if-none-match': etag })).status).toBe(304);
    expect((await get(addresses['demo'] ?? '')).status).toBe(200);
    const dashboard = (addresses['dashboard'] ?? '').replace(/#.*/, '');
    expect((await get(`${dashboard}hello.json`)).status).toBe(401);
    expect(await (await get(`${dashboard}hello.json`, read)).json()).toMatchObject({
      subjects: [{ name: 'live' }],
      mayAct: false,
    });
    const frames = await get(`${dashboard}frames`, read);
    const reader = frames.body?.getReader();
    let seen = '';
    while (!seen.includes('event: frame')) {
      const chunk = await reader?.read();
      expect(chunk?.done).toBe(false);
      seen += new TextDecoder().decode(chunk?.value);
    }
    await reader?.cancel();
    await end(served);
    const again = await serveCollector(['--folder', folder, '--no-lake']);
    expect(again.addresses['writeKey']).toBe(addresses['writeKey']);
    await end(again);
  }, 30_000);

  it('S414 is told of a port that is taken and of a folder that is served already', async () => {
    const folder = join(files.fresh(), 'live');
    const blocker = createServer();
    await new Promise<void>((resolve) => {
      blocker.listen(0, '127.0.0.1', resolve);
    });
    const { port } = blocker.address() as { readonly port: number };
    const taken = await inProcess(['serve', '--folder', folder, '--port', `${port}`, '--no-lake']);
    blocker.close();
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining('is in use')]);
    const served = await serveCollector(['--folder', folder, '--no-lake']);
    const second = backlot(['serve', '--folder', folder, '--no-lake']);
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining('being written')]);
    await end(served);
    for (const args of [
      ['--origin', 'shop.example'],
      ['--port', 'x'],
      ['--write-key', 'a b c d e'],
    ]) {
      expect((await inProcess(['serve', '--folder', folder, ...args])).code).toBe(2);
    }
  }, 30_000);
});
