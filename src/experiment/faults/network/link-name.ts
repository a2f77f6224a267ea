/** Links are named by who answers at their end, as scenarios name them: gateways by their
 * architecture. A service without a server of its own has no link. Spec: E440. */

const BY_SERVER: Readonly<Record<string, string>> = { gateway: 'aggregation', router: 'federated' };

/** Name of the link to a server. */
export function linkNameOf(server: string): string {
  return BY_SERVER[server] ?? server;
}
