import type { ReportChart } from '../../src/protocol/panel';

/** The chart with its lines aligned by another quantity; unchanged if it has no such choice. */
export function alignedChart(chart: ReportChart, alignment: string | undefined): ReportChart {
  const at = alignment === undefined ? -1 : (chart.alignments?.indexOf(alignment) ?? -1);
  if (at <= 0) return chart;
  return {
    ...chart,
    x: { ...chart.x, title: alignment! },
    lines: chart.lines.map((line) => {
      const scale = line.scales?.[at] ?? 1;
      // Every other number is an x; the y stay as they are.
      return { ...line, points: line.points.map((value, i) => (i % 2 === 0 ? value * scale : value)) };
    }),
  };
}
