/** One text in a store that may be full, forbidden or gone: every failure is counted and survived.
 * Short texts are written at once; long ones, of a queue that grew offline, at most once a second
 * and whenever something is sent or the page may end: a text of 400 kB for each click would cost
 * milliseconds. Spec: B9, B10. */
import type { BrowserEnvironment, TextStore } from '../environment.ts';

/** A kept text. */
export interface KeptText {
  /** What the store holds; null for nothing. */
  read(): string | null;
  /** Keeps a text, made when it is written. */
  write(make: () => string): void;
  /** Writes what waits. */
  flush(): void;
  /** Lets go of it: what waits is not written. */
  letGo(): void;
  remove(): void;
  /** What the store holds as far as this tab knows; null for nothing. */
  readonly written: string | null;
  /** Whether the last text could be written. */
  readonly isWritten: boolean;
  /** Writes that failed. */
  readonly failures: number;
}

const LONG_TEXT = 32_768;
const PAUSE_MS = 1_000;

/** Keeps a text under a key. */
export function keepText(
  environment: Pick<BrowserEnvironment, 'later'>,
  store: TextStore,
  key: string,
): KeptText {
  let written: string | null = null;
  let isWritten = true;
  let failures = 0;
  let waiting: (() => string) | undefined;
  let callOff: (() => void) | undefined;
  const flush = () => {
    callOff?.();
    callOff = undefined;
    if (waiting === undefined) return;
    const text = waiting();
    waiting = undefined;
    isWritten = attempt(() => store.setItem(key, text));
    if (isWritten) written = text;
    else failures += 1;
  };
  const letGo = () => {
    callOff?.();
    callOff = undefined;
    waiting = undefined;
  };
  return {
    read() {
      attempt(() => {
        written = store.getItem(key);
      });
      return written;
    },
    write(make) {
      waiting = make;
      if (written === null || written.length < LONG_TEXT) flush();
      else callOff ??= environment.later(PAUSE_MS, flush);
    },
    flush,
    letGo,
    remove() {
      letGo();
      written = null;
      isWritten = true;
      attempt(() => store.removeItem(key));
    },
    get written() {
      return written;
    },
    get isWritten() {
      return isWritten && waiting === undefined;
    },
    get failures() {
      return failures;
    },
  };
}

/** Does what may throw. @returns whether it did not. */
export function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
