/** The network of a client: all of its address that a lake keeps, written as an address, so that
 * countries can still be looked up. IPv4 keeps 24 bits, IPv6 48. */

const IPV4 = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/;
const HEXTET = /^[\da-f]{1,4}$/i;

/** @returns the network's first address; empty for what is no address. */
export function networkAddress(address: string): string {
  const ipv4 = IPV4.exec(address);
  if (ipv4 !== null) return `${ipv4[1]}.0`;
  const [head = '', ...rest] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (!address.includes(':') || rest.length > 1 || !groups.every((group) => HEXTET.test(group))) {
    return '';
  }
  const kept = [...groups, '0', '0', '0'].slice(0, 3);
  return `${kept.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::`;
}
