/** A memory of a pure function's answers, bounded: two generations, so that what is asked again and
 * again stays, and the rest is forgotten. It changes how fast an answer comes, never the answer. */

/** Makes a function that remembers. @param entriesMax - Of one generation; there are two. */
export function remembering<Value>(
  entriesMax: number,
  compute: (key: string) => Value,
): (key: string) => Value {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  return (key) => {
    const known = young.get(key);
    if (known !== undefined || young.has(key)) return known as Value;
    const value = old.has(key) ? (old.get(key) as Value) : compute(key);
    if (young.size >= entriesMax) {
      old = young;
      young = new Map();
    }
    young.set(key, value);
    return value;
  };
}
