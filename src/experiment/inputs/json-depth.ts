/** How deep a JSON text nests, told before anything walks through its value: what recurses would
 * run out of stack on a line of nothing but brackets. */

/** Objects and arrays inside each other that no honest record has. */
const DEPTH_MAX = 512;

/** Whether brackets outside of strings nest more than 512 deep. Cost O(length), nothing for a text
 * that is too short for it. */
export function isNestedTooDeeply(text: string): boolean {
  if (text.length <= 2 * DEPTH_MAX) return false;
  let depth = 0;
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i];
    if (character === '"') {
      i = endOfString(text, i);
    } else if (character === '[' || character === '{') {
      depth += 1;
      if (depth > DEPTH_MAX) return true;
    } else if (character === ']' || character === '}') {
      depth -= 1;
    }
  }
  return false;
}

/** Where the string ends that begins at `start`. */
function endOfString(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length && text[i] !== '"') i += text[i] === '\\' ? 2 : 1;
  return i;
}
