/** Who may look and who may act: two secrets of a server, compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** The secrets; each is shown to nobody but whom it is given to. */
export interface DashboardTokens {
  /** Permits looking. Undefined: whoever reaches the server may look. */
  readonly read?: string | undefined;
  /** Permits looking and acting. Undefined: nobody may act. */
  readonly act?: string | undefined;
}

/** What a visitor may do. */
export type AccessRight = 'none' | 'read' | 'act';

const TOKEN_BYTES = 16;

/** A new secret: 128 random bits in 22 letters that are safe in URLs. */
export function createAccessToken(): string {
  return randomBytes(TOKEN_BYTES).toString('base64url');
}

/** What the header permits. Spec: L64.
 * @param authorization - The header of the request, like `Bearer …`. */
export function accessRight(
  tokens: DashboardTokens,
  authorization: string | undefined,
): AccessRight {
  const given = /^Bearer ([\w.~+/=-]{1,200})$/i.exec(authorization ?? '')?.[1] ?? '';
  const mayAct = isSecret(tokens.act, given);
  const mayRead = isSecret(tokens.read, given);
  if (mayAct) return 'act';
  return mayRead || tokens.read === undefined ? 'read' : 'none';
}

/** Digests have one length, so that neither length nor content of the secret shows in time. */
function isSecret(secret: string | undefined, given: string): boolean {
  const isEqual = timingSafeEqual(digest(secret ?? ''), digest(given));
  return isEqual && secret !== undefined && secret !== '';
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
