/* Prints `<passed> <failed>` of a vitest JSON report; a file that could not even load is a
 * failure. */
import { readFileSync } from 'node:fs';

const report = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const broken = report.testResults.filter(
  (file) => file.status === 'failed' && file.assertionResults.every((t) => t.status !== 'failed'),
);
console.log(`${report.numPassedTests} ${report.numFailedTests + broken.length}`);
