/** S69: a warehouse's file gives way to its successor only where nobody else works on it. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/kernel/errors.ts';
import { beginReplacing } from '../../../src/storage/warehouse/replace-file.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();

/** A database with one table of numbers, closed. */
function makeDatabase(path: string, numbers: readonly number[]): void {
  const database = new Database(path);
  database.exec('CREATE TABLE IF NOT EXISTS number (n)');
  for (const n of numbers) database.prepare('INSERT INTO number VALUES (?)').run(n);
  database.close();
}

function numbersOf(path: string): readonly unknown[] {
  const database = new Database(path, { readonly: true });
  const numbers = database.prepare('SELECT n FROM number ORDER BY n').pluck().all();
  database.close();
  return numbers;
}

function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(EngineError);
    expect(error).toMatchObject({ code: 'WAREHOUSE_UNWRITABLE', details: { reason: 'busy' } });
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

describe('S69: a warehouse is replaced', () => {
  it('by a file that had none before it, and by a changed copy', () => {
    const at = folder.fresh();
    const path = `${at}/w.sqlite`;
    const first = beginReplacing({ path });
    first.copyTo(`${at}/next`);
    expect(readdirSync(at)).toEqual([]);
    makeDatabase(`${at}/next`, [1]);
    first.replaceBy(`${at}/next`);
    expect(readdirSync(at)).toEqual(['w.sqlite']);
    const second = beginReplacing({ path });
    second.copyTo(`${at}/next`);
    makeDatabase(`${at}/next`, [2]);
    second.replaceBy(`${at}/next`);
    expect(numbersOf(path)).toEqual([1, 2]);
    expect(readdirSync(at)).toEqual(['w.sqlite']);
  });

  it('not where another process has made it meanwhile', () => {
    const at = folder.fresh();
    const path = `${at}/w.sqlite`;
    const replaced = beginReplacing({ path });
    makeDatabase(path, [1]);
    makeDatabase(`${at}/next`, [2]);
    expect(refusalOf(() => replaced.replaceBy(`${at}/next`))).toMatch(/has made it meanwhile/);
    expect(numbersOf(path)).toEqual([1]);
  });

  it('not where another process has written it, or replaced it, meanwhile', () => {
    const changes: readonly ((path: string, at: string) => void)[] = [
      (path) => makeDatabase(path, [2]),
      (path, at) => {
        makeDatabase(`${at}/other`, [1, 2]);
        renameSync(`${at}/other`, path);
      },
    ];
    for (const change of changes) {
      const at = folder.fresh();
      const path = `${at}/w.sqlite`;
      makeDatabase(path, [1]);
      const replaced = beginReplacing({ path });
      replaced.copyTo(`${at}/next`);
      change(path, at);
      expect(refusalOf(() => replaced.replaceBy(`${at}/next`))).toMatch(/has changed it meanwhile/);
      expect(numbersOf(path)).toEqual([1, 2]);
    }
  });

  it('not while somebody has it locked, at the beginning or at the end', () => {
    const at = folder.fresh();
    const path = `${at}/w.sqlite`;
    makeDatabase(path, [1]);
    const options = { path, lockTimeoutMs: 0 };
    const replaced = beginReplacing(options);
    replaced.copyTo(`${at}/next`);
    const holder = new Database(path);
    holder.exec('BEGIN EXCLUSIVE; INSERT INTO number VALUES (2)');
    expect(refusalOf(() => beginReplacing(options))).toMatch(/has it locked/);
    expect(refusalOf(() => replaced.replaceBy(`${at}/next`))).toMatch(/locked|changed/);
    holder.exec('COMMIT');
    holder.close();
    expect(numbersOf(path)).toEqual([1, 2]);
  });

  it('with what waits in a write-ahead log, which does not outlive it', () => {
    const at = folder.fresh();
    const path = `${at}/w.sqlite`;
    const crashed = `${at}/crashed`;
    const writer = new Database(crashed);
    writer.pragma('journal_mode = WAL');
    writer.exec('CREATE TABLE number (n); INSERT INTO number VALUES (1)');
    // What a process that is killed leaves: the file, and a log that nobody brought into it.
    for (const end of ['', '-wal']) writeFileSync(path + end, readFileSync(crashed + end));
    writer.close();
    const replaced = beginReplacing({ path });
    replaced.copyTo(`${at}/next`);
    expect(existsSync(`${path}-wal`)).toBe(false);
    makeDatabase(`${at}/next`, [2]);
    replaced.replaceBy(`${at}/next`);
    expect(numbersOf(path)).toEqual([1, 2]);
  });

  it('whatever it is: who opens its copy will say that it is no database', () => {
    const at = folder.fresh();
    writeFileSync(`${at}/w.sqlite`, 'no database');
    const replaced = beginReplacing({ path: `${at}/w.sqlite` });
    replaced.copyTo(`${at}/next`);
    expect(readFileSync(`${at}/next`, 'utf8')).toBe('no database');
  });

  it('S329 not by a copy that lacks what its write-ahead log has, which cannot be read', () => {
    const at = folder.fresh();
    const path = `${at}/w.sqlite`;
    const writer = new Database(`${at}/writer.sqlite`);
    writer.pragma('journal_mode = WAL');
    writer.exec('CREATE TABLE number (n)');
    writer.exec('INSERT INTO number VALUES (1)');
    // As a process leaves it that dies.
    copyFileSync(`${at}/writer.sqlite`, path);
    copyFileSync(`${at}/writer.sqlite-wal`, `${path}-wal`);
    writer.close();
    mkdirSync(`${path}-shm`);
    expect(() => beginReplacing({ path })).toThrow(
      /^WAREHOUSE_UNWRITABLE: .*SQLite refused \(.*\); nothing was changed; mend that/,
    );
    rmdirSync(`${path}-shm`);
    const replaced = beginReplacing({ path });
    replaced.copyTo(`${at}/next`);
    expect(numbersOf(`${at}/next`)).toEqual([1]);
  });
});
