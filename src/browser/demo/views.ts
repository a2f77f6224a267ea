/** The demo's pages: rows of titles, search results, a title, a player. */
import type { DemoData, DemoTitle } from '../../domain/live/demo-data.ts';
import { make } from './elements.ts';
import { filmOf, hueOf } from './own-film.ts';

/** Where a title is shown. */
interface Place {
  readonly row: string;
  readonly slot: number;
}

/** The catalogue. */
export function homeView({ rows, titles }: DemoData): readonly Node[] {
  const byId = new Map(titles.map((title) => [title.id, title]));
  return [
    make('h1', {}, ['What shall it be?']),
    ...rows.map(({ id, name, titleIds }) =>
      make('section', { 'aria-labelledby': `row-${id}` }, [
        make('h2', { id: `row-${id}` }, [name]),
        listOf(
          titleIds.flatMap((titleId) => byId.get(titleId) ?? []),
          { row: id, label: name },
        ),
      ]),
    ),
  ];
}

/** What a search finds. */
export function searchView({ titles }: DemoData, query: string): readonly Node[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = titles.filter(({ name, genres }) => {
    const text = `${name} ${genres.join(' ')}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const label = `${found.length} found`;
  return [
    make('h1', {}, ['Search']),
    make('p', { role: 'status' }, [label]),
    ...(found.length === 0 ? [] : [listOf(found, { row: 'search', label, isWrapped: true })]),
  ];
}

/** One title. */
export function titleView(title: DemoTitle): readonly Node[] {
  return [
    make('h1', {}, [title.name]),
    make('p', { class: 'facts' }, [factsOf(title)]),
    make('p', {}, [
      make(
        'a',
        {
          class: 'button',
          href: `#/play/${title.id}`,
          'data-backlot-target': 'play',
          'data-backlot-title': title.id,
        },
        ['Play'],
      ),
    ]),
    make('p', {}, [make('a', { href: '#/', 'data-backlot-target': 'back' }, ['All titles'])]),
  ];
}

/** The player. The film is made while people wait. @param isShown - Whether they still do. */
export function playView(
  title: DemoTitle,
  clipSeconds: number,
  isShown: () => boolean,
): readonly Node[] {
  const video = make('video', {
    controls: '',
    playsinline: '',
    'data-backlot-title': title.id,
    'aria-label': title.name,
  });
  video.muted = true;
  const status = make('p', { role: 'status' }, ['Your browser makes the film…']);
  const show = async () => {
    const film = await filmOf(title.name, clipSeconds);
    if (!isShown()) return;
    if (film.kind === 'file') video.src = film.url;
    else video.srcObject = film.stream;
    status.textContent = '';
    video.dataset['film'] = 'ready';
    await video.play();
  };
  show().catch(() => {
    status.textContent = 'The film cannot be played by itself; press play.';
  });
  return [
    make('h1', {}, [title.name]),
    video,
    status,
    make('p', {}, [
      make('a', { href: `#/title/${title.id}`, 'data-backlot-target': 'leave-player' }, [
        `About ${title.name}`,
      ]),
    ]),
  ];
}

function listOf(
  titles: readonly DemoTitle[],
  about: { readonly row: string; readonly label: string; readonly isWrapped?: boolean },
): HTMLElement {
  const { row, label, isWrapped = false } = about;
  // A row that scrolls must be reachable by keyboard; its links are.
  return make(
    'ul',
    { class: isWrapped ? 'row found' : 'row', 'aria-label': label },
    titles.map((title, slot) => make('li', {}, [cardOf(title, { row, slot })])),
  );
}

function cardOf(title: DemoTitle, { row, slot }: Place): HTMLElement {
  const poster = make('span', { class: 'poster', 'aria-hidden': 'true' });
  const hue = hueOf(title.name);
  const [from, to] = [`hsl(${hue} 55% 45%)`, `hsl(${hue + 60} 55% 25%)`];
  poster.style.background = `linear-gradient(135deg, ${from}, ${to})`;
  return make(
    'a',
    {
      class: 'title',
      href: `#/title/${title.id}`,
      'data-backlot-target': 'title',
      'data-backlot-title': title.id,
      'data-backlot-row': row,
      'data-backlot-slot': slot,
    },
    [
      poster,
      make('span', { class: 'name' }, [title.name]),
      make('span', { class: 'about' }, [`${title.genres[0] ?? ''} · ${title.releaseYear}`]),
    ],
  );
}

function factsOf(title: DemoTitle): string {
  const { kind, genres, releaseYear, durationMinutes, maturityRating } = title;
  return [kind, genres.join(', '), releaseYear, `${durationMinutes} min`, maturityRating].join(
    ' · ',
  );
}
