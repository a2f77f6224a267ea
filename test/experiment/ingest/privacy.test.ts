/** What people may be known by reaches neither the warehouse nor the document, wherever in a file
 * it stands: hosts, addresses in other spellings, users, several ids in one row. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ingestFile } from '../../../src/experiment/ingest/ingest-file.ts';
import { onRealData } from '../../real-data.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const TIME = '[17/May/2015:10:05:03 +0000]';
const GOOD = `192.0.2.1 - - ${TIME} "GET /kept HTTP/1.1" 200 1`;

/** Every byte that ingesting the lines writes or says. */
async function writtenOf(name: string, lines: readonly string[]): Promise<string> {
  const warehousePath = folder.path(`${name}.sqlite`);
  const path = folder.write(name, `${lines.join('\n')}\n`);
  const document = await ingestFile({ path, warehousePath });
  expect(document.read).toBe(lines.length);
  return `${readFileSync(warehousePath, 'latin1')}${JSON.stringify(document)}`;
}

describe('nobody is known by what is written', () => {
  it(
    'no host of a real log, dotted or dashed',
    onRealData('access-logs/apache-2015.log', async (path) => {
      const warehousePath = folder.path('apache.sqlite');
      const document = await ingestFile({ path, warehousePath });
      expect(document.hosts).toBe(1_753);
      const written = `${readFileSync(warehousePath, 'latin1')}${JSON.stringify(document)}`;
      const hosts = [...new Set(readFileSync(path, 'latin1').match(/^[\d.]+(?= )/gm))];
      expect(hosts.length).toBeGreaterThan(1_700);
      const dashed = hosts.map((host) => host.replaceAll('.', '-'));
      expect([...hosts, ...dashed].filter((host) => written.includes(host))).toEqual([]);
    }),
  );

  it('W2: no address in a path, a user agent, a referrer or a method', async () => {
    const written = await writtenOf('everywhere.log', [
      GOOD,
      `192.0.2.2 - - ${TIME} "GET /by/203-0-113-4/kept-path HTTP/1.1" 200 1`,
      `192.0.2.3 - - ${TIME} "GET /ip?a=203.0.113.5 HTTP/1.1" 200 1 "http://203.0.113.6/" "b"`,
      `192.0.2.4 - - ${TIME} "GET / HTTP/1.1" 200 1 "-" "bot at host-203-0-113-7.example"`,
      `192.0.2.5 - - ${TIME} "203.0.113.8:443 /proxied HTTP/1.1" 400 -`,
      `192.0.2.6 - - ${TIME} "203.0.113.9" 400 -`,
    ]);
    expect(written).toContain('kept-path');
    expect(written).not.toMatch(/203[.-]0[.-]113[.-]\d|192[.-]0[.-]2[.-]\d/);
  });

  it('no user of an access log, also where the line is bad', async () => {
    const written = await writtenOf('users.log', [
      GOOD,
      `pc1.example - carol ${TIME} "GET /a HTTP/1.1" 200 1`,
      `pc2.example - dave ${TIME} "GET /bad-kept`,
      `pc3.example erin frank smith ${TIME} "GET /b" no status`,
      `pc4.example - grace ${TIME.slice(0, 9)}`,
      'pc5.example - heidi',
      'pc6.example -',
    ]);
    expect(written).toContain('bad-kept');
    expect(written).not.toMatch(/carol|dave|erin|frank|smith|grace|heidi|pc\d\.example/);
  });

  it('no id of a row that has several', async () => {
    const row = {
      time: '2020-01-01',
      user_id: 'carol',
      user: 'Dave',
      Session_ID: 'erin',
      id: 77117,
    };
    const written = await writtenOf('several.ndjson', [
      JSON.stringify({ ...row, event: 'opened' }),
      JSON.stringify({ ...row, time: 'unknown', event: 'timeless' }),
    ]);
    expect(written).toContain('opened');
    expect(written).toContain('timeless');
    expect(written).not.toMatch(/carol|Dave|erin|77117/);
  });

  it('takes two people for two, also where a row has an object for each', async () => {
    const row = (id: number) => JSON.stringify({ time: '2020-01-01', user: { id } });
    const path = folder.write('objects.ndjson', [77117, 77118, 77117].map(row).join('\n'));
    const warehousePath = folder.path('objects.sqlite');
    expect(await ingestFile({ path, warehousePath })).toMatchObject({ stored: 3, hosts: 2 });
    expect(readFileSync(warehousePath, 'latin1')).not.toMatch(/7711[78]/);
  });

  it('no id of a line of NDJSON that is broken', async () => {
    const written = await writtenOf('broken.ndjson', [
      '{"time":"2020-01-01","user_id":"carol","event":"opened"}',
      '{"time":"2020-01-01", "User_ID" : "da\\"ve", "event":"cut-kept"',
      '{"time":"2020-01-01","id":77117,"event":"comma-kept",}',
      '{"event":"end-kept","user":"erin',
    ]);
    for (const kept of ['opened', 'cut-kept', 'comma-kept', 'end-kept']) {
      expect(written).toContain(kept);
    }
    expect(written).not.toMatch(/carol|ve"|77117|erin/);
  });
});
