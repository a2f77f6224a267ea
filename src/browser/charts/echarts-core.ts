/** ECharts with what the dashboard draws, and nothing else of it. */
import { CustomChart, LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([CustomChart, LineChart, GridComponent, MarkAreaComponent, TooltipComponent, SVGRenderer]);

/** A chart in an element: SVG, so that colours may be CSS variables. */
export function openChart(element: HTMLElement): EChartsType {
  return init(element, null, { renderer: 'svg' });
}
