/** `run --watch`, `run --commands` and `dash`: what they leave, and that they end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { RunDocument } from '../../src/experiment/result.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { LAUNCHER, TINY_SCENARIO } from './command-line.ts';
import { inProcess } from './in-process.ts';

const folder = temporaryFolder();
const [alone, watched, driven] = ['alone', 'watched', 'driven'].map((name) => folder.path(name));
let scenario = '';

function documentIn(directory = ''): RunDocument {
  return JSON.parse(readFileSync(join(directory, 'run.json'), 'utf8')) as RunDocument;
}

function run(out = '', ...more: readonly string[]) {
  return inProcess([
    'run',
    scenario,
    '--out',
    out,
    '--arch',
    'monolith',
    '--threads',
    '1',
    ...more,
  ]);
}

beforeAll(async () => {
  scenario = folder.write('tiny.ts', TINY_SCENARIO.replace('minutes(6)', 'minutes(2)'));
  expect((await run(alone)).code).toBe(0);
});

describe('backlot run --watch', () => {
  it('L20: publishes what run publishes, and ends with a browser that looks on', async () => {
    const args = [
      'run',
      scenario,
      '--out',
      watched ?? '',
      '--arch',
      'monolith',
      '--watch',
      '--paused',
    ];
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const exited = once(child, 'exit');
    let text = '';
    for await (const chunk of child.stderr) {
      text += String(chunk);
      if (/#token=\S+\n/.test(text)) break;
    }
    const [, address = '', token = ''] = /(http:\S+)#token=(\S+)/.exec(text) ?? [];
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const frames = await fetch(`${address}frames`, { headers });
    const resume = { method: 'POST', headers, body: '{"type":"resume"}' };
    expect(await (await fetch(`${address}commands`, resume)).json()).toEqual({ ok: true });
    const stream = await frames.text();
    expect(stream).toContain('"state":"finished"');
    expect(stream).toContain('event: end');
    expect(await exited).toEqual([0, null]);
    const { replayCommand: _, ...found } = documentIn(watched);
    const { replayCommand: __, ...expected } = documentIn(alone);
    expect(found).toEqual(expected);
    expect(readdirSync(watched ?? '').sort()).toEqual(readdirSync(alone ?? '').sort());
  });
});

describe('backlot run --commands', () => {
  const log = () => join(driven ?? '', 'commands-monolith.ndjson');

  it('E539: makes the changes of a log, says so, and is verified with them', async () => {
    const fault = { kind: 'process.slow', target: 'monolith', at: 0, for: 60e6 };
    const given = [
      { schema: 'backlot.commands/1', subject: 'monolith' },
      { subject: 'monolith', event: 0, atUs: 0, change: { kind: 'fault', fault } },
    ];
    const path = folder.write('given.ndjson', given.map((one) => JSON.stringify(one)).join('\n'));
    expect((await run(driven, '--commands', path)).code).toBe(0);
    const document = documentIn(driven);
    expect(document.commands).toBe(1);
    expect(document.digest).not.toBe(documentIn(alone).digest);
    expect(document.faults).toMatchObject([{ kind: 'process.slow', fromMinute: 0, toMinute: 1 }]);
    expect(document.replayCommand).toContain(`--commands ${log()}`);
    expect(readFileSync(join(driven ?? '', 'report.html'), 'utf8')).toContain('Driven by hand');
    expect((await inProcess(['verify', driven ?? ''])).stdout).toContain('reproduced');
    const replayed = await inProcess(['replay', driven ?? '', '--json']);
    expect([replayed.code, JSON.parse(replayed.stdout).slices.isExact]).toEqual([0, true]);
    const parted = await inProcess(['diff', alone ?? '', driven ?? '']);
    expect(parted.stdout).toContain('first event that differs');
  });

  it('E538: dash runs it again, changes and all, and says that it is the same', async () => {
    const again = await inProcess(['dash', driven ?? '', '--no-paused']);
    expect([again.code, again.stdout]).toEqual([
      0,
      expect.stringContaining('the same as recorded'),
    ]);
    expect(again.stderr).toMatch(/Watch it at http:\/\/127\.0\.0\.1:\d+\/#token=/);
  });

  it('E539: refuses a log that was edited, and one of another run', async () => {
    const text = readFileSync(log(), 'utf8');
    appendFileSync(log(), `${text.split('\n')[1]}\n`);
    const edited = await inProcess(['verify', driven ?? '']);
    expect([edited.code, edited.stderr]).toEqual([
      2,
      expect.stringContaining('RESULT_INPUT_CHANGED'),
    ]);
    writeFileSync(log(), text);
    const strange = folder.write('strange.ndjson', text.replace('"event":0', '"event":7'));
    const refused = await run(folder.path('none'), '--commands', strange);
    expect([refused.code, refused.stderr]).toEqual([
      2,
      expect.stringContaining('COMMANDS_REFUSED'),
    ]);
  });
});
