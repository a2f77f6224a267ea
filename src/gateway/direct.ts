/** Direct access: the device knows the services and asks each one itself, over the WAN. Services
 * offer what REST resources offer: a list of ids, one resource by id or a batch of it by ids. So
 * what a title is, who made it, who is in it and who these people are, are calls of their own. */
import type { PageName } from '../domain/page.ts';
import type { ApiArchitecture } from './architecture.ts';
import type { PlanNode } from './call-plan.ts';
import { ask, askForEach, atOnce, inSequence, pagePlan, pagesOnly } from './hand-written.ts';
import { forEachPage } from './pages.ts';
import { type FanOutOptions, fannedOut } from './plan/fan-out.ts';
import { DOMAIN_NAMES } from './services/subgraph.ts';

const NODES: Readonly<Record<PageName, PlanNode>> = {
  home: inSequence(
    ask('movie', 'query($genre:String!){homeRows(genre:$genre){name titles{__typename id}}}'),
    atOnce(
      askForEach({
        service: 'movie',
        path: 'homeRows.@.titles.@',
        type: 'Title',
        select: 'name kind maturityRating',
      }),
      askForEach({
        service: 'production',
        path: 'homeRows.@.titles.@',
        type: 'Title',
        select: 'studio',
      }),
      askForEach({
        service: 'talent',
        path: 'homeRows.@.titles.@',
        type: 'Title',
        select: 'cast(first:1){person{__typename id}}',
      }),
    ),
    askForEach({
      service: 'talent',
      path: 'homeRows.@.titles.@.cast.@.person',
      type: 'Person',
      select: 'name',
    }),
  ),
  title: inSequence(
    atOnce(
      ask(
        'movie',
        'query($id:ID!){title(id:$id){__typename id name kind releaseYear genres ' +
          'durationMinutes maturityRating}}',
      ),
      ask(
        'production',
        'query($id:ID!){title:titleProduction(id:$id){studio countries ' +
          'directors{__typename id}}}',
      ),
      ask(
        'talent',
        'query($id:ID!){title:titleCredits(id:$id){cast(first:6){character ' +
          'person{__typename id}}}}',
      ),
    ),
    atOnce(
      askForEach({
        service: 'talent',
        path: 'title.cast.@.person',
        type: 'Person',
        select: 'name filmography(first:3){__typename id}',
      }),
      askForEach({
        service: 'talent',
        path: 'title.directors.@',
        type: 'Person',
        select: 'name',
      }),
    ),
    askForEach({
      service: 'movie',
      path: 'title.cast.@.person.filmography.@',
      type: 'Title',
      select: 'name releaseYear',
    }),
  ),
  search: inSequence(
    ask('movie', 'query($text:String!){search(text:$text){__typename id name kind releaseYear}}'),
    atOnce(
      askForEach({ service: 'production', path: 'search.@', type: 'Title', select: 'studio' }),
      askForEach({
        service: 'talent',
        path: 'search.@',
        type: 'Title',
        select: 'cast(first:2){person{__typename id}}',
      }),
    ),
    askForEach({
      service: 'talent',
      path: 'search.@.cast.@.person',
      type: 'Person',
      select: 'name',
    }),
  ),
  play: inSequence(
    ask(
      'movie',
      'query($id:ID!){title(id:$id){__typename id name durationMinutes maturityRating}}',
    ),
    askForEach({
      service: 'production',
      path: 'title',
      type: 'Title',
      needs: ['durationMinutes'],
      select:
        'playback{manifestUrl segmentCount ' +
        'streams{codec heightPixels bitrateKbps sizeMegabytes}}',
    }),
  ),
};

/** Makes direct access. @param options - Whether services offer batches, or one resource by id. */
export function createDirect(options: Pick<FanOutOptions, 'fanOut'> = {}): ApiArchitecture {
  const plans = forEachPage((page) => pagePlan(page, fannedOut(NODES[page], options)));
  return {
    name: 'direct',
    executedAt: 'device',
    services: DOMAIN_NAMES,
    plan: (page) => plans[page],
    planOperation: pagesOnly('direct'),
  };
}
