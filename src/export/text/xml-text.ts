/** Text in XML 1.0. What a document must not hold at all, not even escaped (most control
 * characters, lone surrogates, U+FFFE and U+FFFF), becomes the replacement character.
 * Source: W3C XML 1.0, production [2] Char. */

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text between tags or in an attribute of double or single quotes; line breaks and tabs survive
 * both. */
export function xmlText(text: string): string {
  return legalXml(text)
    .replaceAll(/[&<>"']/g, (one) => ESCAPES[one] ?? one)
    .replaceAll(/[\t\n\r]/g, (one) => `&#${one.charCodeAt(0)};`);
}

/** ` name="value"` for every attribute that has a value. */
export function xmlAttributes(
  attributes: Readonly<Record<string, string | number | undefined>>,
): string {
  return Object.entries(attributes)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [` ${name}="${xmlText(String(value))}"`],
    )
    .join('');
}

function legalXml(text: string): string {
  // By code point: a lone surrogate is one of its own, a pair is none.
  return Array.from(text, (one) => (isLegal(one.codePointAt(0) ?? 0) ? one : '\uFFFD')).join('');
}

function isLegal(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  if (code >= 0x7f && code <= 0x9f) return code === 0x85;
  if (code >= 0xd800 && code <= 0xdfff) return false;
  return code !== 0xfffe && code !== 0xffff;
}
