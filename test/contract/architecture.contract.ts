/** What every architecture must do: one suite, run over each variant of each of the four. The
 * reference answer is graphql-js's own, over the monolith's schema, without any plan. */
import fc from 'fast-check';
import { executeSync, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { PAGE_NAMES, type PageName } from '../../src/domain/page.ts';
import type { PlanNode } from '../../src/gateway/call-plan.ts';
import { PAGE_DOCUMENTS } from '../../src/gateway/pages.ts';
import { createServiceBackends } from '../../src/gateway/service-backends.ts';
import { createMonolithSchema } from '../../src/gateway/services/executable-schema.ts';
import { createLibrary } from '../../src/gateway/services/library.ts';
import { productSupergraph, SUBGRAPHS } from '../../src/gateway/services/product.ts';
import { createWorkCounter } from '../../src/gateway/services/work-counter.ts';
import { drivePlan } from '../gateway/drive-plan.ts';
import { createTinyCatalogue } from '../gateway/tiny-catalogue.ts';
import type { ArchitectureVariant } from './variants.ts';

const catalogue = createTinyCatalogue();
const backends = createServiceBackends(catalogue);
const schema = createMonolithSchema(
  productSupergraph().publicSdl,
  SUBGRAPHS,
  createLibrary(catalogue),
);

/** Variables that find something, and variables that find nothing. */
const VARIABLES: Readonly<Record<PageName, readonly Readonly<Record<string, string>>[]>> = {
  home: ['Drama', 'Comedy', 'Crime', 'no such genre', ''].map((genre) => ({ genre })),
  title: [...catalogue.titles.map(({ id }) => id), 'tt99', '', 'pp01'].map((id) => ({ id })),
  search: ['night', 'DAY', 'of 1', 'ночь', '&', 'no such title', ' ', ''].map((text) => ({ text })),
  play: [...catalogue.titles.map(({ id }) => id), 'tt99', '', '__proto__'].map((id) => ({ id })),
};

function referenceAnswer(page: PageName, variables: Readonly<Record<string, string>>): unknown {
  const result = executeSync({
    schema,
    document: parse(PAGE_DOCUMENTS[page]),
    variableValues: variables,
    contextValue: createWorkCounter(),
  });
  return JSON.parse(JSON.stringify(result));
}

/** Runs the suite over one variant. */
export function describeArchitecture({ name, architecture, createRun }: ArchitectureVariant): void {
  describe(name, () => {
    const drive = { backends, createRun };

    it.each(PAGE_NAMES)('G3: answers %s with the data that one schema gives', (page) => {
      let found = 0;
      for (const variables of VARIABLES[page]) {
        const { answer } = drivePlan({ ...drive, plan: architecture.plan(page), variables });
        expect({ data: answer.data }, JSON.stringify(variables)).toEqual(
          referenceAnswer(page, variables),
        );
        expect(answer.errors).toEqual([]);
        found += JSON.stringify(answer.data).length > 200 ? 1 : 0;
      }
      expect(found).toBeGreaterThanOrEqual(3);
    });

    it('G4: answers the same in whatever order fetches complete', () => {
      const cases = PAGE_NAMES.flatMap((page) =>
        VARIABLES[page].map((variables) => ({ page, variables })),
      );
      let runs = 0;
      const property = fc.property(
        fc.constantFrom(...cases),
        fc.infiniteStream(fc.nat()),
        ({ page, variables }, picks) => {
          const pick = (count: number) => (picks.next().value ?? 0) % count;
          const plan = architecture.plan(page);
          const { answer } = drivePlan({ ...drive, plan, variables, pick });
          expect({ data: answer.data }).toEqual(referenceAnswer(page, variables));
          runs += 1;
        },
      );
      fc.assert(property, { numRuns: 150, seed: 20_261_123 });
      expect(runs).toBeGreaterThanOrEqual(150);
    });

    it('G1: gives frozen plans, the same object for the same page', () => {
      for (const page of PAGE_NAMES) {
        const plan = architecture.plan(page);
        expect(architecture.plan(page)).toBe(plan);
        expect(isDeeplyFrozen(plan)).toBe(true);
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      }
    });

    it('asks only its own services, and every one of them', () => {
      const asked = PAGE_NAMES.flatMap((page) => servicesOf(architecture.plan(page).root));
      expect([...new Set(asked)].sort()).toEqual([...architecture.services].sort());
    });

    it('survives every service being down', () => {
      for (const page of PAGE_NAMES) {
        const plan = architecture.plan(page);
        const [variables = {}] = VARIABLES[page];
        const { answer } = drivePlan({ ...drive, plan, variables, fails: () => true });
        expect(Object.values(answer.data ?? {})).toEqual([null]);
        expect(answer.errors.length).toBeGreaterThan(0);
      }
    });
  });
}

function servicesOf(node: PlanNode): readonly string[] {
  if (node.kind === 'Fetch' || node.kind === 'BatchFetch') return [node.serviceName];
  if (node.kind === 'Flatten') return servicesOf(node.node);
  if (node.kind === 'Condition') {
    return [node.ifClause, node.elseClause].flatMap((one) => (one ? servicesOf(one) : []));
  }
  return node.nodes.flatMap(servicesOf);
}

function isDeeplyFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return Object.isFrozen(value) && Object.values(value).every(isDeeplyFrozen);
}
