/** Counterexamples that are kept run first, stay when they pass, and are whole files. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPipeline } from '../../../src/testing/pipelines/check-pipeline.ts';
import { agreesWithBatch } from '../../../src/testing/pipelines/properties/comparisons.ts';
import { property } from '../../../src/testing/pipelines/properties/property.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { failureOf } from '../failing.ts';
import {
  batchSessions,
  CLICKS,
  type Click,
  naiveSessions,
  patientSessions,
  type Session,
} from '../pipelines/buggy-operators.ts';

const folder = temporaryFolder();
const sessions = { ...CLICKS, name: 'Sessions of clicks' };
const agrees = () => [agreesWithBatch(batchSessions)];
const naive = { rows: () => naiveSessions() };
const patient = {
  operator: ({ late }: { late(click: Click): void }) => patientSessions(late),
};

describe('T102: a corpus', () => {
  it('keeps a failure as a small file that one can read, once', async () => {
    const corpus = join(folder.fresh(), 'new', 'corpus');
    const { facts } = await failureOf(checkPipeline(naive, agrees(), { ...sessions, corpus }));
    await failureOf(checkPipeline(naive, agrees(), { ...sessions, corpus }));
    const files = readdirSync(corpus);
    expect(files).toEqual([
      expect.stringMatching(/^sessions-of-clicks-agrees-with-batch-[0-9a-f]{8}\.json$/),
    ]);
    expect(facts.corpusFile).toBe(join(corpus, files[0] ?? ''));
    const text = readFileSync(join(corpus, files[0] ?? ''), 'utf8');
    expect(text.length).toBeLessThan(1_500);
    expect(JSON.parse(text)).toMatchObject({
      schema: 'backlot.counterexample/1',
      kind: 'pipeline',
      name: 'Sessions of clicks',
      property: 'agrees-with-batch',
      seed: facts.seed,
      input: facts.input,
    });
  });

  it('runs first the next time, before anything is drawn', async () => {
    const corpus = folder.fresh();
    const first = await failureOf(checkPipeline(naive, agrees(), { ...sessions, corpus }));
    let runs = 0;
    const counting = {
      rows: () => {
        runs += 1;
        return naiveSessions();
      },
    };
    const again = await failureOf(checkPipeline(counting, agrees(), { ...sessions, corpus }));
    expect(again.facts).toMatchObject({ run: 0, tries: 0, input: first.facts.input });
    expect(again.message).toContain('it was kept from an earlier run');
    expect(again.message).toContain(`kept as ${first.facts.corpusFile}`);
    // To look at it, to judge it, to draw it.
    expect(runs).toBeLessThan(10);
  });

  it('keeps what passes: from then on it is a regression test', async () => {
    const corpus = folder.fresh();
    await failureOf(checkPipeline(naive, agrees(), { ...sessions, corpus }));
    const before = readdirSync(corpus);
    const report = await checkPipeline(patient, agrees(), { ...sessions, corpus, runs: 5 });
    expect(report.corpus).toHaveLength(1);
    expect(readdirSync(corpus)).toEqual(before);
  });

  it('leaves files of other checks alone', async () => {
    const corpus = folder.fresh();
    await failureOf(checkPipeline(naive, agrees(), { ...sessions, corpus }));
    const few = [property<Click, Session>('few', ({ results }) => results.length < 3)];
    const other = { ...CLICKS, name: 'other', corpus };
    const { facts } = await failureOf(checkPipeline(naive, few, other));
    expect(facts.run).toBeGreaterThan(0);
    expect(readdirSync(corpus)).toHaveLength(2);
  });

  it.each([
    ['no JSON', '{'],
    ['no counterexample', '{"schema":"backlot.counterexample/2"}'],
    ['nothing', 'null'],
  ])('says which file is %s', async (_, text) => {
    const corpus = folder.fresh();
    writeFileSync(join(corpus, 'broken.json'), text);
    const check = checkPipeline(naive, agrees(), { ...sessions, corpus });
    await expect(check).rejects.toMatchObject({
      code: 'TESTING_CORPUS_UNREADABLE',
      details: { path: join(corpus, 'broken.json') },
    });
  });

  it('does not pass over what cannot be kept', async () => {
    const corpus = folder.write('file', '');
    await expect(checkPipeline(naive, agrees(), { ...sessions, corpus })).rejects.toMatchObject({
      code: 'TESTING_CORPUS_UNREADABLE',
    });
  });
});
