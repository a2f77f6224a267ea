/** Every chart as data: what a page carries so that a browser can draw it again. Adding a kind: a
 * spec without functions, its drawing, a line in the union and one in {@link drawChart}. */

import { type DotPlot, drawDots } from './dot-chart.ts';
import type { ChartDrawing, ChartView } from './drawing.ts';
import { drawFunnel, type FunnelPlot } from './funnel-chart.ts';
import { drawLines, type LinePlot } from './line-chart.ts';
import { type CurvePlot, drawCurves } from './requests/curve-chart.ts';
import { drawGantt, type GanttPlot } from './requests/gantt-chart.ts';
import { drawGraph, type GraphPlot } from './requests/graph-chart.ts';
import { drawStack, type StackPlot } from './requests/stack-chart.ts';
import { drawStrips, type StripPlot } from './requests/strip-chart.ts';
import { drawXy, type XyPlot } from './xy-chart.ts';

/** A chart that can be written as JSON and read again. */
export type ChartSpec =
  | CurvePlot
  | DotPlot
  | FunnelPlot
  | GanttPlot
  | GraphPlot
  | LinePlot
  | StackPlot
  | StripPlot
  | XyPlot;

/** Draws a chart of any kind. */
export function drawChart(chart: ChartSpec, view: ChartView): ChartDrawing {
  switch (chart.kind) {
    case 'line':
      return drawLines(chart.spec, view);
    case 'xy':
      return drawXy(chart.spec, view);
    case 'dot':
      return drawDots(chart.spec, view);
    case 'funnel':
      return drawFunnel(chart.spec, view);
    case 'curve':
      return drawCurves(chart.spec, view);
    case 'gantt':
      return drawGantt(chart.spec, view);
    case 'graph':
      return drawGraph(chart.spec);
    case 'stack':
      return drawStack(chart.spec, view);
    case 'strip':
      return drawStrips(chart.spec, view);
  }
}
