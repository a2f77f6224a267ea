/** Removes network addresses from text that must be kept: bad rows, paths. */

/** Four dotted or dashed numbers, as in addresses and in host names made of them. */
const IPV4 = /(?<!\d)(?:\d{1,3}[.-]){3}\d{1,3}(?!\d)/g;
/** Groups of hexadecimal digits: six to eight in full (also hardware addresses, and what is left
 * of an address that ends like IPv4), or any number around `::`. Colons may be percent-encoded.
 * Every repetition is bounded, so that the cost is linear. */
const COLON = '(?::|%3a)';
const GROUPS = `[\\da-f]{1,4}(?:${COLON}[\\da-f]{1,4})`;
const IPV6 = new RegExp(`(?:${GROUPS}{0,6})?${COLON}{2}(?:${GROUPS}{0,6})?|${GROUPS}{5,7}`, 'gi');

/** What stands for an address. */
export const REDACTED_ADDRESS = '[address]';

/** The text without IPv4 and IPv6 addresses. Cost O(length). */
export function redactAddresses(text: string): string {
  return text.replace(IPV4, REDACTED_ADDRESS).replace(IPV6, REDACTED_ADDRESS);
}
