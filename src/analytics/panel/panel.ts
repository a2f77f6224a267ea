/** The panel: viewers who visit day by day, are shown rows by policies, take something by the
 * choice model, watch by taste, are the more or less content, and come back or not. It is the full
 * world without devices, requests and events. All draws are keyed by viewer, visit and row, so
 * that one viewer more changes no other, and two policies meet the same chance. Spec: M1–M6. */
import type { RowOutcome, RowPolicy } from '../../domain/recommending/row-policy.ts';
import {
  DAY_US,
  DEFAULT_PANEL,
  PANEL_START_US,
  type PanelConfig,
  type PanelOptions,
} from './panel-config.ts';
import type { PanelListener, PanelRow } from './panel-records.ts';
import { copyViewerStates, createViewerStates, type ViewerStates } from './viewer-states.ts';
import { createVisits } from './visit.ts';

/** A stretch of days. */
export interface PanelStretch {
  readonly days: number;
  /** Who chooses the rows of a viewer. Policies that learn are told once a day, after it. */
  policyOf(viewer: number): RowPolicy;
  readonly listener?: PanelListener;
}

/** Viewers over time. */
export interface Panel {
  readonly config: PanelConfig;
  readonly viewers: ArrayLike<number>;
  /** Midnight before the next day. */
  readonly nowUs: number;
  readonly states: ViewerStates;
  /** Goes on by some days. Cost: a choice a row; no memory but the states. */
  advance(stretch: PanelStretch): void;
  /** The same panel once more: both go on from here, on the same draws. */
  fork(): Panel;
}

/** Makes a panel that stands at its first midnight. */
export function createPanel(options: PanelOptions): Panel {
  const { viewers, chance, startUs = PANEL_START_US } = options;
  const config = { ...DEFAULT_PANEL, ...options.config };
  const states = createViewerStates(viewers.length, options.tastes.titleCount);
  const first = chance.draws('panel.first-visit');
  for (let at = 0; at < viewers.length; at += 1) {
    const viewer = viewers[at] ?? 0;
    const joinsUs = first.uniform(viewer, 0) * config.joiningDays * DAY_US;
    const waitsUs = -Math.log(first.uniform(viewer, 1)) * config.satisfaction.returnTimeUs;
    states.nextVisitUs[at] = startUs + Math.round(joinsUs + waitsUs);
  }
  return panelFrom({ ...options, config, states, nowUs: startUs });
}

function panelFrom(
  options: PanelOptions & {
    readonly config: PanelConfig;
    readonly states: ViewerStates;
    readonly nowUs: number;
  },
): Panel {
  const { viewers, config, states } = options;
  const visits = createVisits(options);
  let nowUs = options.nowUs;
  return {
    config,
    viewers,
    states,
    get nowUs() {
      return nowUs;
    },
    advance({ days, policyOf, listener }) {
      for (let day = 0; day < days; day += 1) {
        const lessons = new Map<RowPolicy, PanelRow[]>();
        const untilUs = nowUs + DAY_US;
        for (let at = 0; at < viewers.length; at += 1) {
          if ((states.nextVisitUs[at] ?? 0) >= untilUs) continue;
          const policy = policyOf(viewers[at] ?? 0);
          const lesson = lessonOf(lessons, policy);
          while ((states.nextVisitUs[at] ?? 0) < untilUs) {
            visits.visit({ at, policy, listener, lesson });
          }
        }
        nowUs = untilUs;
        for (const [policy, rows] of lessons) policy.learn?.(inOrder(rows));
      }
    },
    fork: () => panelFrom({ ...options, states: copyViewerStates(states), nowUs }),
  };
}

/** Where to note what the policy will learn; nothing is kept for one that does not. */
function lessonOf(lessons: Map<RowPolicy, PanelRow[]>, policy: RowPolicy): PanelRow[] | undefined {
  if (policy.learn === undefined) return undefined;
  const known = lessons.get(policy);
  if (known !== undefined) return known;
  const made: PanelRow[] = [];
  lessons.set(policy, made);
  return made;
}

/** By time; at one time by viewer. */
function inOrder(rows: PanelRow[]): readonly RowOutcome[] {
  return rows.sort((a, b) => a.atUs - b.atUs || a.viewer - b.viewer || a.row - b.row);
}
