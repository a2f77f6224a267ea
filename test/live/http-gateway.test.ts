/** The gateway over HTTP with a transport that the test holds: who is asked, when, and what happens
 * when nobody waits any more. */
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway/federation/gateway.ts';
import type { FetchResult } from '../../src/gateway/plan-run.ts';
import { createHttpGateway } from '../../src/live/http-gateway.ts';
import type { SubgraphCall } from '../../src/live/subgraph-transport.ts';

/** A gateway whose runs ask both of two services at once, then one of them again. */
function stubGateway(first: string): Gateway {
  const fetch = (fetchId: number, serviceName: string, operation: string) => ({
    fetchId,
    serviceName,
    operation,
    variables: {},
    url: undefined,
  });
  const service = (name: string) => ({ name, url: `http://${name}.example/`, isLocal: false });
  const gateway: Pick<Gateway, 'services' | 'begin'> = {
    services: [service('movie'), service('talent')],
    begin({ query }) {
      if (query === 'invalid') return { answer: { errors: [{ message: 'no' }] } };
      let open = 2;
      return {
        run: {
          openFetchCount: open,
          start: () => [fetch(0, 'movie', first), fetch(1, 'talent', '{b}')],
          complete(fetchId) {
            open -= 1;
            if (fetchId !== 0) return [];
            open += 1;
            return [fetch(2, 'talent', '{c}')];
          },
          answer: () => (open === 0 ? { data: { done: true } } : undefined),
        },
      };
    },
  };
  return gateway as Gateway;
}

interface Sent {
  readonly call: SubgraphCall;
  readonly signal: AbortSignal | undefined;
  readonly answer: (result: FetchResult) => void;
}

function recorder() {
  const sent: Sent[] = [];
  const transport = {
    send: (call: SubgraphCall, signal?: AbortSignal) =>
      new Promise<FetchResult>((answer) => sent.push({ call, signal, answer })),
    close: () => {},
  };
  return { sent, transport };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('execute', () => {
  it('G30: sends what the plan allows as soon as it does', async () => {
    const { sent, transport } = recorder();
    const subgraphUrls = { talent: 'https://override.example/x' };
    const live = createHttpGateway({ gateway: stubGateway('{a}'), subgraphUrls, transport });
    const answer = live.execute({ query: '{a}' });
    expect(sent.map(({ call }) => [call.operation, call.url.href])).toEqual([
      ['{a}', 'http://movie.example/'],
      ['{b}', 'https://override.example/x'],
    ]);
    sent[0]?.answer({ ok: true, data: {} });
    await turn();
    expect(sent).toHaveLength(3);
    sent[2]?.answer({ ok: true, data: {} });
    sent[1]?.answer({ ok: false, message: 'm', extensions: {} });
    expect(await answer).toEqual({ data: { done: true } });
  });

  it('answers at once what needs no fetch', async () => {
    const { sent, transport } = recorder();
    const live = createHttpGateway({ gateway: stubGateway('{a}'), transport });
    expect(await live.execute({ query: 'invalid' })).toEqual({ errors: [{ message: 'no' }] });
    expect(sent).toEqual([]);
  });

  it('gives a query up with its client', async () => {
    const { sent, transport } = recorder();
    const live = createHttpGateway({ gateway: stubGateway('{a}'), transport });
    const client = new AbortController();
    const answer = live.execute({ query: '{a}' }, { signal: client.signal });
    client.abort(new Error('gone'));
    await expect(answer).rejects.toThrow('gone');
    expect(sent.map(({ signal }) => signal?.aborted)).toEqual([true, true]);
    sent[0]?.answer({ ok: true, data: {} });
    await turn();
    expect(sent).toHaveLength(2);
    const late = live.execute({ query: '{a}' }, { signal: client.signal });
    await expect(late).rejects.toThrow('gone');
    expect(sent).toHaveLength(2);
  });

  it('sees a mutation through, whoever waits', async () => {
    const { sent, transport } = recorder();
    const live = createHttpGateway({ gateway: stubGateway('mutation{a}'), transport });
    const client = new AbortController();
    const answer = live.execute({ query: 'mutation{a}' }, { signal: client.signal });
    client.abort();
    for (const index of [0, 1, 2]) {
      sent[index]?.answer({ ok: true, data: {} });
      await turn();
    }
    expect(await answer).toEqual({ data: { done: true } });
  });
});

describe('createHttpGateway', () => {
  it.each([
    [{ talents: 'http://x.example' }, /"talents".*no such subgraph \(did you mean "talent"\?\)/],
    [{ talent: 'ftp://x.example' }, /"talent" has the URL "ftp:.*expected an http or https URL/],
    [{ talent: 'nonsense' }, /"talent" has the URL "nonsense"/],
    [{ talent: '' }, /"talent" has the URL ""/],
  ])('G37: refuses %j', (subgraphUrls, message) => {
    const { transport } = recorder();
    const act = () => createHttpGateway({ gateway: stubGateway('{a}'), subgraphUrls, transport });
    expect(act).toThrow(message);
  });
});
