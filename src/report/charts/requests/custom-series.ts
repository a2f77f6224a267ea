/** Shapes of ours on the axes of ECharts: a custom series whose items are paths. Few and long paths
 * are what keeps a page small. */

/** Pixels of a place given in values of the axes. */
export type Place = (x: number, y: number) => readonly [xPx: number, yPx: number];

/** One path. */
export interface PathShape {
  /** Of an SVG path, in pixels. */
  d(at: Place): string;
  readonly fill?: string;
  readonly stroke?: string;
  readonly widthPx?: number;
  readonly dash?: readonly number[];
  /** 0–1; 1 unless given. */
  readonly opacity?: number;
}

interface CustomApi {
  coord(data: [number, number]): number[];
}

/** The series: as many paths as there are shapes, in their order, cut at the axes. */
export function pathSeries(shapes: readonly PathShape[]) {
  return {
    type: 'custom' as const,
    silent: true,
    clip: true,
    data: shapes.map((_, n) => [n]),
    // The places of values are asked of the axes when it is drawn.
    renderItem: (params: { readonly dataIndex: number }, api: CustomApi) => {
      const shape = shapes[params.dataIndex];
      const at: Place = (x, y) => {
        const [xPx = 0, yPx = 0] = api.coord([x, y]);
        return [xPx, yPx];
      };
      return {
        type: 'path' as const,
        shape: { d: shape?.d(at) ?? '' },
        style: {
          fill: shape?.fill ?? 'none',
          ...(shape?.stroke === undefined ? {} : { stroke: shape.stroke }),
          lineWidth: shape?.widthPx ?? 1,
          ...(shape?.dash === undefined ? {} : { lineDash: [...shape.dash] }),
          ...(shape?.opacity === undefined ? {} : { opacity: shape.opacity }),
        },
      };
    },
    encode: { x: -1, y: -1 },
  };
}

/** A rectangle as part of a path. */
export function rectPath(box: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}): string {
  const { x, y, width, height } = box;
  return `M${px(x)} ${px(y)}h${px(width)}v${px(height)}h${px(-width)}z`;
}

/** A length of at most one decimal: nobody sees more. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
