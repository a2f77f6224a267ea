/** Server-sent events out of pieces of text, as `fetch` brings them: `EventSource` cannot send the
 * header that the token travels in. */

/** One event; its data are text. */
export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** A parser with the rest of the piece before.
 * @returns a function from a piece to the events that it completes. Comments are left out. */
export function createEventParser(): (piece: string) => ServerSentEvent[] {
  let rest = '';
  return (piece) => {
    const blocks = `${rest}${piece}`.replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    return blocks.flatMap(parseBlock);
  };
}

function parseBlock(block: string): ServerSentEvent[] {
  let event = 'message';
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') event = value;
    if (name === 'data') data.push(value);
  }
  return data.length === 0 ? [] : [{ event, data: data.join('\n') }];
}
