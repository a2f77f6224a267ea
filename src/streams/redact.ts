/** Removes network and mail addresses from text that must be kept: bad rows, paths. */

/** Four dotted or dashed numbers, as in addresses and in host names made of them. The dots may be
 * percent-encoded. */
const IPV4 = /(?<!\d)(?:\d{1,3}(?:[.-]|%2e)){3}\d{1,3}(?!\d)/gi;
/** Groups of hexadecimal digits: six to eight in full (also hardware addresses, and what is left
 * of an address that ends like IPv4), or any number around `::`. Colons may be percent-encoded.
 * Every repetition is bounded, so that the cost is linear. */
const COLON = '(?::|%3a)';
const GROUPS = `[\\da-f]{1,4}(?:${COLON}[\\da-f]{1,4})`;
const IPV6 = new RegExp(`(?:${GROUPS}{0,6})?${COLON}{2}(?:${GROUPS}{0,6})?|${GROUPS}{5,7}`, 'gi');
/** A mail address, its sign percent-encoded or not; as much of a long one as can belong to it. */
const MAIL =
  /[\p{L}\p{N}._%+'-]{1,64}(?:@|%40)(?:[\p{L}\p{N}-]{1,63}\.){1,8}[\p{L}\p{N}-]{1,63}/giu;
const MAIL_SIGN = /@|%40/;

/** What stands for an address. */
export const REDACTED_ADDRESS = '[address]';

/** The text without mail addresses, IPv4 and IPv6 addresses. Cost O(length). */
export function redactAddresses(text: string): string {
  const mailless = MAIL_SIGN.test(text) ? text.replace(MAIL, REDACTED_ADDRESS) : text;
  return mailless.replace(IPV4, REDACTED_ADDRESS).replace(IPV6, REDACTED_ADDRESS);
}
