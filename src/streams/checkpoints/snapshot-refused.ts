/** What is said of saved state that does not fit: nothing is restored then. */
import type { PlainValue } from '../../domain/plain-value.ts';
import { EngineError } from '../../kernel/errors.ts';
import { readSavedNumber } from '../watermarks/saved-number.ts';

/** The error for one problem of a saved state. */
export function snapshotRefused(problem: string): EngineError<'SNAPSHOT_REFUSED'> {
  return new EngineError(
    'SNAPSHOT_REFUSED',
    `${problem}; go on with the definition and version that saved it, or start from nothing`,
    { problems: [problem] },
  );
}

/** Reads saved plain data field by field. Every method throws `SNAPSHOT_REFUSED` with the place
 * where it does not find what it asks for. */
export interface SavedFields {
  number(name: string): number;
  /** A number, or the text of −∞ or +∞. */
  time(name: string): number;
  text(name: string): string;
  flag(name: string): boolean;
  /** Anything, for whoever knows how to read it. */
  value(name: string): PlainValue;
  list(name: string): readonly PlainValue[];
  fields(name: string): SavedFields;
  /** Names and numbers of an object. */
  counts(name: string): ReadonlyMap<string, number>;
}

/** Opens an object. @param place - Whose state it is, for the message. */
export function savedFields(saved: PlainValue | undefined, place: string): SavedFields {
  if (typeof saved !== 'object' || saved === null || Array.isArray(saved)) {
    throw snapshotRefused(`${place}: ${shown(saved)} is no object`);
  }
  const object = saved as { readonly [name: string]: PlainValue };
  const wrong = (name: string, kind: string) =>
    snapshotRefused(`${place}.${name}: ${shown(object[name])} is no ${kind}`);
  const own = (name: string) => (Object.hasOwn(object, name) ? object[name] : undefined);
  return {
    number(name) {
      const value = own(name);
      if (typeof value !== 'number') throw wrong(name, 'number');
      return value;
    },
    time: (name) => readSavedNumber(own(name), `${place}.${name}`),
    text(name) {
      const value = own(name);
      if (typeof value !== 'string') throw wrong(name, 'text');
      return value;
    },
    flag(name) {
      const value = own(name);
      if (typeof value !== 'boolean') throw wrong(name, 'flag');
      return value;
    },
    value(name) {
      const value = own(name);
      if (value === undefined) throw wrong(name, 'value');
      return value;
    },
    list(name) {
      const value = own(name);
      if (!Array.isArray(value)) throw wrong(name, 'list');
      return value;
    },
    fields: (name) => savedFields(own(name), `${place}.${name}`),
    counts(name) {
      const value = own(name);
      if (typeof value !== 'object' || value === null) throw wrong(name, 'object of counts');
      const entries = Object.entries(value);
      if (entries.some(([, count]) => typeof count !== 'number')) {
        throw wrong(name, 'object of counts');
      }
      return new Map(entries as [string, number][]);
    },
  };
}

function shown(value: PlainValue | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 60);
}
