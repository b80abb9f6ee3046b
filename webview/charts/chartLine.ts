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
  /** Stands beside what the chart is about: not told in its words. */
  readonly aside: boolean;
  /** Its values are samples, held until the next: only those get dots. */
  readonly held?: boolean;
}
