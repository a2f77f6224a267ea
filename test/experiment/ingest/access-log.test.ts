/** Lines of access logs, good, odd and bad. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { parseAccessLogLine, withoutHost } from '../../../src/experiment/ingest/access-log.ts';

const TIME = '[17/May/2015:10:05:03 +0000]';
const TIME_US = Date.UTC(2015, 4, 17, 10, 5, 3) * 1_000;

describe('parseAccessLogLine', () => {
  it('reads the common format, with a zone and no size', () => {
    const line = 'host.example - frank [01/Jul/1995:00:00:01 -0400] "GET /a b HTTP/1.0" 304 -';
    expect(parseAccessLogLine(line)).toEqual({
      host: 'host.example',
      timeUs: Date.UTC(1995, 6, 1, 4, 0, 1) * 1_000,
      method: 'GET',
      path: '/a b',
      status: 304,
      responseBytes: undefined,
      userAgent: '',
    });
  });

  it('reads the combined format, with escaped quotes and fields behind', () => {
    const request = '"GET /\\"x\\" HTTP/1.1"';
    const line = `1.2.3.4 - - ${TIME} ${request} 200 12 "-" "Agent \\"A\\"" "5.6.7.8" 0.01`;
    expect(parseAccessLogLine(line)).toMatchObject({
      path: '/\\"x\\"',
      timeUs: TIME_US,
      responseBytes: 12,
      userAgent: 'Agent \\"A\\"',
    });
  });

  it.each([
    ['17/May/2015:10:05:03 +0000', 0],
    ['17/May/2015:15:35:03 +0530', 0],
    ['16/May/2015:22:05:03 -1200', 0],
    ['18/May/2015:00:05:03 +1400', 0],
    ['17/May/2015:10:05:60 +0000', 57],
    ['29/Feb/2016:00:00:00 +0000', (Date.UTC(2016, 1, 29) * 1_000 - TIME_US) / 1_000_000],
  ])('reads the time %s', (time, secondsLater) => {
    expect(parseAccessLogLine(`h - - [${time}] "GET / HTTP/1.1" 200 -`)).toMatchObject({
      timeUs: TIME_US + secondsLater * 1_000_000,
      responseBytes: undefined,
    });
  });

  it('knows every month, and none that there is not', () => {
    const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov'];
    [...months, 'Dec'].forEach((month, i) => {
      const line = `h - - [05/${month}/2015:00:00:00 +0000] "GET / HTTP/1.1" 200 0`;
      expect(parseAccessLogLine(line)).toMatchObject({ timeUs: Date.UTC(2015, i, 5) * 1_000 });
      expect(parseAccessLogLine(line.replace(month, month.toUpperCase()))).toMatch(/^not a time/);
    });
  });

  it.each([
    ['a user with spaces', `h - two words ${TIME} "GET / HTTP/1.1" 200 1`, '/'],
    ['a request that is none', `h - - ${TIME} "-" 408 -`, '-'],
    ['a request without a version', `h - - ${TIME} "GET /old" 200 1`, '/old'],
  ])('reads %s', (_, line, path) => {
    expect(parseAccessLogLine(line)).toMatchObject({ host: 'h', path });
  });

  it.each([
    ['a missing quote', `h - - ${TIME} "GET / HTTP/1.1" 200 1 "-" "Agent`],
    ['no status', `h - - ${TIME} "GET / HTTP/1.1" - 1`],
    ['nothing', ''],
    ['another thing', '{"a":1}'],
    ['no end', `h - - ${TIME} "GET /${'x'.repeat(40_000)}" 200 1`],
  ])('refuses %s', (_, line) => {
    expect(parseAccessLogLine(line)).toBe('not a line of the common or combined log format');
  });

  it.each([
    '31/Feb/2015:10:05:03 +0000',
    '17/Mai/2015:10:05:03 +0000',
    '17/anF/2015:10:05:03 +0000',
    '17/May/2015:24:00:00 +0000',
    '17/May/2015:10:60:00 +0000',
    '2015-05-17T10:05:03Z',
  ])('refuses the time %s', (time) => {
    expect(parseAccessLogLine(`h - - [${time}] "GET / HTTP/1.1" 200 1`)).toBe(
      'not a time of the common log format',
    );
  });

  test.prop([fc.string({ maxLength: 300 })], { seed: 1, numRuns: 300 })(
    'says of any text what it is, and never throws',
    (text) => {
      expect(['string', 'object']).toContain(typeof parseAccessLogLine(text));
    },
  );

  it('takes no long time over a line made to be slow', () => {
    for (const piece of ['[', '[a] "', '\\"', '" "', '[17/May']) {
      const line = `h - ${piece.repeat(Math.floor(30_000 / piece.length))}`;
      expect(typeof parseAccessLogLine(line)).toBe('string');
    }
  });
});

describe('withoutHost', () => {
  it('replaces the host of what begins like a line, and nothing else', () => {
    const line = `pc7.example - - ${TIME} "GET /`;
    expect(withoutHost(line, () => 'h1')).toBe(`h1 - - ${TIME} "GET /`);
    expect(withoutHost('# a comment', () => 'h1')).toBe('# a comment');
    const error = '[Wed May 17] [error] [client] File does not exist';
    expect(withoutHost(error, () => 'h1')).toBe(error);
  });

  it('leaves out the user, also of a line that is cut', () => {
    const replaced = (line: string) => withoutHost(line, (host) => host.toUpperCase());
    expect(replaced(`pc7 - carol ${TIME} "GET`)).toBe(`PC7 - - ${TIME} "GET`);
    expect(replaced(`pc7 erin carol [x] y ${TIME} "`)).toBe(`PC7 - - ${TIME} "`);
    expect(replaced('pc7 - carol [17')).toBe('PC7 - - [17');
    expect(replaced('pc7 - carol')).toBe('PC7 - - ');
    expect(replaced(' pc7 -')).toBe('PC7 - - ');
  });

  it('takes no long time over a line made to be slow', () => {
    for (const piece of [' ', 'a ', '- ', '[1', '[17/', 'a [ ']) {
      const line = `h - ${piece.repeat(Math.floor(1_000_000 / piece.length))}`;
      expect(withoutHost(line, () => 'h')).toMatch(/^h - /);
    }
  });
});
