/** The dashboard's routes: headers, commands, and life below the prefix of another server. */
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { CommandAnswer, LiveCommand } from '../../../src/domain/live/live-command.ts';
import {
  type DashboardRoutesOptions,
  dashboardRoutes,
} from '../../../src/live/dashboard/dashboard-routes.ts';
import { fakeHello } from './fake-frames.ts';
import { createFakeSource } from './fake-source.ts';

/** Waits for a condition; how long says only when to give up. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 });

const TOKENS = { read: 'r'.repeat(22), act: 'a'.repeat(22) };
const HOST = { host: '127.0.0.1:4000' };
const ACTING = { ...HOST, authorization: `Bearer ${TOKENS.act}` };
const apps: FastifyInstance[] = [];

afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

function mount(
  options: Partial<DashboardRoutesOptions> = {},
  answer?: (command: LiveCommand) => CommandAnswer | Promise<CommandAnswer>,
) {
  const source = createFakeSource(fakeHello(), answer);
  const app = Fastify();
  apps.push(app);
  app.get('/health', () => ({ status: 'ok' }));
  app.post('/echo', (request) => request.body);
  app.register(dashboardRoutes, { prefix: '/dashboard', source, tokens: TOKENS, ...options });
  return { app, source };
}

function post(app: FastifyInstance, body: string, headers: Record<string, string> = ACTING) {
  const url = '/dashboard/commands';
  const all = { 'content-type': 'application/json', ...headers };
  return app.inject({ method: 'POST', url, headers: all, payload: body });
}

describe('the page', () => {
  it('L65: its policy permits its own style and script, and nothing else', async () => {
    const { app } = mount();
    const answer = await app.inject({ url: '/dashboard/', headers: HOST });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = String(answer.headers['content-security-policy']).split('; ');
    expect(policy).toEqual([
      "default-src 'none'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
      expect.stringMatching(/^script-src 'sha256-[\w+/]{43}='$/),
      expect.stringMatching(/^style-src 'sha256-[\w+/]{43}='$/),
      "connect-src 'self'",
      'img-src data:',
      "form-action 'none'",
    ]);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
    expect(answer.body).not.toContain(fakeHello().title);
    expect(answer.body.match(/<script/g)).toHaveLength(1);
  });

  it('L65: every other answer forbids everything', async () => {
    const { app } = mount();
    const answers = await Promise.all([
      app.inject({ url: '/dashboard/hello.json', headers: ACTING }),
      app.inject({ url: '/dashboard/none', headers: HOST }),
      app.inject({ url: '/dashboard/', headers: { host: 'evil.example' } }),
      post(app, '{'),
    ]);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 404, 403, 400]);
    for (const { headers } of answers) {
      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
      );
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
    }
  });

  it('L67: below a prefix it leads to its folder and leaves the other routes alone', async () => {
    const { app } = mount();
    const bare = await app.inject({ url: '/dashboard?a=1', headers: HOST });
    expect([bare.statusCode, bare.headers.location]).toEqual([308, '/dashboard/']);
    const health = await app.inject({ url: '/health', headers: { host: 'evil.example' } });
    expect(health.json()).toEqual({ status: 'ok' });
    expect(health.headers['content-security-policy']).toBeUndefined();
    const echo = await app.inject({ method: 'POST', url: '/echo', payload: { a: 1 } });
    expect(echo.json()).toEqual({ a: 1 });
  });
});

describe('commands', () => {
  it('L66: a command reaches the source once, and its answer comes back', async () => {
    const refused = { ok: false, code: 'FAULT_UNKNOWN', message: 'no such kind' } as const;
    const { app, source } = mount({}, ({ type }) => (type === 'fault' ? refused : { ok: true }));
    const fault = { type: 'fault', kind: 'x', target: 'movie', intensity: 4, forUs: 60_000_000 };
    const commands = [
      { type: 'pause' },
      { type: 'speed', factor: null },
      { type: 'speed', factor: 0.5 },
      { type: 'step', events: -10 },
      { type: 'seek', event: 0 },
      { type: 'seek', atUs: 5 },
      { type: 'breaker', edge: 'router→movie', status: 'open' },
    ];
    for (const command of commands) {
      const done = await post(app, JSON.stringify(command));
      expect([done.statusCode, done.json()]).toEqual([200, { ok: true }]);
    }
    const answer = await post(app, JSON.stringify(fault));
    expect([answer.statusCode, answer.json()]).toEqual([422, refused]);
    expect(source.commands).toEqual([...commands, fault]);
  });

  it('L66: what is no command is refused with one sentence and reaches nobody', async () => {
    const { app, source } = mount();
    const bad: Readonly<Record<string, string>> = {
      '': 'command is ""',
      '{': 'command is "{": expected JSON',
      null: 'command.type is missing',
      '[]': 'command.type is missing',
      '{"type":"puase"}': 'command.type is "puase": expected one of pause, resume, speed, step',
      '{"type":"constructor"}': 'command.type is "constructor"',
      '{"type":"pause","__proto__":{"a":1}}': 'Unrecognized key: "__proto__"',
      '{"type":"pause","more":1}': 'Unrecognized key: "more"',
      '{"type":"speed","factor":0}': 'command.factor is 0',
      '{"type":"speed","factor":-1}': 'command.factor is -1',
      '{"type":"speed"}': 'command.factor is missing',
      '{"type":"step","events":0}': 'command.events is 0: expected another number than 0',
      '{"type":"step","events":1.5}': 'command.events is 1.5',
      '{"type":"step","events":1e300}': 'command.events is 1e+300',
      '{"type":"seek"}': 'expected either event or atUs',
      '{"type":"seek","event":1,"atUs":1}': 'expected either event or atUs',
      '{"type":"seek","atUs":-1}': 'command.atUs is -1',
      '{"type":"fault","kind":"x"}': 'command.forUs is missing',
      '{"type":"fault","kind":"","forUs":1}': 'command.kind is ""',
      '{"type":"fault","kind":"x","forUs":0}': 'command.forUs is 0',
      '{"type":"breaker","edge":"a","status":"ajar"}': 'command.status is "ajar"',
    };
    for (const [body, message] of Object.entries(bad)) {
      const answer = await post(app, body === '' ? '""' : body);
      const { ok, code, message: found } = answer.json();
      expect([answer.statusCode, ok, code]).toEqual([400, false, 'LIVE_BAD_COMMAND']);
      expect(found).toContain(body === '' ? 'command.type is missing' : message);
      expect(found.length).toBeLessThan(400);
    }
    expect(source.commands).toEqual([]);
  });

  it('L66: long bodies and other media are refused before they are read', async () => {
    const { app } = mount();
    const long = await post(app, JSON.stringify({ type: 'x'.repeat(5_000) }));
    expect([long.statusCode, long.json().message]).toEqual([
      413,
      'a command has at most 4096 bytes',
    ]);
    const text = await post(app, 'type=pause', { ...ACTING, 'content-type': 'text/plain' });
    expect([text.statusCode, text.json().message]).toEqual([
      415,
      'commands are sent as application/json',
    ]);
    const nobody = await post(app, 'x'.repeat(9_000), HOST);
    expect(nobody.statusCode).toBe(401);
  });

  it('L67: with many commands under way the next is told to come back', async () => {
    const release: ((answer: CommandAnswer) => void)[] = [];
    const { app, source } = mount({}, () => new Promise((resolve) => release.push(resolve)));
    const asked = Array.from({ length: 16 }, () => post(app, '{"type":"heal"}'));
    await soon(() => source.commands.length).toBe(16);
    const refused = await post(app, '{"type":"heal"}');
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1']);
    for (const resolve of release) resolve({ ok: true });
    expect((await Promise.all(asked)).map(({ statusCode }) => statusCode)).toEqual(
      Array.from({ length: 16 }, () => 200),
    );
    const done = post(app, '{"type":"heal"}');
    await soon(() => release.length).toBe(17);
    release.at(-1)?.({ ok: true });
    expect((await done).statusCode).toBe(200);
  });

  it('a bug of ours is told to us, and to the client only that there was one', async () => {
    const told: unknown[] = [];
    const bug = new Error('secret place');
    const { app } = mount({ onInternalError: (error) => told.push(error) }, () => {
      throw bug;
    });
    const answer = await post(app, '{"type":"pause"}');
    expect([answer.statusCode, answer.json().code]).toEqual([500, 'LIVE_INTERNAL_ERROR']);
    expect(answer.body).not.toContain('secret');
    expect(told).toEqual([bug]);
  });
});
