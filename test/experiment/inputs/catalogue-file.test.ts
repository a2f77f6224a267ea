/** Catalogues from files: the two formats, real and made up, and what is wrong with others. */
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../../src/domain/catalogue.ts';
import { readCatalogueFile } from '../../../src/experiment/inputs/catalogue-file.ts';
import { onRealData } from '../../real-data.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const folder = temporaryFolder();
const HEADER =
  'show_id,type,title,director,cast,country,date_added,release_year,rating,duration,listed_in,' +
  'description';

function genreCounts({ titles }: Catalogue): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const genre of titles.flatMap((title) => title.genres)) {
    counts[genre] = (counts[genre] ?? 0) + 1;
  }
  return counts;
}

function expectSound({ titles, people }: Catalogue): void {
  const known = new Set(people.map((person) => person.id));
  expect(known.size).toBe(people.length);
  expect(new Set(titles.map((title) => title.id)).size).toBe(titles.length);
  expect(new Set(people.map((person) => person.name)).size).toBe(people.length);
  for (const { directorIds, castIds, durationMinutes, name, studio } of titles) {
    expect([...directorIds, ...castIds].every((id) => known.has(id))).toBe(true);
    expect(durationMinutes).toBeGreaterThan(0);
    expect(name).not.toBe('');
    expect(studio).toMatch(/^Studio \d+$/);
  }
}

describe('real catalogues', () => {
  it(
    'reads the list of a streaming service',
    onRealData('catalogue/netflix-titles-2021.csv', async (path) => {
      const catalogue = await readCatalogueFile(path);
      const { titles } = catalogue;
      expectSound(catalogue);
      expect(catalogue.source).toBe('netflix-titles-2021.csv');
      expect(titles).toHaveLength(8_807);
      expect(titles.filter((title) => title.kind === 'film')).toHaveLength(6_131);
      expect(titles.filter((title) => title.kind === 'show')).toHaveLength(2_676);
      // Three rows carry their minutes in the column of the rating.
      expect(titles.filter((title) => / min$/.test(title.maturityRating))).toEqual([]);
      expect(titles.find((title) => title.name === 'Louis C.K. 2017')?.durationMinutes).toBe(74);
      expect(titles.find((title) => title.name === 'Louis C.K.: Hilarious')?.durationMinutes).toBe(
        84,
      );
      expect(
        titles.find((title) => title.name === 'Louis C.K.: Live at the Comedy Store'),
      ).toMatchObject({ durationMinutes: 66, maturityRating: '' });
      // One of the two records with a line break has it in its name; both are one title.
      expect(titles.filter((title) => title.name.includes('\n')).map(({ id }) => id)).toEqual([
        'tt08420',
      ]);
      expect(titles[8_201]?.name).not.toBe('');
      expect(titles[8_806]).toMatchObject({ id: 'tt08807', name: 'Zubaan', durationMinutes: 111 });
    }),
  );

  it(
    'reads the films of the 2010s',
    onRealData('catalogue/wikipedia-movies-2010s.json', async (path) => {
      const catalogue = await readCatalogueFile(path);
      expectSound(catalogue);
      expect(catalogue.titles).toHaveLength(2_512);
      expect(genreCounts(catalogue)).toMatchObject({
        Drama: 799,
        Comedy: 795,
        Action: 409,
        Thriller: 344,
      });
    }),
  );
});

describe('readCatalogueFile', () => {
  it('leaves empty what a row does not say', async () => {
    const path = folder.write(
      'small.csv',
      `${HEADER}\ns1,Movie,A Film,,"Ann, Bo",,,2001,PG,90 min,Dramas,x\n` +
        's2,TV Show,"A\nShow",Bo,Bo,"India, France",,2002,TV-14,2 Seasons,"Kids, Dramas",x\n',
    );
    const { titles, people } = await readCatalogueFile(path);
    expect(people).toEqual([
      { id: 'pp00001', name: 'Ann' },
      { id: 'pp00002', name: 'Bo' },
    ]);
    expect(titles[0]).toMatchObject({
      id: 'tt00001',
      kind: 'film',
      durationMinutes: 90,
      directorIds: [],
      countries: [],
      castIds: ['pp00001', 'pp00002'],
    });
    expect(titles[1]).toMatchObject({
      name: 'A\nShow',
      kind: 'show',
      durationMinutes: 45,
      countries: ['India', 'France'],
      genres: ['Kids', 'Dramas'],
      directorIds: ['pp00002'],
    });
  });

  it('takes the same studio for the same name, in whatever file', async () => {
    const csv = folder.write(
      'one.csv',
      `${HEADER}\ns1,Movie,Solaris,,,,,1972,PG,167 min,Dramas,x\n`,
    );
    const json = folder.write(
      'one.json',
      '[{"title":"Solaris","year":1972,"cast":[],"genres":[]}]',
    );
    const [a, b] = [await readCatalogueFile(csv), await readCatalogueFile(json)];
    expect(a.titles[0]?.studio).toBe(b.titles[0]?.studio);
  });

  it.each([
    ['other.csv', 'a,b\n1,2\n', /no catalogue: columns show_id, .* are missing; give/],
    ['header.csv', `${HEADER}\n`, /lists no titles; name a catalogue/],
    ['cut.csv', `${HEADER}\ns1,Movie,"A Fi`, /not valid CSV \(.*\); mend it/],
    ['cut.json', '[{"title":"A', /not valid JSON; get it again/],
    ['untitled.json', '[{"name":"A"}]', /entries lack a `title`; give films/],
    ['null.json', '[null]', /entries lack a `title`; give films/],
    ['object.json', '{"title":"A"}', /not valid CSV|no catalogue/],
    ['blank.csv', '\n\n', /lists no titles; name a catalogue/],
    ['empty.json', '', /is empty; name a file with data/],
    ['none.json', '[]', /lists no titles; name a catalogue/],
  ])('refuses %s in one line', async (name, content, message) => {
    const error = await readCatalogueFile(folder.write(name, content)).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'INPUT_UNREADABLE' });
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).not.toContain('\n');
  });
});
