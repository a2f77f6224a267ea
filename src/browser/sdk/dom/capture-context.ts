/** What the watchers of a page share: the way to the SDK, clocks, and listeners that are all taken
 * away again. An error in a watcher is counted, and harms nobody else on the page. Spec: B17. */
import type { TrackedEventData, TrackedEventType } from '../../../domain/tracked-event.ts';
import type { BrowserEnvironment } from '../environment.ts';
import type { ShownPage } from '../options.ts';

/** One kind of autocapture. */
export interface Watcher {
  /** Another page begins in this document, or the document comes back. */
  pageBegan?(): void;
  /** The page is over: tell what is left to tell of it. */
  pageEnds?(): void;
  /** The document may be about to end for good. */
  leaving?(): void;
  /** The document is in sight, or no longer. */
  visible?(isVisible: boolean): void;
  /** Elements came, went, or changed their names. */
  documentChanged?(): void;
  stop?(): void;
}

/** What a watcher works with. */
export interface CaptureContext {
  readonly win: Window & typeof globalThis;
  readonly environment: BrowserEnvironment;
  /** Captures, with the page's name. @param agoMs - It happened so long ago. */
  capture(type: TrackedEventType, data: TrackedEventData, agoMs?: number): void;
  /** What is shown now. */
  page(): ShownPage;
  /** Listens until the SDK stops; before the page's own listeners. */
  listen(target: EventTarget, type: string, listener: (event: Event) => void): void;
  /** Like the environment's, and called off when the SDK stops. */
  later(delayMs: number, call: () => void): () => void;
  /** Tells the other watchers. */
  tell(what: 'pageBegan' | 'pageEnds'): void;
}

/** Keeps errors in, counted. */
export interface Guard {
  run(act: () => void): void;
  readonly errors: number;
}

/** Makes a guard. */
export function createGuard(): Guard {
  let errors = 0;
  return {
    run(act) {
      try {
        act();
      } catch {
        errors += 1;
      }
    },
    get errors() {
      return errors;
    },
  };
}

/** Whatever is to be undone at the end. */
export interface Undoing {
  add(undo: () => void): () => void;
  all(): void;
}

/** Makes a list of what is to be undone. */
export function createUndoing(guard: Guard): Undoing {
  const undos = new Set<() => void>();
  return {
    add(undo) {
      undos.add(undo);
      return () => {
        if (undos.delete(undo)) guard.run(undo);
      };
    },
    all() {
      for (const undo of undos) guard.run(undo);
      undos.clear();
    },
  };
}
