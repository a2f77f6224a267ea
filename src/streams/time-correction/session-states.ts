/** State by session, bounded: sessions that were not seen for a while are forgotten, two
 * generations at a time. What it forgets hangs on how many came since, never on a clock. */
import type { PlainValue } from '../../domain/plain-value.ts';

/** States of sessions. */
export interface SessionStates<State> {
  /** @returns undefined for a session that is new or forgotten. */
  get(sessionId: string): State | undefined;
  set(sessionId: string, state: State): void;
  snapshot(): PlainValue;
  /** @returns false where the value is no snapshot; then nothing has changed. */
  restore(saved: PlainValue, read: (state: PlainValue) => State | undefined): boolean;
}

/** Makes the states. @param sessionsMax - Sessions of one generation; at most twice as many live.
 * @param write - A state as plain data. */
export function createSessionStates<State>(
  sessionsMax: number,
  write: (state: State) => PlainValue,
): SessionStates<State> {
  let young = new Map<string, State>();
  let old = new Map<string, State>();
  const set = (sessionId: string, state: State) => {
    if (young.size >= sessionsMax && !young.has(sessionId)) {
      old = young;
      young = new Map();
    }
    young.set(sessionId, state);
  };
  const written = (states: ReadonlyMap<string, State>) =>
    [...states].map(([sessionId, state]) => [sessionId, write(state)]);
  return {
    get(sessionId) {
      const state = young.get(sessionId);
      if (state !== undefined) return state;
      const remembered = old.get(sessionId);
      if (remembered !== undefined) set(sessionId, remembered);
      return remembered;
    },
    set,
    snapshot: () => [written(young), written(old)],
    restore(saved, read) {
      const generations = Array.isArray(saved) ? saved.map((one) => readAll(one, read)) : [];
      const [first, second] = generations;
      if (generations.length !== 2 || first === undefined || second === undefined) return false;
      young = first;
      old = second;
      return true;
    },
  };
}

function readAll<State>(
  saved: PlainValue,
  read: (state: PlainValue) => State | undefined,
): Map<string, State> | undefined {
  if (!Array.isArray(saved)) return undefined;
  const states = new Map<string, State>();
  for (const entry of saved as readonly PlainValue[]) {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string') return undefined;
    const state = read(entry[1] as PlainValue);
    if (state === undefined) return undefined;
    states.set(entry[0], state);
  }
  return states;
}

/** Reads a state that is a list of finite numbers. @returns undefined for anything else. */
export function readNumbers(saved: PlainValue, length: number): readonly number[] | undefined {
  if (!Array.isArray(saved) || saved.length !== length) return undefined;
  return saved.every((one) => Number.isFinite(one)) ? (saved as readonly number[]) : undefined;
}
