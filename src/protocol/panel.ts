/**
 * The boundary between the extension host and the dashboard. The host owns all runs; the panel shows one and
 * requests only the data that it draws. Numbers that may be non-finite are sent in a Float64Array, because a
 * webview message converts a plain NaN or infinity to null. Single numbers are sent in an array with named
 * places, see `scalarPlaces`.
 */

import type {
  Report,
  ReportChart,
  ReportHeatmap,
  ReportRow,
  ReportTable,
  RowVerdict,
} from '../core/analysis/report';
import type { SpreadCoordinates } from '../core/coordinates/coordinateSet';
import type { DiagnosisCode } from '../core/diagnosis/catalogue';
import type { Severity } from '../core/diagnosis/severity';
import type { Explanation } from '../core/explain/explanation';
import type { GradientMethod } from '../core/objective';
import type { SourceLocation } from '../core/sourceLocation';
import type { StopReason } from '../core/stopping';
import type { CoordinateQuantity, GlobalQuantity, Quantity } from '../core/trace/names';
import type { RunPhase, RunPhaseName } from '../core/trace/runPhases';
import type { RankName } from '../core/trace/vectorSample';
import type { VerdictKind } from '../core/verdict/verdict';
import type { ProblemCode } from '../loss/problem';
import type { TensorColumn } from '../recordings/tensorHistory';
import type { Packed } from './packedNumbers';

export type {
  CoordinateQuantity,
  Explanation,
  GlobalQuantity,
  Quantity,
  RankName,
  Report,
  ReportChart,
  ReportHeatmap,
  ReportRow,
  ReportTable,
  RowVerdict,
  RunPhase,
  RunPhaseName,
  TensorColumn,
  VerdictKind,
};

const onePerStep: { readonly [Q in GlobalQuantity]: true } = {
  loss: true,
  best: true,
  gradNorm: true,
  clipFactor: true,
  lr: true,
  beta: true,
  lossScale: true,
  underflow: true,
  overflow: true,
  watched: true,
  rms: true,
  updateNorm: true,
  updateNormP: true,
  predictedChange: true,
  actualChange: true,
  stability: true,
  stabilityLimit: true,
  muProduct: true,
};
/** The quantities with one series per run. The others have one series per coordinate. */
export const globalQuantities = Object.keys(onePerStep) as readonly GlobalQuantity[];

/** The formats of a saved chart. */
export type PictureFormat = 'png' | 'svg';

export type RunStatus =
  /** it waits until another run ends or is paused: to start or, if it has made steps, to continue */
  | 'queued'
  /** the module is being loaded */
  | 'loading'
  | 'running'
  | 'paused'
  | 'finished'
  /** it cannot continue: see `RunView.error` */
  | 'failed'
  /** the window closed or reloaded while it ran */
  | 'interrupted';

/** A failure of the run itself, not of the optimization: one sentence and its place. */
export interface RunError {
  readonly code: ProblemCode;
  readonly message: string;
  readonly location: SourceLocation | null;
}

/** Whether the fixes of a run's findings have been tried. */
export type VerificationStatus =
  /** not yet, and until then none is offered */
  | 'none'
  | 'running'
  /** those that help are offered, with their outcomes */
  | 'done'
  /** a setting switches verification off; fixes are offered without having been tried */
  | 'off';

export interface FixView {
  /** Unique within its finding. */
  readonly id: string;
  /** Whether it changes the configuration, or the source. */
  readonly kind: 'config' | 'edit';
  /** The change: "lr 0.02". */
  readonly title: string;
  /** The lowest loss of the run with the fix: "3.1e-9 at step 412"; null if it was not tried. */
  readonly outcome: string | null;
  /** The patch in the syntax of the annotation: "@optimizer sgd lr=0.001"; of an edit, the expression and its replacement. */
  readonly detail: string;
}

/** *Try it here*: the steps around a spike of a training, made again with changes. */
export interface ReplayView {
  readonly status: 'none' | 'running' | 'done';
  readonly done: number;
  readonly total: number;
  /** What was done, or why nothing was tried; null before. */
  readonly summary: string | null;
  /** The outcome without a change; null if nothing was tried. */
  readonly unchanged: string | null;
  /** The best first. `detail` is what to write in the script. */
  readonly tried: readonly {
    readonly label: string;
    readonly detail: string;
    readonly outcome: string;
    readonly helps: boolean;
  }[];
}

export interface FindingView {
  /** Unique within its run. */
  readonly id: string;
  readonly code: DiagnosisCode;
  readonly severity: Severity;
  /** The symptom, in one sentence. */
  readonly headline: string;
  /** The evidence and the cause. */
  readonly detail: string;
  /** What to change. */
  readonly advice: string;
  /** The operation of the loss that caused it, in one sentence; null where that is not known. */
  readonly origin: string | null;
  readonly steps: readonly [number, number];
  /** The first coordinates that it concerns, ascending; at most 1,000. */
  readonly coordinates: readonly number[];
  /** The number of all of them. */
  readonly coordinateCount: number;
  /** Pairs of name and formatted value. */
  readonly evidence: readonly (readonly [string, string])[];
  readonly location: SourceLocation | null;
  /** The fixes that are offered, best first. */
  readonly fixes: readonly FixView[];
  /** The outcome of the baseline run: "diverges at step 12"; null if no fix was tried, or none helps. */
  readonly now: string | null;
  /** null for a finding whose steps cannot be made again. */
  readonly replay: ReplayView | null;
  /** The reason why no fix is offered: "None of the 3 fixes tried helps: …"; null if there is none. */
  readonly fixesNote: string | null;
}

/** The verdict on a run, and the point with its lowest loss. */
export interface VerdictView {
  /** Stands for the id of a finding where one of the verdict's fixes is chosen. */
  readonly id: string;
  readonly kind: VerdictKind;
  readonly headline: string;
  readonly detail: string;
  /** In [0, 1]. */
  readonly certainty: number;
  /** The parameters at the lowest loss, in the order of the coordinates; the first ones of a long vector. */
  readonly fitted: Float64Array;
  /** The number of steps before that point; 0 for the start. */
  readonly fittedAt: number;
  /** Whether that loss is one draw, or of another function than the other losses. */
  readonly isBestLucky: boolean;
  /** The configurations that reach a lower loss, best first. */
  readonly fixes: readonly FixView[];
  /** What the current configuration leads to; null if there are no fixes. */
  readonly now: string | null;
  /** Why there are no fixes, and what the search for them has spent; null if there was none. */
  readonly fixesNote: string | null;
}

/** An entry of the history: a run or a report. */
export interface RunSummary {
  readonly id: string;
  readonly lossName: string;
  /** "adam lr 0.05" */
  readonly title: string;
  readonly status: RunStatus;
  /** "1000 steps, loss 3.1e-4", "stopped by you at 312", "interrupted at step 4021". */
  readonly outcome: string;
  readonly startedAt: number;
}

/** A quantity of the run that a chart can show. */
export interface QuantityView {
  readonly quantity: Quantity;
  /** "Effective learning rate" */
  readonly title: string;
  /** "a/P" or "lr / (sqrt(vHat) + eps)" */
  readonly symbol: string;
  /** Its meaning or formula in one line, for the hover of the title. */
  readonly formula: string;
  /** The heading of `docs/glossary.md` that explains it. */
  readonly term: string;
  /** Whether it can be negative. Such a quantity is never drawn on a logarithmic axis. */
  readonly signed: boolean;
}

/** The selected report: an analysis of a loss, running or done. It is shown in place of a run. */
export interface ReportView {
  readonly id: string;
  /** "Compare optimizers" */
  readonly title: string;
  readonly lossName: string;
  readonly file: string;
  readonly location: SourceLocation;
  /** The options that differ from the defaults, in the syntax of the annotation. */
  readonly config: readonly (readonly [string, string])[];
  readonly status: 'running' | 'finished' | 'failed' | 'stopped';
  /** The numbers of finished and planned runs. */
  readonly progress: readonly [done: number, total: number];
  readonly error: RunError | null;
  /** null until there is a result. The lines of its charts contain Float64Arrays. */
  readonly report: Report | null;
}

/** How the stability of a run's steps is measured. */
export interface StabilitySampling {
  /** Steps between two samples. */
  readonly every: number;
  /** Steps between two samples near the limit. */
  readonly closerEvery: number;
  /** The first step at which a sample is meaningful. Before it, the optimizer's momentum is still accumulating. */
  readonly settledFrom: number;
}

/** What the names of the coordinates of a run follow from. */
export interface NamesView {
  /** See `NameEntry`; null if the coordinates have no names. */
  readonly entries: readonly string[] | null;
  /** The name of the parameter vector; null if it is not known. */
  readonly vector: string | null;
}

/** The selected run without its values, which are sent in frames. It is sent as a whole on every change except a new step. */
/** A recorded training. */
export interface TrainingView {
  /** The class of the optimizer with its module: "torch.optim.adamw.AdamW". */
  readonly optimizer: string;
  /** Whether the optimizer has formulas here, so that quantities are derived from its state. */
  readonly hasFormulas: boolean;
  /** "rank 0 of 2"; null for a training in one process. */
  readonly rank: string | null;
  /** The number of parameter tensors. */
  readonly tensors: number;
  /** The options of each parameter group at the start, as torch names them: [["lr", "0.001"], …]. */
  readonly groups: readonly (readonly (readonly [string, string])[])[];
}

/** A parameter tensor of a recorded training. */
export interface TensorView {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly group: number;
  /** The number of its coordinates that its statistics use. */
  readonly sampled: number;
  /** The coordinates of the run whose exact values are recorded. */
  readonly coordinates: readonly number[];
}

/** What is recorded of all tensors at a step. */
export interface TensorsAtStep {
  /** The recorded step that is nearest to the requested one. */
  readonly step: number;
  readonly columns: readonly TensorColumn[];
  /** Shape [tensors, columns]; NaN where a tensor had no gradient. */
  readonly values: Float64Array;
}

/** A statistic of all tensors over the steps. */
export interface TensorMap {
  /** At most 200, ascending. */
  readonly steps: Float64Array;
  /** Shape [tensors, steps]; NaN where a tensor had no gradient. */
  readonly values: Float64Array;
}

export interface RunView {
  readonly id: string;
  readonly lossName: string;
  /** The file, relative to the workspace, and the place of the name of the loss in it. */
  readonly file: string;
  readonly location: SourceLocation;
  readonly status: RunStatus;
  /** What a recording says of its training; null for the run of a loss. Nothing of a training can be evaluated. */
  readonly training: TrainingView | null;
  /** Whether it can be paused, stepped and given another learning rate during the run. */
  readonly hasControl: boolean;
  /**
   * Whether its loss may be evaluated for the contour: a command of this window ran it, or the user requested
   * the contour.
   */
  readonly mayEvaluate: boolean;
  /** The files, relative to the workspace, whose text in an open editor is not the one that the run loaded. */
  readonly editedFiles: readonly string[];
  /** Steps done so far. */
  readonly steps: number;
  /** Steps planned. */
  readonly plannedSteps: number;
  readonly stopped: StopReason | null;
  /** The id of the report on the sweep that made it; null if there is none. */
  readonly sweep: string | null;
  readonly error: RunError | null;
  /** Warnings that did not end the run, such as too much console output. */
  readonly warnings: readonly RunError[];
  readonly dim: number;
  /** What the names of all coordinates follow from (`CoordinateLayout`). Its size does not depend on their number. */
  readonly names: NamesView;
  /** The coordinates whose values are recorded, or were computed later, ascending; all of them unless dim is large. */
  readonly coordinates: SpreadCoordinates;
  /** Whether distributions over all coordinates are recorded, and coordinates are ranked: the run has many. */
  readonly hasBands: boolean;
  /** The quantities with a heatmap; none for a run with few coordinates. */
  readonly mapped: readonly Quantity[];
  /** The number of levels of named groups that a heatmap can have as rows (`CoordinateLayout.level`); 0 without groups. */
  readonly groupLevels: number;
  /** The number of steps from one kept value to the next: 1, except in runs of millions of steps. */
  readonly stride: number;
  /** null before the loss is loaded. */
  readonly gradientMode: GradientMethod | null;
  /** What computes an exact gradient: "torch autograd"; null if Adamscope itself does, or the gradient is not exact. */
  readonly gradientBy: string | null;
  /** How the gradient is computed, and the heading of `docs/glossary.md` about it; null before the loss is loaded. */
  readonly gradientHelp: { readonly term: string; readonly text: string } | null;
  /** The accuracy of finite differences in words; null if the loss computes in double precision. */
  readonly gradientAccuracy: string | null;
  /** With what a loss is evaluated that runs in another interpreter than this one: [["interpreter", "/usr/bin/python3 (…)"]]. */
  readonly environment: readonly (readonly [string, string])[];
  /** The options that differ from the defaults, in annotation syntax: [["optimizer", "adam lr=0.05"]]. */
  readonly config: readonly (readonly [string, string])[];
  readonly seed: number;
  /** Whether a larger value of the user's function is better. */
  readonly maximizes: boolean;
  /** The quantities of this optimizer, in display order. For example, sgd has no vHat. */
  readonly quantities: readonly QuantityView[];
  /** A text about the optimizer's bound on abs(update)/lr, or why there is none. */
  readonly boundNote: string;
  /** null until the run has ended, and if it made no step. */
  readonly verdict: VerdictView | null;
  readonly findings: readonly FindingView[];
  /** The revision of the findings and offered fixes. A call with an older revision is refused. */
  readonly revision: number;
  /**
   * The state of the verification of the fixes of the findings, with the numbers of finished and planned
   * runs.
   */
  readonly verification: {
    readonly status: VerificationStatus;
    readonly done: number;
    readonly total: number;
  };
  /** The changes of the learning rate by the user during the run: [step, lr]. */
  readonly lrChanges: readonly (readonly [number, number])[];
  /** null where it is not measured. */
  readonly stability: StabilitySampling | null;
  /** Numbers that may be non-finite, see `scalarPlaces`; NaN if not known yet. */
  readonly scalars: Float64Array;
}
/** The indices in `scalars`. */
export const scalarPlaces = {
  /** The loss before the last step. */
  lossNow: 0,
  bestLoss: 1,
  bestStep: 2,
  lrNow: 3,
  gradNormNow: 4,
  /** The step at which the stability value passed its limit, or is predicted to pass it; NaN if neither. */
  unstableAt: 5,
  /** The expected rise of the loss; infinite if unbounded; NaN if negligible. */
  rebound: 6,
  /** The loss at the final point. */
  finalLoss: 7,
} as const;

/** The current view of the panel. The host sends frames for it until it changes. */
export interface ViewRequest {
  readonly runId: string;
  /** The requested first and last step (1-based, inclusive); null for the whole run as it grows. */
  readonly range: readonly [number, number] | null;
  /** The requested number of buckets: the width of a chart in pixels. */
  readonly width: number;
  readonly quantities: readonly Quantity[];
  readonly coordinates: readonly number[];
  /** The quantities whose moving average is requested too, with its weight in percent. */
  readonly smoothing: readonly (readonly [Quantity, number])[];
  /** Whether the path over the contour is requested (dim 2). */
  readonly path: boolean;
}

/** One line of one chart. */
export interface Series {
  readonly quantity: Quantity;
  /** The index of the coordinate; −1 for a global quantity. */
  readonly coordinate: number;
  /**
   * Four numbers per bucket: its first step, its smallest and largest finite value (NaN, NaN if none), and
   * the number of its values that are not finite. In a bucket with one step, the smallest and largest value
   * are equal.
   */
  readonly envelope: Float64Array;
  /** The moving average in the same format, with one value per bucket; absent if it is not requested. */
  readonly smoothed?: Float64Array;
}

/** A reference line, as [step, value] pairs at the buckets. `absUpdate` has two: lr and lr·B(t). */
export interface ReferenceLine {
  readonly quantity: Quantity;
  readonly name: 'lr' | 'bound';
  readonly points: Float64Array;
}

/** The distribution of a quantity over all coordinates. */
export interface Band {
  readonly quantity: Quantity;
  /**
   * Eight numbers per sample: its step, the least value, the quantiles 5, 25, 50, 75 and 95 %, and the largest value. The samples
   * of the requested range and the next one on each side.
   */
  readonly points: Float64Array;
}

/** A coordinate and why it matters. */
export interface Mattering {
  readonly coordinate: number;
  readonly rank: RankName;
}

export interface Frame {
  readonly runId: string;
  readonly seq: number;
  /** The first and last step that the frame covers (1-based, inclusive); [0, 0] if there are none. */
  readonly range: readonly [number, number];
  /**
   * The number of finished steps when the frame was made. `steps` and `scalars` are newer than in the
   * RunView.
   */
  readonly steps: number;
  readonly scalars: Float64Array;
  readonly series: readonly Series[];
  readonly references: readonly ReferenceLine[];
  /** Those of the requested quantities; none for a run with few coordinates. */
  readonly bands: readonly Band[];
  /** The recorded coordinates that matter most at the last ranked step, at most five; none for a run with few coordinates. */
  readonly mattering: readonly Mattering[];
  /**
   * The parameters from theta_0 on as x, y pairs, reduced to a few thousand pairs; empty if not requested.
   */
  readonly path: Float64Array;
  /** The step after which each point of `path` was reached; 0 is the start. */
  readonly pathSteps: Float64Array;
  /** The loss at each point of `path`; NaN where it is not recorded. */
  readonly pathLosses: Float64Array;
}

/**
 * The loss on a grid, for the contour. values[j * columns + i] is at x_i, y_j, and may be NaN or infinite.
 */
export interface Grid {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly columns: number;
  readonly rows: number;
  readonly values: Float64Array;
}

/** The exact values of some steps, for the table views and the cursor's inspector. */
export interface Rows {
  readonly columns: readonly { readonly quantity: Quantity; readonly coordinate: number }[];
  /** The steps of the rows. */
  readonly steps: readonly number[];
  /** values[row * columns.length + column]. Also NaN if the value is not kept (see `kept`). */
  readonly values: Float64Array;
  /** For each row, false if only the envelope of the step is kept, as in very long runs. */
  readonly kept: readonly boolean[];
}

/** A quantity by block or group of coordinates and step. */
export interface HeatmapView {
  /** The level of the groups that are the rows; 0: the rows are blocks of equal length. */
  readonly level: number;
  /** The sampled steps, ascending: shape [columns], at most 200. */
  readonly steps: Float64Array;
  /** The first coordinate of each row, and the number of coordinates: shape [rows + 1], at most 65. */
  readonly starts: Float64Array;
  /**
   * The median of abs(value) of each block, or the root mean square of each group, at each step, at [row * columns + column]; NaN if
   * it has no value.
   */
  readonly values: Float64Array;
}

/** The coordinates that matter after a step, by reason. */
export interface RankingView {
  /** The ranked step that is nearest to the requested one. */
  readonly step: number;
  readonly ranks: readonly {
    readonly name: RankName;
    readonly coordinates: readonly number[];
    readonly values: Float64Array;
  }[];
  /** The number of coordinates whose gradient was 0 at every step so far. */
  readonly dead: number;
}

/** The path of a run in a plane of the parameters. */
export interface PlaneView extends Pick<Frame, 'path' | 'pathSteps' | 'pathLosses'> {
  /** The two principal directions of the path, or the plane through start, end and the point with the lowest loss. */
  readonly kind: 'principal' | 'startEndBest';
  /** One number: the share of the path's variance that the plane contains; NaN if it is not known. */
  readonly share: Float64Array;
}

/** Steps that stand out; 0 where there is none. A loss belongs to the point before its step. */
export interface Extremes {
  readonly largestUpdate: number;
  readonly largestGradient: number;
  readonly lowestLoss: number;
}

/**
 * The functions of the host that the panel calls. Every call settles. A failed call rejects with one
 * sentence.
 */
export interface HostApi {
  /** The panel can draw. The host answers with `setRuns`, `setRun` and frames. */
  ready(): void;
  setView(view: ViewRequest): void;
  /** The frame with this number has been drawn. The host may send the next one. */
  ack(seq: number): void;
  rows(
    runId: string,
    steps: readonly number[],
    quantities: readonly Quantity[],
    coordinates: readonly number[],
  ): Promise<Rows>;
  /**
   * Repeats steps of a run for the history of a coordinate that it did not record, and sends the run again. A further call, and
   * `stopFillIn`, cancel it: it rejects.
   *
   * @param range  the steps [from, to]; null: all steps so far
   */
  fillIn(runId: string, coordinate: number, range: readonly [number, number] | null): Promise<void>;
  stopFillIn(): void;
  /**
   * null if the run has no samples of the quantity, as one with few coordinates.
   *
   * @param level  of the groups that are the rows; 0 for blocks
   */
  heatmap(runId: string, quantity: Quantity, level: number): Promise<HeatmapView | null>;
  /** null if no step of the run is ranked, as for a run with few coordinates. */
  ranking(runId: string, step: number): Promise<RankingView | null>;
  /** The parameter tensors of a recorded training; empty for the run of a loss. */
  tensors(runId: string): Promise<readonly TensorView[]>;
  /** Of a recorded training: the recorded step that is `by` recorded steps after another one, negative: before; within the recording. */
  recordedStep(runId: string, step: number, by: number): Promise<number>;
  /** null if no step is recorded yet. */
  tensorsAt(runId: string, step: number): Promise<TensorsAtStep | null>;
  /** null if no step is recorded yet. */
  tensorMap(runId: string, column: TensorColumn): Promise<TensorMap | null>;
  /**
   * Explains the update of a coordinate at a step. A step that is not recorded is made again, which evaluates the loss, if
   * `mayReplay`; else the answer is null. A further call cancels it.
   */
  explainUpdate(
    runId: string,
    step: number,
    coordinate: number,
    mayReplay: boolean,
  ): Promise<Packed<Explanation> | null>;
  /** What dominates the stretches of a run, as far as it has come. */
  phases(runId: string): Promise<readonly RunPhase[]>;
  /** The steps that stand out. */
  extremes(runId: string): Promise<Extremes>;
  /** Cancels the replay of `explainUpdate`, which then rejects. */
  stopExplaining(): void;
  grid(runId: string, x: readonly [number, number], y: readonly [number, number]): Promise<Grid>;
  /** The plane that shows the path of a run with more than two coordinates; null if there is none, or not yet. */
  plane(runId: string): Promise<PlaneView | null>;
  /** The loss on a grid of that plane. A further call cancels it. */
  planeGrid(runId: string, x: readonly [number, number], y: readonly [number, number]): Promise<Grid>;
  /** Cancels the evaluation of `planeGrid`, which then rejects. */
  stopPlaneGrid(): void;
  /** Allows `grid` for a run of an earlier VS Code window. Rejects where the workspace is not trusted. */
  allowGrid(runId: string): void;
  /** @param id  the id of a run or a report */
  selectRun(id: string): void;
  /** The user has moved the step cursor. */
  cursorMoved(runId: string, step: number): void;
  /** Debugs the loss of a run, or, of a run that is read from a file, its steps. */
  debug(runId: string): void;
  /** Runs the loss of a run again, with its current source and annotation. */
  runAgain(runId: string): void;
  pause(runId: string): void;
  resume(runId: string): void;
  /** Makes one step of a paused run. */
  step(runId: string): void;
  /** Stops a run, which may not have begun, or a report. */
  stop(id: string): void;
  setLr(runId: string, lr: number): void;
  configure(runId: string): void;
  /** Copies the parameters at the lowest loss to the clipboard, as a JSON array. */
  copyFitted(runId: string): void;
  reveal(location: SourceLocation): void;
  /** Writes a fix into the annotation, or shows its edit of the source, which the user applies there. Rejects if the findings or fixes of the run have changed since `revision`. */
  applyFix(runId: string, revision: number, findingId: string, fixId: string): void;
  /** Runs again with a fix, without changing the source. Rejects as `applyFix` does. */
  runWithFix(runId: string, revision: number, findingId: string, fixId: string): void;
  /** Runs again with a fix, and shows the comparison with this run when it has ended. Rejects as `applyFix` does. */
  compareWithFix(runId: string, revision: number, findingId: string, fixId: string): void;
  /** Makes the steps around a spike of a training again with a loss of the workspace, and tries changes. */
  tryHere(runId: string, findingId: string): void;
  /** Ends it without a result. */
  stopTrying(runId: string, findingId: string): void;
  /** Opens the documentation page of a diagnosis. */
  explain(code: DiagnosisCode): void;
  /** Opens the glossary at the entry of a term, `QuantityView.term` or `RunView.gradientHelp`. */
  openGlossary(term: string): void;
  /** Writes the configuration of a row of a report into the annotation of its loss. */
  applyRow(reportId: string, table: number, row: number): void;
  /** Runs the loss of a report with the configuration of a row, without changing the source. */
  runRow(reportId: string, table: number, row: number): void;
  /** Shows the run of a cell of a heatmap; runs the cell if it has none. */
  openCell(reportId: string, heatmap: number, cell: number): void;
  openSamples(): void;
  /**
   * Asks for a file and writes the picture of a chart to it.
   *
   * @param name     proposed for the file, without an ending
   * @param content  the text of an SVG, or a PNG in base64
   */
  savePicture(name: string, format: PictureFormat, content: string): void;
}

/** The functions of the panel that the host calls. */
export interface PanelApi {
  setRuns(runs: readonly RunSummary[], selected: string | null): void;
  /** Replaces the run or report that is shown. null if nothing has run yet. */
  setRun(run: RunView | null): void;
  /** Shows a report. */
  setReport(report: ReportView): void;
  frame(frame: Frame): void;
  /** Moves the step cursor to a step, if this run is shown. */
  goTo(runId: string, step: number): void;
  /** Moves the step cursor of the run that is shown. @param by  a number of steps, negative: back */
  moveCursor(by: number): void;
}
