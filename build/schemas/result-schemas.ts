/** The published schemas of result documents: which types they are, and what their sources do not
 * say. Written to `docs/schemas/` by `npm run docs`. */
import { fileURLToPath } from 'node:url';
import { API } from 'typescript/unstable/sync';
import { type Derivation, deriveSchema, type JsonSchema } from './derive-schema.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = `${ROOT}src/`;

/** Every published document: its name, and the type that it is. */
const DOCUMENTS: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  advice: { file: 'experiment/advise/advice-document.ts', type: 'AdviceDocument' },
  backfill: { file: 'experiment/result.ts', type: 'BackfillDocument' },
  check: { file: 'experiment/check/check-document.ts', type: 'CheckDocument' },
  compare: { file: 'experiment/result.ts', type: 'CompareDocument' },
  faults: { file: 'testing/swarm/campaign/faults-document.ts', type: 'FaultsDocument' },
  ingest: { file: 'experiment/result.ts', type: 'IngestDocument' },
  learn: { file: 'experiment/learn/learn-document.ts', type: 'LearnDocument' },
  load: { file: 'experiment/capacity/documents/load-document.ts', type: 'LoadDocument' },
  plan: { file: 'experiment/capacity/documents/plan-document.ts', type: 'PlanDocument' },
  policies: { file: 'experiment/policies/policies-document.ts', type: 'PoliciesDocument' },
  run: { file: 'experiment/result.ts', type: 'RunDocument' },
  sweep: { file: 'experiment/sweep/sweep-document.ts', type: 'SweepDocument' },
};

/** Numbers that are none where nothing was measured: NaN in memory, null in JSON. */
const NOT_ALWAYS_MEASURED: ReadonlySet<string> = new Set([
  'ComparedMetric.value',
  'Estimate.value',
  'LevelMeans.levels.value',
  'Percentiles.p50',
  'Percentiles.p95',
  'Percentiles.p99',
  'PipelineResult.freshnessSeconds.p50',
  'PipelineResult.freshnessSeconds.p95',
  'PipelineResult.freshnessSeconds.p99',
  'PointMetric.value',
  'RunDocument.references.measured',
  'RunDocument.references.relativeError',
]);

/** All schemas, by name of the document. Cost: some seconds, the compiler reads the project.
 * @throws Error for a type that JSON cannot say. */
export function resultSchemas(): ReadonlyMap<string, JsonSchema> {
  const api = new API({ cwd: ROOT });
  try {
    const configFile = `${ROOT}tsconfig.build.json`;
    const snapshot = api.updateSnapshot({ openProjects: [configFile] });
    const project = snapshot.getProject(configFile);
    if (project === undefined) throw new Error(`${configFile}: the compiler opens no project`);
    const derivation: Derivation = {
      project,
      isOwn: (path) => path.toLowerCase().startsWith(SOURCES.toLowerCase()),
      nullable: NOT_ALWAYS_MEASURED,
      opaque: {
        Trial: 'A trial, as `backlot faults --replay` takes it: a scenario with its faults.',
      },
    };
    const schemas = Object.entries(DOCUMENTS).map(([name, { file, type }]) => {
      const schema = deriveSchema(derivation, { file: `${SOURCES}${file}`, type });
      const head = {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        $id: `urn:backlot:schema:${name}:1`,
        title: `backlot.${name}/1`,
      };
      return [name, { ...head, ...schema }] as const;
    });
    return new Map(schemas);
  } finally {
    api.close();
  }
}
