/** Files of JSON values, one after the other: a value a line, or one array of them, or bodies
 * written over many lines. A value that is broken costs itself, not the file. */
import { readLines, readText, unreadable } from '../../inputs/input-file.ts';

/** Longest value in UTF-16 units: the largest body that collectors take. */
const VALUE_LENGTH_MAX = 4_194_304;

/** Texts of the values of a file, in order. @param isByLine - Where every line is a value, a broken
 * one ends with its line.
 * @throws EngineError `INPUT_UNREADABLE`, also for a value of more than 4 MiB. */
export async function* readJsonTexts(
  path: string,
  options: { readonly isByLine: boolean; readonly onBytes: (read: number) => void },
): AsyncGenerator<string> {
  if (options.isByLine) {
    for await (const line of readLines(path, options.onBytes)) if (line.trim() !== '') yield line;
    return;
  }
  const splitter = new JsonSplitter();
  for await (const text of readText(path, options.onBytes)) {
    yield* splitter.push(text);
    if (splitter.pendingLength > VALUE_LENGTH_MAX) {
      throw unreadable(path, 'it has a value of more than 4 MiB; name a file of events');
    }
  }
  yield* splitter.end();
}

/** Cuts text into JSON values, elements of arrays on the outside taken one by one. Whether a value
 * is valid is not its business: it counts brackets outside of strings. */
export class JsonSplitter {
  #pending = '';
  /** Open brackets, the outer array's among them. */
  #depth = 0;
  #isInArray = false;
  #isInText = false;
  #isEscaped = false;

  get pendingLength(): number {
    return this.#pending.length;
  }

  /** @returns the values that the text ends. */
  push(text: string): readonly string[] {
    const values: string[] = [];
    let start = 0;
    const take = (end: number) => {
      const value = (this.#pending + text.slice(start, end)).trim();
      if (value !== '') values.push(value);
      this.#pending = '';
      start = end;
    };
    for (let i = 0; i < text.length; i += 1) {
      const cut = this.#step(text[i] ?? '');
      if (cut === 'after') take(i + 1);
      if (cut === 'without') {
        take(i);
        start = i + 1;
      }
    }
    this.#pending += text.slice(start);
    return values;
  }

  /** @returns what was left over: a value cut short. */
  end(): readonly string[] {
    const rest = this.#pending.trim();
    this.#pending = '';
    return rest === '' ? [] : [rest];
  }

  /** Whether a value ends here: with this character, or before it. */
  #step(character: string): 'after' | 'without' | undefined {
    if (this.#isInText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (character === '\\') this.#isEscaped = true;
      else if (character === '"') this.#isInText = false;
      return undefined;
    }
    switch (character) {
      case '"':
        this.#isInText = this.#depth > 0;
        return undefined;
      case '[':
      case '{':
        return this.#open(character);
      case ']':
      case '}':
        return this.#close();
      case ',':
        return this.#isInArray && this.#depth === 1 ? 'without' : undefined;
      case '\n':
        return this.#depth === 0 ? 'without' : undefined;
      default:
        return undefined;
    }
  }

  #open(character: '[' | '{'): 'without' | undefined {
    this.#depth += 1;
    if (this.#depth > 1 || character === '{') return undefined;
    this.#isInArray = true;
    return 'without';
  }

  #close(): 'after' | 'without' | undefined {
    this.#depth = Math.max(0, this.#depth - 1);
    if (this.#depth > 0) return undefined;
    const wasInArray = this.#isInArray;
    this.#isInArray = false;
    return wasInArray ? 'without' : 'after';
  }
}
