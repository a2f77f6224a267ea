/** What is stored, as ledgers count it. */
import { expect, it } from 'vitest';
import { readStoredCounts } from '../../../src/experiment/results/warehouse-figures.ts';
import { badRow, batchOf, fact, warehouseWith } from '../../storage/warehouse-builder.ts';

const bad = (offset: number, payload: object | string) =>
  badRow({ offset, payload: typeof payload === 'string' ? payload : JSON.stringify(payload) });

it('T47: an event that came again and was refused then is no bad event where it is a fact', () => {
  const warehouse = warehouseWith([fact({ id: 'e1' })]);
  warehouse.commit(
    batchOf({
      badRows: [
        bad(1, { id: 'e1', schema: 'another' }),
        bad(2, { id: 'e2', schema: 'one' }),
        bad(3, { id: 'e2', schema: 'another' }),
        bad(4, 'no JSON'),
        bad(5, 'no JSON'),
      ],
    }),
  );
  expect(readStoredCounts(warehouse)).toMatchObject({ facts: 1, badRows: 5, badEvents: 2 });
  warehouse.close();
});
