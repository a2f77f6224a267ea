/** Gateway aggregation: an endpoint per page, written by hand by a team that knows the services.
 * It asks all at once what does not depend on anything, and what depends as soon as it can; written
 * with less care, it awaits one call after the other, or asks for every id by itself. */
import type { PageName } from '../domain/page.ts';
import type { ApiArchitecture } from './architecture.ts';
import type { PlanNode } from './call-plan.ts';
import { ask, askForEach, atOnce, inSequence, pagePlan, pagesOnly } from './hand-written.ts';
import { forEachPage } from './pages.ts';
import { type FanOutOptions, fannedOut } from './plan/fan-out.ts';
import { DOMAIN_NAMES } from './services/subgraph.ts';

const NODES: Readonly<Record<PageName, PlanNode>> = {
  home: inSequence(
    ask(
      'movie',
      'query($genre:String!){homeRows(genre:$genre)' +
        '{name titles{__typename id name kind maturityRating}}}',
    ),
    atOnce(
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
        select: 'cast(first:1){person{id name}}',
      }),
    ),
  ),
  title: atOnce(
    ask(
      'movie',
      'query($id:ID!){title(id:$id){__typename id name kind releaseYear genres ' +
        'durationMinutes maturityRating}}',
    ),
    inSequence(
      ask(
        'production',
        'query($id:ID!){title:titleProduction(id:$id){studio countries ' +
          'directors{__typename id}}}',
      ),
      askForEach({
        service: 'talent',
        path: 'title.directors.@',
        type: 'Person',
        select: 'name',
      }),
    ),
    inSequence(
      ask(
        'talent',
        'query($id:ID!){title:titleCredits(id:$id){cast(first:6){character ' +
          'person{id name filmography(first:3){__typename id}}}}}',
      ),
      askForEach({
        service: 'movie',
        path: 'title.cast.@.person.filmography.@',
        type: 'Title',
        select: 'name releaseYear',
      }),
    ),
  ),
  search: inSequence(
    ask('movie', 'query($text:String!){search(text:$text){__typename id name kind releaseYear}}'),
    atOnce(
      askForEach({ service: 'production', path: 'search.@', type: 'Title', select: 'studio' }),
      askForEach({
        service: 'talent',
        path: 'search.@',
        type: 'Title',
        select: 'cast(first:2){person{id name}}',
      }),
    ),
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

/** Makes gateway aggregation. @param options - How its endpoints fan out to services. */
export function createAggregation(options: FanOutOptions = {}): ApiArchitecture {
  const plans = forEachPage((page) => pagePlan(page, fannedOut(NODES[page], options)));
  return {
    name: 'aggregation',
    executedAt: 'gateway',
    services: DOMAIN_NAMES,
    plan: (page) => plans[page],
    planOperation: pagesOnly('aggregation'),
  };
}
