/** Removes network addresses from text that must be kept: bad rows, paths. */

/** Four dotted or dashed numbers, as in addresses and in host names made of them. */
const IPV4 = /(?<!\d)(?:\d{1,3}[.-]){3}\d{1,3}(?!\d)/g;
/** Two or more colons between groups of hexadecimal digits, with at least one letter or `::`. */
const IPV6 =
  /(?<![\da-f:])(?=[\da-f:]*(?:::|[a-f]))(?:[\da-f]{0,4}:){2,7}[\da-f]{0,4}(?![\da-f:])/gi;

/** What stands for an address. */
export const REDACTED_ADDRESS = '[address]';

/** The text without IPv4 and IPv6 addresses. Cost O(length). */
export function redactAddresses(text: string): string {
  return text.replace(IPV4, REDACTED_ADDRESS).replace(IPV6, REDACTED_ADDRESS);
}
