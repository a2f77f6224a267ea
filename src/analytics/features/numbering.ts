/** Numbers names in the order in which they come. */
export interface Numbering {
  of(name: string): number;
  names(): readonly string[];
}

/** A fresh one. */
export function createNumbering(): Numbering {
  const numbers = new Map<string, number>();
  return {
    of(name) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, numbers.size);
      return numbers.size - 1;
    },
    names: () => [...numbers.keys()],
  };
}
