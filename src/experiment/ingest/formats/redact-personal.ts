/** Text that is kept of foreign payloads: without network addresses and e-mail addresses. */
import { redactAddresses } from '../../../streams/redact.ts';

/** Every repetition is bounded, so that the cost is linear. The sign may be percent-encoded. */
const EMAIL =
  /[\p{L}\p{N}_.+%-]{1,64}(?:@|%40)[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/giu;

/** Longest text that validation lets through. */
export const MAX_TEXT = 2_048;

/** The text without addresses of networks or people. Cost O(length). */
export function redactPersonal(text: string): string {
  return redactAddresses(text.replace(EMAIL, '[email]'));
}
