/** The changes on the way in and out of a service. */
import { parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { rewritten } from '../../../../src/gateway/plan/data/rewrites.ts';
import { typeIndexOfSupergraph } from '../../../../src/gateway/plan/data/type-index.ts';
import { deepFreeze } from '../../../../src/gateway/plan/freeze.ts';

const types = typeIndexOfSupergraph(
  parse(`interface Node { id: ID }
    type User @join__implements(graph: A, interface: "Node") { id: ID }
    type Other { id: ID }`),
);

describe('rewritten', () => {
  it('G8: sets a value where the type fits, possible types of an interface included', () => {
    const rewrite = {
      ValueSetter: {
        path: [{ TypenameEquals: ['Node'] }, { Key: '__typename' }],
        setValueTo: 'Node',
      },
    };
    const user = deepFreeze({ __typename: 'User', id: '1' });
    expect(rewritten(user, [rewrite], types)).toEqual({ __typename: 'Node', id: '1' });
    expect(user.__typename).toBe('User');
    const other = { __typename: 'Other', id: '1' };
    expect(rewritten(other, [rewrite], types)).toBe(other);
    expect(rewritten({ id: '1' }, [rewrite], types)).toEqual({ id: '1' });
  });

  it('G8: renames a key at the end of a way through lists, and shares the rest', () => {
    const rewrite = {
      KeyRenamer: {
        path: [{ Key: 'items' }, { TypenameEquals: ['User'] }, { Key: '_a' }],
        renameKeyTo: 'a',
      },
    };
    const data = deepFreeze({
      items: [{ __typename: 'User', _a: 1, a: 'old' }, { __typename: 'Other', _a: 2 }, null],
      more: { b: 1 },
    });
    const result = rewritten(data, [rewrite], types);
    expect(result).toEqual({
      items: [{ __typename: 'User', a: 1 }, { __typename: 'Other', _a: 2 }, null],
      more: { b: 1 },
    });
    expect(result.more).toBe(data.more);
  });
});
