/** Leaf values as the public schema allows them: services are strangers, and an enum value may be
 * one that clients must not see. Spec: G10. */
import { type GraphQLLeafType, isEnumType } from 'graphql';
import { type Complete, violateType } from './trail.ts';

const INT_MAX = 2_147_483_647;

/** What a built-in scalar becomes; undefined where the value is none. */
const SCALARS: Readonly<Record<string, (value: unknown) => unknown>> = {
  Int: (value) =>
    Number.isInteger(value) && Math.abs(Number(value) + 0.5) <= INT_MAX + 0.5 ? value : undefined,
  Float: (value) => (Number.isFinite(value) ? value : undefined),
  String: (value) => (typeof value === 'string' ? value : undefined),
  Boolean: (value) => (typeof value === 'boolean' ? value : undefined),
  ID: (value) => {
    if (typeof value === 'string') return value;
    return Number.isInteger(value) ? String(value) : undefined;
  },
};

/** Compiles the check of a leaf. Custom scalars carry whatever the service says. */
export function completeLeaf(type: GraphQLLeafType): Complete {
  if (isEnumType(type)) {
    const names = new Set(type.getValues().map(({ name }) => name));
    const message = `A service answered a value that the enum "${type.name}" does not have.`;
    return (value, trail) => {
      if (value === null || value === undefined) return null;
      return names.has(value as string) ? value : violateType(trail, message);
    };
  }
  const read = Object.hasOwn(SCALARS, type.name) ? SCALARS[type.name] : undefined;
  if (read === undefined) return (value) => value ?? null;
  return (value, trail) => {
    if (value === null || value === undefined) return null;
    const result = read(value);
    if (result !== undefined) return result;
    return violateType(trail, `A service answered ${shown(value)} where "${type.name}" is due.`);
  };
}

function shown(value: unknown): string {
  if (typeof value === 'object') return 'an object or list';
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}
