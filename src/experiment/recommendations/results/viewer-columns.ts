/** One row a viewer: what an A/B test of the closed loop is judged by. */
import type { AbMetric, AbViewers } from '../../../analytics/online-experiments/ab/ab-columns.ts';
import { satisfactionOf } from '../../../domain/taste/satisfaction.ts';
import type { ClosedLoop } from '../closed-loop.ts';

/** Viewers with their arms, and metrics as columns beside them. */
export interface ViewerColumns {
  readonly viewers: AbViewers;
  readonly metrics: readonly AbMetric[];
}

const US_PER_HOUR = 3_600_000_000;

/** Makes them, in the order of arrival. What viewers did in the history goes before. */
export function viewerColumns(loop: ClosedLoop): ViewerColumns {
  const { truth, config, ground } = loop;
  const viewers = truth.viewers;
  const column = (of: (viewer: (typeof viewers)[number]) => number) =>
    Float64Array.from(viewers, of);
  const hours = {
    name: 'hours per viewer',
    unit: 'h',
    better: 'more' as const,
    value: column(({ watchedUs }) => watchedUs / US_PER_HOUR),
  };
  const { history } = ground;
  return {
    viewers: {
      viewer: viewers.map(({ viewer }) => viewer),
      arm: viewers.map(({ viewer }) => loop.armOf(viewer)),
    },
    metrics: [
      history === undefined
        ? hours
        : { ...hours, before: column(({ viewer }) => history.hours(viewer) ?? Number.NaN) },
      {
        name: 'take rate',
        unit: '1',
        better: 'more',
        value: column(({ takes }) => takes),
        weight: column(({ rows }) => rows),
      },
      {
        name: 'satisfaction',
        unit: '1',
        better: 'more',
        value: column(({ exposure }) => satisfactionOf(config.satisfaction, exposure)),
        before: column(({ viewer }) =>
          satisfactionOf(config.satisfaction, ground.firstExposure(viewer)),
        ),
      },
      {
        name: 'visits per viewer',
        unit: 'visits',
        better: 'more',
        value: column(({ visits }) => visits),
      },
    ],
  };
}
