/** Window state as plain data and back: cells column by column, in the order in which their owner
 * holds them. Timers are not kept, as they follow from the cells. Spec: W22. */
import type { PlainValue } from '../../../domain/plain-value.ts';
import { refuseSnapshot, savedNumber } from '../../watermarks/saved-number.ts';
import type { Pane } from '../window-operator.ts';
import { ALARM_US, END_US, NEWS, PANES, START_US } from './cell-store.ts';
import type { PaneDesk } from './pane-desk.ts';

const SCHEMA = 'backlot.windows/1';

/** A number as plain data: JSON has no infinities. */
type SavedNumber = number | string;

interface SavedWindows {
  readonly schema: string;
  /** The settings of the operator that was saved: no other takes it. */
  readonly window: string;
  readonly watermarkUs: SavedNumber;
  readonly processTimeUs: SavedNumber;
  readonly counts: Readonly<Record<string, number>>;
  readonly cells: SavedCells;
}

interface SavedCells {
  readonly key: readonly string[];
  readonly startUs: readonly number[];
  readonly endUs: readonly number[];
  readonly acc: readonly PlainValue[];
  readonly news: readonly number[];
  readonly panes: readonly number[];
  readonly settledPanes: readonly number[];
  /** Empty where no early trigger goes by time. */
  readonly alarmUs: readonly SavedNumber[];
  /** Empty unless retracting. */
  readonly told: readonly (readonly Pane<PlainValue>[])[];
}

/** Saves the cells at `slots`, in that order, and what the desk knows. */
export function saveWindows<Row, Acc, Result>(
  desk: PaneDesk<Row, Acc, Result>,
  slots: readonly number[],
): PlainValue {
  const { store, settings, aggregator } = desk;
  const { records } = store;
  const numbers = (field: number) => slots.map((cell) => records[cell + field] as number);
  const cells: SavedCells = {
    key: slots.map((cell) => store.key(cell)),
    startUs: numbers(START_US),
    endUs: numbers(END_US),
    acc: slots.map((cell) => aggregator.save(store.acc(cell))),
    news: numbers(NEWS),
    panes: numbers(PANES),
    settledPanes: slots.map((cell) => store.settledPanes(cell)),
    alarmUs: settings.alarm === null ? [] : numbers(ALARM_US).map(savedNumber),
    told:
      settings.accumulation === 'retracting'
        ? slots.map((cell) => [...(store.told(cell) as readonly Pane<PlainValue>[])])
        : [],
  };
  const saved: SavedWindows = {
    schema: SCHEMA,
    window: fingerprint(desk),
    watermarkUs: savedNumber(desk.watermarkUs),
    processTimeUs: savedNumber(desk.processTimeUs),
    counts: { ...desk.counts },
    cells,
  };
  return saved as unknown as PlainValue;
}

/** What an owner of cells does when they come back. */
export interface WindowsOwner {
  /** Forgets everything; called once what was saved is known to be right. */
  clear(): void;
  /** Takes a cell into its index. Cells come in the order in which they were saved. */
  onCell(cell: number): void;
}

/** Puts saved state in place of a desk's.
 * @throws EngineError `SNAPSHOT_REFUSED`; nothing has changed then. */
export function loadWindows<Row, Acc, Result>(
  desk: PaneDesk<Row, Acc, Result>,
  plain: PlainValue,
  owner: WindowsOwner,
): void {
  const saved = readSaved(desk, plain);
  const { cells } = saved;
  const accs = cells.acc.map((acc) => desk.aggregator.load(acc));
  owner.clear();
  const { store } = desk;
  desk.watermarkUs = Number(saved.watermarkUs);
  desk.processTimeUs = Number(saved.processTimeUs);
  Object.assign(desk.counts, saved.counts);
  cells.key.forEach((key, i) => {
    const cell = store.open(key, cells.startUs[i] as number, cells.endUs[i] as number);
    store.setAcc(cell, accs[i] as Acc);
    store.records[cell + NEWS] = cells.news[i] as number;
    store.records[cell + PANES] = cells.panes[i] as number;
    store.setSettledPanes(cell, cells.settledPanes[i] as number);
    const told = cells.told[i] ?? [];
    if (told.length > 0) store.setTold(cell, [...told]);
    desk.setAlarm(cell, Number(cells.alarmUs[i] ?? Number.POSITIVE_INFINITY));
    owner.onCell(cell);
  });
}

function readSaved<Row, Acc, Result>(
  desk: PaneDesk<Row, Acc, Result>,
  plain: PlainValue,
): SavedWindows {
  const saved = plain as Partial<SavedWindows> | null;
  if (saved?.schema !== SCHEMA)
    refuseSnapshot('windows', `schema is ${JSON.stringify(saved?.schema)}, not ${SCHEMA}`);
  const { window, cells, counts } = saved as SavedWindows;
  const own = fingerprint(desk);
  if (window !== own) refuseSnapshot('windows', `it is of windows ${window}, and these are ${own}`);
  const length = cells?.key?.length;
  const columns = [cells?.startUs, cells?.endUs, cells?.acc, cells?.news, cells?.panes];
  const isWhole = [...columns, cells?.settledPanes].every((column) => column?.length === length);
  if (length === undefined || !isWhole || typeof counts !== 'object')
    refuseSnapshot('windows', 'it is incomplete');
  return saved as SavedWindows;
}

function fingerprint<Row, Acc, Result>({ settings }: PaneDesk<Row, Acc, Result>): string {
  return JSON.stringify(settings, (_, value: unknown) =>
    typeof value === 'number' ? savedNumber(value) : value,
  );
}
