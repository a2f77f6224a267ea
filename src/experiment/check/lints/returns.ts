/** L-RETURNS: viewers who come again as they are content, which nobody knows before it has run.
 * What the preflight counts are first visits: its rates are bounds from below. Spec: M120. */
import { finding, type Lint } from './finding.ts';

/** One warning for all subjects. */
export const returnLints: Lint = ({ scenario: { recommendations, audience } }) => {
  if (recommendations === undefined) return [];
  const found = `${audience.viewers + audience.guests.length} viewers who may come again`;
  const rule =
    'rates here are of first visits: how often viewers come back hangs on what they are shown; ' +
    'take rates from a run';
  return [finding('warning', 'L-RETURNS', { subject: null, path: 'recommendations', found, rule })];
};
