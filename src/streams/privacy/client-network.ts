/** From a client's address to the network that it belongs to: IPv4 cut to /24, IPv6 to /48, as the
 * Article 29 Working Party's advice and Snowplow's IP anonymisation have it. */

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.\d{1,3}$/;
const IPV4_MAPPED = /^::ffff:(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/i;
const GROUP = /^[\da-f]{1,4}$/i;
/** Groups of sixteen bits that are kept of an IPv6 address: 48 bits. */
const GROUPS_KEPT = 3;
const GROUPS = 8;

/** The network's own digits, like `192.0.2` or `2001:db8:7`, so that no text that is kept reads
 * like an address; empty for what is none. A zone (`%eth0`) and an IPv4 tail are cut off too. */
export function clientNetwork(address: string): string {
  const v4 = IPV4.exec(IPV4_MAPPED.exec(address)?.[1] ?? address);
  if (v4 !== null) {
    const parts = v4.slice(1, 4).map(Number);
    return parts.every((part) => part <= 255) ? parts.join('.') : '';
  }
  if (!address.includes(':')) return '';
  const groups = ipv6Groups(address.replace(/%.*$/, ''));
  if (groups === undefined) return '';
  const kept = groups.slice(0, GROUPS_KEPT);
  return kept.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}

/** All eight groups, or undefined for what is no address. */
function ipv6Groups(address: string): readonly string[] | undefined {
  const halves = address.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const last = (halves.length === 2 ? tail : head).at(-1);
  if (last?.includes('.')) {
    (halves.length === 2 ? tail : head).splice(-1, 1, '0', '0');
  }
  const missing = GROUPS - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...new Array<string>(missing).fill('0'), ...tail];
  return groups.every((group) => GROUP.test(group)) ? groups : undefined;
}
