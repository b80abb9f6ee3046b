/** One line of a chart, drawn directly from the buckets of the host. */
export interface ChartLine {
  readonly name: string;
  readonly envelope: Float64Array;
  readonly colour: string;
  readonly dash: readonly number[];
  readonly width: number;
  /** The label at the right end of the line; empty for none. */
  readonly endLabel: string;
  /** A value that is not finite may be missing: an optimizer of the run does not have the quantity. */
  readonly mayBeBlank: boolean;
  /** A reference line, which is not part of the chart's text. */
  readonly aside: boolean;
  /** The coordinate whose quantity it shows; absent for a quantity of the step. */
  readonly coordinate?: number;
  /** The values are samples, each of which is valid until the next sample. Only samples have dots. */
  readonly held?: boolean;
}
