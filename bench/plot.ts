import { LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TitleComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Curve } from "./figure.ts";

use([LineChart, GridComponent, LegendComponent, TitleComponent, SVGRenderer]);

const WIDTH = 640;
const HEIGHT = 360;

/** The curve as an SVG picture. */
export function plot({ title, x, y, lines }: Curve): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    backgroundColor: "#fff",
    title: { text: title, left: "center", textStyle: { fontSize: 15 } },
    legend: { bottom: 0, data: lines.map(({ name }) => name) },
    grid: { left: 70, right: 30, top: 50, bottom: 80 },
    xAxis: { type: "value", name: x, nameLocation: "middle", nameGap: 28, min: 0 },
    yAxis: { type: "value", name: y, min: 0 },
    series: lines.map(({ name, points }) => ({ type: "line", name, data: [...points] })),
  });
  const picture = chart.renderToSVGString();
  chart.dispose();
  return picture;
}
