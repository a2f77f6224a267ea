/** A client that writes bytes: requests one behind the other on one connection, and what is no
 * request at all. */
import { createConnection, type Socket } from 'node:net';

/** The head of an answer. */
export interface RawAnswer {
  readonly status: number;
  readonly body: string;
}

/** A connection. */
export interface RawClient {
  /** Sends bytes as they are. */
  write(bytes: string | Uint8Array): void;
  /** The next answer; status 0 where the connection ends before. */
  answer(): Promise<RawAnswer>;
  end(): void;
}

/** Connects. */
export function connectRaw(port: number): RawClient {
  const socket: Socket = createConnection({ port, host: '127.0.0.1', noDelay: true });
  const ready: RawAnswer[] = [];
  const waiting: ((answer: RawAnswer) => void)[] = [];
  let rest = '';
  let isOver = false;
  const tell = (answer: RawAnswer) => {
    const next = waiting.shift();
    if (next === undefined) ready.push(answer);
    else next(answer);
  };
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    rest += text;
    for (let found = answerIn(rest); found !== undefined; found = answerIn(rest)) {
      rest = rest.slice(found.length);
      tell(found);
    }
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    isOver = true;
    for (const resolve of waiting.splice(0)) resolve({ status: 0, body: '' });
  });
  return {
    write: (bytes) => void socket.write(bytes),
    answer() {
      const first = ready.shift();
      if (first !== undefined) return Promise.resolve(first);
      if (isOver) return Promise.resolve({ status: 0, body: '' });
      return new Promise((resolve) => {
        waiting.push(resolve);
      });
    },
    end: () => void socket.destroy(),
  };
}

/** A request as bytes. */
export function rawRequest(
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Uint8Array {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST /v1/batch HTTP/1.1\r\nhost: x\r\n${lines.join('')}`;
  return Buffer.concat([Buffer.from(`${head}content-length: ${body.length}\r\n\r\n`), body]);
}

function answerIn(text: string): (RawAnswer & { readonly length: number }) | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = text.slice(0, end);
  const bytes = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  const length = end + 4 + bytes;
  if (text.length < length) return undefined;
  return { status: Number(head.slice(9, 12)), body: text.slice(end + 4, length), length };
}
