/** Catalogues from files: a streaming service's titles as CSV (columns of the Netflix list of
 * 2021), or films as JSON (Wikipedia's lists). Told apart by content. The order of the file is
 * taken as the order of popularity: neither file says more. */
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Catalogue, Person, Title } from '../../domain/catalogue.ts';
import { hashText } from '../../kernel/hash.ts';
import { readWhole, unreadable } from './input-file.ts';

/** Running times where a file gives none: a film's, and an episode's. */
const DEFAULT_FILM_MINUTES = 100;
const DEFAULT_EPISODE_MINUTES = 45;
const STUDIO_COUNT = 40;
const CSV_COLUMNS = ['show_id', 'type', 'title', 'director', 'cast', 'country', 'duration'];

/** Reads a catalogue.
 * @throws EngineError `INPUT_UNREADABLE` for a missing, empty or malformed file. */
export async function readCatalogueFile(path: string): Promise<Catalogue> {
  const text = (await readWhole(path)).replace(/^\uFEFF/, '');
  const isJson = /^\s*\[/.test(text);
  const rows = isJson ? parseJson(path, text) : parseCsv(path, text);
  if (rows.length === 0) throw unreadable(path, 'it lists no titles; name a catalogue');
  const people = new PeopleBook();
  const titles = rows.map((row, i) => (isJson ? filmOf(row, i, people) : titleOf(row, i, people)));
  return { source: basename(path), titles, people: people.all };
}

type Row = Readonly<Record<string, unknown>>;

function parseJson(path: string, text: string): readonly Row[] {
  try {
    const rows: unknown = JSON.parse(text);
    const isValid =
      Array.isArray(rows) &&
      rows.every((row) => typeof (row as Row | null)?.['title'] === 'string');
    if (isValid) return rows as readonly Row[];
  } catch (cause) {
    throw unreadable(path, 'it is not valid JSON; get it again', cause);
  }
  throw unreadable(path, 'its entries lack a `title`; give films as [{title, year, cast, genres}]');
}

function parseCsv(path: string, text: string): readonly Row[] {
  let rows: readonly Row[];
  try {
    rows = parse(text, { columns: true, skip_empty_lines: true }) as readonly Row[];
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw unreadable(path, `it is not valid CSV (${reason}); mend it`, cause);
  }
  const missing = CSV_COLUMNS.filter((column) => rows[0] !== undefined && !(column in rows[0]));
  if (missing.length === 0) return rows;
  throw unreadable(
    path,
    `it is no catalogue: columns ${missing.join(', ')} are missing; ` +
      'give a Netflix-style CSV or a Wikipedia-style JSON',
  );
}

/** A row of the CSV. Three rows of the well-known file carry their minutes in `rating`. */
function titleOf(row: Row, index: number, people: PeopleBook): Title {
  const cell = (name: string) => String(row[name] ?? '').trim();
  const isFilm = cell('type') === 'Movie';
  const isShifted = cell('duration') === '' && /^\d+ min$/.test(cell('rating'));
  const minutes = /^(\d+) min$/.exec(isShifted ? cell('rating') : cell('duration'));
  return {
    id: idOf('tt', index),
    name: cell('title'),
    kind: isFilm ? 'film' : 'show',
    releaseYear: Number(cell('release_year')) || 0,
    genres: listOf(cell('listed_in')),
    durationMinutes: Number(minutes?.[1] ?? defaultMinutes(isFilm)),
    countries: listOf(cell('country')),
    maturityRating: isShifted ? '' : cell('rating'),
    studio: studioOf(cell('title')),
    directorIds: people.idsOf(listOf(cell('director'))),
    castIds: people.idsOf(listOf(cell('cast'))),
  };
}

/** An entry of the JSON. */
function filmOf(row: Row, index: number, people: PeopleBook): Title {
  const texts = (name: string): readonly string[] => {
    const list = row[name];
    return Array.isArray(list) ? list.map(String).filter((text) => /\p{L}/u.test(text)) : [];
  };
  const name = String(row['title']);
  return {
    id: idOf('tt', index),
    name,
    kind: 'film',
    releaseYear: Number(row['year']) || 0,
    genres: texts('genres'),
    durationMinutes: DEFAULT_FILM_MINUTES,
    countries: [],
    maturityRating: '',
    studio: studioOf(name),
    directorIds: [],
    castIds: people.idsOf(texts('cast')),
  };
}

/** People by name, numbered in the order of first appearance. */
class PeopleBook {
  readonly #people = new Map<string, Person>();

  get all(): readonly Person[] {
    return [...this.#people.values()];
  }

  idsOf(names: readonly string[]): readonly string[] {
    return [...new Set(names)].map((name) => {
      const known = this.#people.get(name);
      if (known !== undefined) return known.id;
      const person = { id: idOf('pp', this.#people.size), name };
      this.#people.set(name, person);
      return person.id;
    });
  }
}

function listOf(cell: string): readonly string[] {
  return cell
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function defaultMinutes(isFilm: boolean): number {
  return isFilm ? DEFAULT_FILM_MINUTES : DEFAULT_EPISODE_MINUTES;
}

function idOf(prefix: string, index: number): string {
  return `${prefix}${String(index + 1).padStart(5, '0')}`;
}

/** Neither file names studios: a title gets one of forty by a hash of its name. */
function studioOf(name: string): string {
  return `Studio ${((hashText(name, 0) >>> 0) % STUDIO_COUNT) + 1}`;
}
