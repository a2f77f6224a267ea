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

  it('nobody of an undescribed row, flat, nested, timeless or broken', async () => {
    const person = {
      email: 'carol@example.com',
      name: 'Carol Dane',
      First_Name: 'Erin',
      'last name': 'Frank',
      fullName: 'Grace Hale',
      phone: '+1 415 555 0100',
      username: 'heidi',
      nested: { name: 'Ivan', login: 'judy' },
    };
    const written = await writtenOf('people.ndjson', [
      JSON.stringify({ time: '2020-01-01', event: 'with-event', ...person }),
      JSON.stringify({ time: '2020-01-01', page: 'without-event', ...person }),
      JSON.stringify({ page: 'timeless', ...person }),
      `{"page":"broken",${JSON.stringify(person).slice(1, -2)}`,
      JSON.stringify({ time: '2020-01-01', user_id: 7, name: 'event-name' }),
    ]);
    for (const kept of ['with-event', 'without-event', 'timeless', 'broken', 'event-name']) {
      expect(written).toContain(kept);
    }
    expect(written).not.toMatch(/carol|dane|erin|frank|grace|hale|555 0100|heidi|ivan|judy/i);
  });

  it('nobody of the parameters of a request, also of a bad line', async () => {
    const written = await writtenOf('parameters.log', [
      GOOD,
      `h - - ${TIME} "GET /a?page=kept-good&name=Carol&First-Name=Erin HTTP/1.1" 200 1`,
      `h - - ${TIME} "GET /a?page=kept-bad&username=heidi HTTP/1.1" nonsense`,
    ]);
    expect(written).toContain('kept-good');
    expect(written).toContain('kept-bad');
    expect(written).not.toMatch(/carol|erin|heidi/i);
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

  it('W91 nothing but the shape of a row of CSV that does not fit its header', async () => {
    const warehousePath = folder.path('misfit.sqlite');
    const path = folder.write(
      'misfit.csv',
      [
        'time,user,event,note',
        '2020-01-01,carol,opened,ok',
        '2020-01-01,dave,"erin@mail.example",Frank Smith of 203.0.113.9,too,many',
        'grace',
      ].join('\n'),
    );
    const document = await ingestFile({ path, warehousePath });
    expect(document).toMatchObject({ read: 3, stored: 1, badRows: 2 });
    const written = `${readFileSync(warehousePath, 'latin1')}${JSON.stringify(document)}`;
    expect(written).toContain('9999-99-99,xxxx,');
    expect(written).not.toMatch(/carol|dave|erin|Frank|Smith|203\.0|grace/);
  });

  it('W90 nobody of a tracked event, good or bad', async () => {
    const event = {
      id: 'carol-1',
      type: 'ui.search',
      subject: 'carol',
      sessionId: 'carol@mail.example',
      sequence: 0,
      eventTimeUs: 1_600_000_000_000_123,
      data: { page: 'kept-page', query: 'films with Dave Jones', path: '/users/carol' },
    };
    const written = await writtenOf('tracked.ndjson', [
      JSON.stringify(event),
      JSON.stringify({ ...event, id: 'carol-2', sequence: 'carol', owner: { name: 'Dave Jones' } }),
      JSON.stringify({ ...event, id: 'carol-3', data: { mood: 'carol', page: 'kept-too' } }),
      JSON.stringify({ ...event, id: 'carol-4' }).slice(0, -2),
    ]);
    expect(written).toContain('kept-page');
    expect(written).toContain('kept-too');
    expect(written).not.toMatch(/carol|Dave|Jones/);
  });
});
