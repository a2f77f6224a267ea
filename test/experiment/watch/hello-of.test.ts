/** The greeting is of the world that runs: its edges and servers are those of the frames. */
import { describe, expect, it } from 'vitest';
import { readRunInputs } from '../../../src/experiment/run-inputs.ts';
import { openRun } from '../../../src/experiment/run-task.ts';
import { namedVariants, variantsOf } from '../../../src/experiment/scenario/variants.ts';
import { openEyes } from '../../../src/experiment/watch/frame-maker.ts';
import { helloOf } from '../../../src/experiment/watch/hello-of.ts';
import { seconds } from '../../../src/kernel/time.ts';
import { smallScenario } from '../small-world.ts';

const scenario = smallScenario({
  audience: { viewers: 8 },
  clock: { start: '2026-11-20T20:00:00Z', duration: seconds(60), drain: seconds(5) },
  objectives: [
    'p95(page.load) < 60s',
    'count(page.errors) / count(page.requests) < 1%',
    'p50(page.load) < 1ms',
    'max(server.queue) < 10',
  ],
});
const variants = variantsOf(scenario);
const hello = helloOf(scenario, variants);

describe('the greeting', () => {
  it.each(variants.map(({ name }) => name))('L23: knows the graph of %s', async (name) => {
    const [variant] = namedVariants(variants, [name]);
    if (variant === undefined) throw new Error(name);
    const { catalogue, arrivals } = await readRunInputs(scenario, {});
    const run = await openRun({
      ...{ ...variant, catalogue, arrivals },
      ...{ replication: 0, directory: undefined, trace: false },
    });
    const { world, warehouse } = run;
    const eyes = openEyes({ subject: name, world, warehouse, catalogue });
    world.run();
    const frame = eyes.frameOf({} as never, 1);
    const subject = hello.subjects.find((one) => one.name === name);
    const nodes = subject?.nodes.map((node) => node.name) ?? [];
    const links = subject?.links.map((link) => link.name) ?? [];
    expect(links).toEqual(expect.arrayContaining(frame.edges.map((edge) => edge.name)));
    expect(nodes).toEqual(expect.arrayContaining(frame.servers.map((server) => server.name)));
    for (const link of subject?.links ?? []) {
      expect(nodes).toEqual(expect.arrayContaining([link.from, link.to]));
    }
    const figures = await run.finish();
    const { result } = figures;
    expect(frame.pages).toMatchObject({ asked: result.requests, failed: result.errors });
    expect(frame.pipeline).toMatchObject({
      captured: result.ledger.events.in,
      badRows: result.pipeline.badRows,
      lateEvents: result.pipeline.lateEvents,
      unread: 0,
    });
    expect(frame.edges.map(({ calls }) => calls)).toEqual(result.calls.map(({ calls }) => calls));
    expect(frame.objectives.map(({ state }) => state)).toEqual([
      'holds',
      'holds',
      'missed',
      'unknown',
    ]);
    const plays = frame.topTitles.reduce((sum, title) => sum + title.plays, 0);
    expect(plays).toBe(world.clickstream.truth().plays);
    await run.close();
  });

  it('L23: offers the catalogue with targets that are there', () => {
    const kinds = new Map(hello.faultKinds.map((one) => [one.kind, one]));
    expect(kinds.get('process.crash')?.targets).toEqual(
      expect.arrayContaining(['movie', 'federated']),
    );
    expect(kinds.get('client.offline')?.targets).toEqual([]);
    const alone = helloOf(scenario, namedVariants(variants, ['direct']));
    const [crash] = alone.faultKinds.filter(({ kind }) => kind === 'process.crash');
    expect(crash?.targets).toEqual(['movie', 'production', 'talent']);
  });
});
