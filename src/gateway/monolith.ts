/** Monolith: one process has all tables. A page is one question to it. */
import type { ApiArchitecture } from './architecture.ts';
import { checkOperation } from './federation/operations.ts';
import { ask, pagePlan } from './hand-written.ts';
import { forEachPage, PAGE_DOCUMENTS } from './pages.ts';
import { deepFreeze } from './plan/freeze.ts';
import { productSupergraph } from './services/product.ts';

/** Makes the monolith. */
export function createMonolith(): ApiArchitecture {
  const { publicSchema } = productSupergraph();
  const plans = forEachPage((page) => {
    const { text } = checkOperation(PAGE_DOCUMENTS[page], publicSchema);
    return pagePlan(page, ask('monolith', text));
  });
  return {
    name: 'monolith',
    executedAt: 'server',
    services: ['monolith'],
    plan: (page) => plans[page],
    planOperation(query) {
      const { text } = checkOperation(query, publicSchema);
      return deepFreeze({ document: text, root: ask('monolith', text) });
    },
  };
}
