import type { RunConfigPatch } from '../config/runConfig';
import type { Finding } from '../diagnosis/finding';

/**
 * What an analysis found, ready to be shown: one answer in words, then charts and tables. The dashboard and the command
 * line show any report; the analysis alone knows what it means.
 */
export interface Report {
  /** "Learning-rate range test" */
  readonly title: string;
  /** The answer, in one to three sentences. */
  readonly summary: string;
  readonly charts: readonly ReportChart[];
  readonly tables: readonly ReportTable[];
  /** How it was done and what it does not say, a paragraph each. */
  readonly notes: readonly string[];
  /** What of it stands in the source: faults of an optimizer of the user's own. Absent where there is none. */
  readonly findings?: readonly Finding[];
}

export interface ReportChart {
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly lines: readonly ReportLine[];
  /** Places on the x axis that have a name. */
  readonly marks: readonly { readonly name: string; readonly x: number }[];
}

export interface Axis {
  /** With its unit or symbol: "learning rate", "step". */
  readonly title: string;
  /** Log axis to begin with; the reader may change it. */
  readonly log: boolean;
}

export interface ReportLine {
  readonly name: string;
  /** x, y pairs, x ascending; a y that is not finite breaks the line. At most a few thousand pairs. */
  readonly points: Float64Array;
  /** Least and largest y at the same x, as pairs; null where there is no spread. */
  readonly band: Float64Array | null;
}

export interface ReportTable {
  readonly title: string;
  readonly columns: readonly { readonly title: string; readonly isNumber: boolean }[];
  readonly rows: readonly ReportRow[];
}

export interface ReportRow {
  /** One text a column. */
  readonly cells: readonly string[];
  /** What the row says of itself; shown as a mark and a word, never by colour alone. */
  readonly verdict: Verdict | null;
  /** A configuration that the reader may run with, or write to the annotation. */
  readonly patch: RunConfigPatch | null;
}

export type Verdict = 'pass' | 'fail' | 'best' | 'not applicable';
