/** Reads server-sent events over a socket that can be left unread. */
import { type IncomingMessage, request } from 'node:http';

/** A stream of events. */
export interface ReadEvents {
  readonly contentType: string | undefined;
  /** The next event; `closed` behind the last. */
  next(): Promise<{ readonly event: string; readonly data: unknown }>;
  /** Comments seen so far. */
  beats(): number;
  /** Reads nothing more, as a slow client. */
  pause(): void;
  resume(): void;
  close(): void;
}

/** Opens one. */
export async function openEvents(url: string, token: string): Promise<ReadEvents> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request(url, { headers, agent: false }, resolve).on('error', reject).end();
  });
  const seen: { event: string; data: unknown }[] = [];
  const waiting: ((event: { event: string; data: unknown }) => void)[] = [];
  let beats = 0;
  let rest = '';
  const tell = (event: { event: string; data: unknown }) => {
    const waiter = waiting.shift();
    if (waiter === undefined) seen.push(event);
    else waiter(event);
  };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    const blocks = `${rest}${chunk}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block.split('\n').map((line) => /^(\w*): ?(.*)$/s.exec(line));
      const field = (name: string) => fields.find((one) => one?.[1] === name)?.[2];
      const event = field('event');
      if (event === undefined) beats += 1;
      else tell({ event, data: JSON.parse(field('data') ?? 'null') });
    }
  });
  response.on('error', () => {});
  response.on('close', () => tell({ event: 'closed', data: null }));
  return {
    contentType: response.headers['content-type'],
    next: () => {
      const event = seen.shift();
      if (event !== undefined) return Promise.resolve(event);
      return new Promise((resolve) => waiting.push(resolve));
    },
    beats: () => beats,
    pause: () => response.pause(),
    resume: () => response.resume(),
    close: () => response.destroy(),
  };
}
