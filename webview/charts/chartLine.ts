/** One line of a chart, drawn straight from the host's buckets. */
export interface ChartLine {
  readonly name: string;
  readonly envelope: Float64Array;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
  /** Written at the line's right end; empty for none. */
  readonly endLabel: string;
  /** Where it is not finite there is simply none: an optimizer of the run has no such quantity. */
  readonly mayBeBlank: boolean;
  /** A reference line, which is not part of the chart's text. */
  readonly aside: boolean;
  /** Its values are samples that hold until the next one; only samples get dots. */
  readonly held?: boolean;
}
