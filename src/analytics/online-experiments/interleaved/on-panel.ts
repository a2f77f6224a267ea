/** Interleaving on a panel: every viewer is shown rows of both policies, and what is taken
 * decides. */
import type { RowPolicy } from '../../../domain/recommending/row-policy.ts';
import type { Panel } from '../../panel/panel.ts';
import { createCredits, type InterleavingReport } from './credits.ts';
import { createTeamDraft, type Team } from './draft.ts';

/** Runs the experiment; the panel goes on by so many days. */
export function interleavePanel(options: {
  readonly panel: Panel;
  readonly a: RowPolicy;
  readonly b: RowPolicy;
  readonly days: number;
}): InterleavingReport {
  const { panel, a, b, days } = options;
  const draft = createTeamDraft({ id: `${a.id} or ${b.id}`, a, b });
  const teamsOf = new WeakMap<readonly number[], readonly Team[]>();
  const policy: RowPolicy = {
    ...draft,
    choose(request) {
      const row = draft.choose(request);
      teamsOf.set(row.titles, row.teams);
      return row;
    },
  };
  const credits = createCredits();
  panel.advance({
    days,
    policyOf: () => policy,
    listener: {
      row({ viewer, titles, takenSlot }) {
        credits.add(viewer, teamsOf.get(titles)?.[takenSlot] ?? null);
      },
    },
  });
  return credits.report({ a: a.id, b: b.id });
}
