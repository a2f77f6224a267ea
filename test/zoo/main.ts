/** `npm run test:zoo [-- --only NAME] [-- --json]`: plants every bug of the zoo, one at a time, and
 * prints which property caught it, after how many runs, and how small the counterexample is. Exit 1
 * if one got away, or if a property fails on the healthy product. Spec: T120–T123. */
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runCampaign } from './hunt/campaign.ts';
import { isClean, mediansOf, tableOf } from './hunt/table.ts';
import { BUGS } from './zoo-bugs.ts';

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, json: { type: 'boolean' } },
});
const { only } = values;
const bugs = only === undefined ? BUGS : BUGS.filter((bug) => only.includes(bug.name));
if (bugs.length === 0) throw new Error(`no bug of the name ${only?.join(', ')} is in the zoo`);

const startMs = performance.now();
let ended = 0;
const campaign = await runCampaign({
  bugs,
  healthyShare: 1,
  atOnce: 2,
  progress: (name) => {
    ended += 1;
    process.stderr.write(`${ended} ${name}\n`);
  },
});
const elapsedS = Math.round((performance.now() - startMs) / 1_000);
if (values.json === true) {
  const medians = mediansOf(campaign.bugs);
  process.stdout.write(`${JSON.stringify({ ...campaign, medians, elapsedS }, null, 2)}\n`);
} else {
  process.stdout.write(tableOf(campaign));
  if (only !== undefined) {
    for (const { hunt } of campaign.bugs) {
      process.stdout.write(`\n${hunt.error ?? 'held'}\n${hunt.counterexample ?? ''}\n`);
    }
  }
  process.stdout.write(`${elapsedS} s\n`);
}
process.exitCode = isClean(campaign) ? 0 : 1;
