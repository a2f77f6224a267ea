/** Counts what answering an operation makes the domains do: how many distinct entities each one was
 * read for. Reading a key costs nothing, because whoever names an entity knows its key. */
import { DOMAIN_NAMES, type DomainName } from './subgraph.ts';

/** Entities resolved per domain. */
export type DomainWork = Readonly<Record<DomainName, number>>;

/** Counts during one execution. */
export interface WorkCounter {
  /** A field of an entity, owned by `domain`, is read. */
  touch(domain: DomainName, typeName: string, id: string): void;
  work(): DomainWork;
}

/** Makes a counter at zero. */
export function createWorkCounter(): WorkCounter {
  const touched: Record<DomainName, Set<string>> = {
    movie: new Set(),
    production: new Set(),
    talent: new Set(),
  };
  return {
    touch: (domain, typeName, id) => void touched[domain].add(`${typeName}/${id}`),
    work: () => ({
      movie: touched.movie.size,
      production: touched.production.size,
      talent: touched.talent.size,
    }),
  };
}

/** The same work, but at least one entity at `domain`: finding nothing takes a look as well. */
export function atLeastOne(work: DomainWork, domain: string): DomainWork {
  const known = DOMAIN_NAMES.find((name) => name === domain) ?? 'movie';
  return { ...work, [known]: Math.max(1, work[known]) };
}
