/** ECharts as the report needs it: drawings of `report/charts` as an SVG element that looks just as
 * the server's does. It measures texts as the server does, has no animation, and listens to
 * nothing: zoom and cursor are the page's own, so that no component of ECharts for them is in the
 * bundle. */
import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridSimpleComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsType, init, setPlatformAPI, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { BASE_OPTION, type ChartDrawing, type ChartStop } from '../../report/charts/drawing.ts';

use([
  BarChart,
  CustomChart,
  LineChart,
  ScatterChart,
  GridSimpleComponent,
  MarkAreaComponent,
  MarkLineComponent,
  SVGRenderer,
]);
// Without a canvas, texts are measured by the table that the server uses too.
setPlatformAPI({ createCanvas: () => null as unknown as HTMLCanvasElement });

/** A live drawing. */
export interface ChartCanvas {
  readonly svg: SVGSVGElement;
  /** Draws again. @throws What ECharts throws. */
  show(drawing: ChartDrawing): void;
  /** Where a stop is, in pixels of the drawing; y is null where it is as high as the diagram. */
  placeOf(stop: ChartStop): { readonly x: number; readonly y: number | null };
  /** The value of the horizontal axis at a pixel of the drawing. */
  valueAt(xPx: number): number;
}

/** Opens a drawing of a size that stays. @throws What ECharts throws. */
export function openCanvas({ widthPx, heightPx }: ChartDrawing): ChartCanvas {
  const chart = init(document.createElement('div'), null, {
    renderer: 'svg',
    width: widthPx,
    height: heightPx,
  });
  const svg = chart.getDom().querySelector('svg');
  if (svg === null) throw new Error('ECharts made no SVG element');
  svg.setAttribute('viewBox', `0 0 ${widthPx} ${heightPx}`);
  svg.setAttribute('class', 'chart');
  svg.setAttribute('aria-hidden', 'true');
  return {
    svg,
    show: (drawing) => {
      chart.setOption({ ...BASE_OPTION, ...drawing.option }, { notMerge: true });
      chart.getZr().flush();
    },
    placeOf: ({ at }) => placeOf(chart, at),
    valueAt: (xPx) => Number(chart.convertFromPixel({ xAxisIndex: 0 }, xPx)),
  };
}

function placeOf(chart: EChartsType, at: ChartStop['at']) {
  if ('xPx' in at) return { x: at.xPx, y: at.yPx };
  if (at.y === null) return { x: Number(chart.convertToPixel({ xAxisIndex: 0 }, at.x)), y: null };
  const [x = Number.NaN, y = Number.NaN] = chart.convertToPixel({ gridIndex: 0 }, [at.x, at.y]);
  return { x, y };
}
