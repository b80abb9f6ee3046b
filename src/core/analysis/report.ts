import { ofNegated } from '../ascent';
import type { RunConfigPatch } from '../config/runConfig';
import type { Finding } from '../diagnosis/finding';
import type { SourceLocation } from '../sourceLocation';
import type { VerdictKind } from '../verdict/verdict';

/**
 * The result of an analysis in a form that can be shown: a summary, charts and tables. The dashboard and the
 * command line show every report in the same way, without knowing the analysis.
 */
export interface Report {
  /** "Learning-rate range test" */
  readonly title: string;
  /** The answer, in one to three sentences. */
  readonly summary: string;
  /** Grids of runs. Absent if there are none. */
  readonly heatmaps?: readonly ReportHeatmap[];
  readonly charts: readonly ReportChart[];
  readonly tables: readonly ReportTable[];
  /** The method and its limits, one paragraph each. */
  readonly notes: readonly string[];
  /** Findings with a location in the source: errors in the user's own optimizer. Absent if there are none. */
  readonly findings?: readonly Finding[];
  /** What is wrong with the code that was checked, as a text for its name in the source. Absent if nothing is. */
  readonly problem?: string;
  /** Where the code that was checked threw. Absent if it did not. */
  readonly thrownAt?: SourceLocation;
}

export interface ReportChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly ReportLine[];
  /**
   * The quantities that the x axis can show, by which the lines are aligned; the first one is that of the points. Absent if there
   * is no choice.
   */
  readonly alignments?: readonly string[];
  /** Named positions on the x axis. */
  readonly marks: readonly { readonly name: string; readonly x: number }[];
}

export interface Axis {
  /** With its unit or symbol: "learning rate", "step". */
  readonly title: string;
  /** Whether the axis is initially logarithmic; the user may change it. */
  readonly log: boolean;
  /**
   * Larger values are drawn at the edge of the axis, which would otherwise show the size of a divergence and little else.
   * Absent if the axis shows all values.
   */
  readonly cut?: number;
}

export interface ReportLine {
  readonly name: string;
  /**
   * The subject of the line, if its name says more, such as an optimizer without its learning rate. Lines of one subject
   * have the same style in all charts of a report. Absent if it is the name.
   */
  readonly subject?: string;
  /** x, y pairs, x ascending; a y that is not finite breaks the line. At most a few thousand pairs. */
  readonly points: Float64Array;
  /** Pairs of the smallest and the largest y at the same x; null if there is no spread. */
  readonly band: Float64Array | null;
  /** For each of the alignments of the chart, the factor from x to its quantity. Absent if there is no choice. */
  readonly scales?: readonly number[];
}

/** The results of runs with every combination of the values of two options. */
export interface ReportHeatmap {
  readonly title: string;
  /** What `values` are: "final loss". */
  readonly quantity: string;
  readonly x: HeatmapAxis;
  /** null if only one option was changed. */
  readonly y: HeatmapAxis | null;
  /** Row by row (y), one for each cell; NaN for a cell without a result. */
  readonly values: Float64Array;
  /** Whether the colours are on a logarithmic scale. */
  readonly log: boolean;
  /** Whether a larger value is better. */
  readonly maximizes: boolean;
  readonly cells: readonly HeatmapCell[];
}

export interface HeatmapAxis {
  /** "optimizer.lr" */
  readonly title: string;
  readonly values: readonly string[];
}

export interface HeatmapCell {
  /** null while the run has no result. */
  readonly verdict: VerdictKind | null;
  /** Whether the run passed its stability limit; null if that is not known. */
  readonly isBeyondLimit: boolean | null;
  /** Whether it is the present configuration. */
  readonly isPresent: boolean;
  /** Everything about the cell in one line, such as "lr = 0.1, beta2 = 0.9: diverged at step 12". */
  readonly text: string;
  /** The id of its run; null if there is none. */
  readonly run: string | null;
  /** The values of the two options. */
  readonly patch: RunConfigPatch;
}

export interface ReportTable {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly isNumber: boolean }[];
  readonly rows: readonly ReportRow[];
}

export interface ReportRow {
  /** One text per column. */
  readonly cells: readonly string[];
  /** Shown as a mark and a word, never by colour alone. */
  readonly verdict: RowVerdict | null;
  /** A configuration that the user can run, or write to the annotation. */
  readonly patch: RunConfigPatch | null;
}

/** 'follows': the row failed because of another row, which has the verdict 'fail'. */
export type RowVerdict = 'pass' | 'fail' | 'follows' | 'best' | 'not applicable';

/** The report of an analysis that minimized the negated objective, with its texts about that. */
export function ofNegatedReport(report: Report): Report {
  const axis = (each: Axis): Axis => ({ ...each, title: ofNegated(each.title) });
  return {
    ...report,
    title: ofNegated(report.title),
    summary: ofNegated(report.summary),
    notes: report.notes.map(ofNegated),
    charts: report.charts.map((chart) => ({
      ...chart,
      title: ofNegated(chart.title),
      x: axis(chart.x),
      y: axis(chart.y),
      lines: chart.lines.map((line) => ({ ...line, name: ofNegated(line.name) })),
    })),
    tables: report.tables.map((table) => ({
      ...table,
      title: ofNegated(table.title),
      columns: table.columns.map((column) => ({ ...column, title: ofNegated(column.title) })),
      rows: table.rows.map((row) => ({ ...row, cells: row.cells.map(ofNegated) })),
    })),
  };
}
