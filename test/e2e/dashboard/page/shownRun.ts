import { recordLength } from '../../../../src/core/trace/layout';
import { Trace } from '../../../../src/core/trace/trace';
import { frameOf, rowsOf } from '../../../../src/host/panel/frame';
import { viewOf } from '../../../../src/host/panel/runView';
import type { LossProblem } from '../../../../src/loss/problem';
import { type Packed, packed } from '../../../../src/protocol/packedNumbers';
import type {
  Explanation,
  Frame,
  Quantity,
  Rows,
  RunStatus,
  RunView,
  ViewRequest,
} from '../../../../src/protocol/panel';
import { explained, recordedSteps } from '../../../../src/runs/explainedUpdate';
import { Run } from '../../../../src/runs/run';
import { newRecord } from '../../../../src/runs/runRecord';
import { parameterName, type RecordedRun, verified } from './recordedRun';

export const location = { file: '/workspace/src/fit.ts', line: 12, column: 17, endLine: 12, endColumn: 27 };

export interface Shown {
  readonly id: string;
  readonly lossName: string;
  readonly status?: RunStatus;
  /** The number of steps so far; the whole run if absent. */
  readonly steps?: number;
  /** The number of steps from one kept record to the next. */
  readonly stride?: number;
  readonly problems?: readonly LossProblem[];
  readonly lrChanges?: readonly (readonly [number, number])[];
  /**
   * Whether the run reports its findings, whose fixes are then tried. Otherwise, the findings in `rest` are
   * shown.
   */
  readonly diagnosed?: boolean;
  /** false: its source cannot be controlled. */
  readonly hasControl?: boolean;
  /** false: it is from an earlier VS Code window, and the user has not requested an evaluation of its loss. */
  readonly mayEvaluate?: boolean;
  /** Replacements in the view, for states that no run of these losses reaches. */
  readonly rest?: Partial<RunView>;
}

/** A run of the core as the host stores and shows it, up to some step. */
export class ShownRun {
  readonly run: Run;
  readonly #recorded: RecordedRun;
  readonly #rest: Partial<RunView>;

  private constructor(recorded: RecordedRun, shown: Shown) {
    const { id, lossName, status = 'finished', steps = recorded.steps, stride = 1 } = shown;
    const { config, start, layout, outcome } = recorded;
    const record = newRecord(id, 2, {
      source: {
        language: 'javascript',
        ...{ file: location.file, exportName: lossName, lossName, location, parameterName },
        ...{
          form: { vector: { kind: 'array' }, context: true },
          startExport: null,
          gradient: null,
          validation: null,
          texts: [],
        },
      },
      lossText: '',
      config,
      overrides: {},
    });
    record.status = status;
    record.problems = shown.problems ?? [];
    record.lrChanges = shown.lrChanges ?? [];
    this.#recorded = recorded;
    this.#rest = shown.rest ?? {};
    this.run = new Run(record);
    this.run.hasControl = shown.hasControl ?? true;
    this.run.mayEvaluate = shown.mayEvaluate ?? true;
    // Before the loss is loaded, these values are unknown.
    if (status !== 'loading' && steps > 0) {
      record.start = start;
      record.layout = layout;
      record.gradientMode = 'exact';
      this.run.trace = new Trace(layout, start, { stride });
      this.advance(steps);
    }
    if (status === 'finished') {
      record.outcome = outcome;
      record.stopped = outcome.stopped;
    }
  }

  static async of(recorded: RecordedRun, shown: Shown): Promise<ShownRun> {
    const made = new ShownRun(recorded, shown);
    if (shown.diagnosed) await made.#tryFixes();
    return made;
  }

  async #tryFixes(): Promise<void> {
    const { run } = this;
    const { findings } = this.#recorded;
    const { fixes, refusals } = await verified(this.#recorded, run.quantities!.has('stability'));
    run.record.findings = findings.map((finding, i) => ({ ...finding, fixes: fixes[i]! }));
    run.record.verification = 'done';
    run.refusals = refusals;
  }

  /** Continues up to this step. */
  advance(steps: number): void {
    const { records, layout } = this.#recorded;
    const { record, trace } = this.run;
    const width = recordLength(layout);
    for (let t = trace!.steps; t < steps; t++) trace!.append(records, t * width);
    this.run.samples = this.#recorded.samples.filter(({ t }) => t <= steps);
    record.steps = steps;
  }

  /** The view of the run for the panel. */
  get view(): RunView {
    return { ...viewOf(this.run, 'src/fit.ts', null), ...this.#rest };
  }

  frame(view: ViewRequest, seq: number): { frame: Frame; isWhole: boolean } {
    return frameOf(this.run, view, seq);
  }

  rows(steps: readonly number[], quantities: readonly Quantity[], coordinates: readonly number[]): Rows {
    return rowsOf(this.run, steps, quantities, coordinates);
  }

  /** The explanation from the records in memory; null if it needs a replay. */
  explanation(step: number, coordinate: number, mayReplay: boolean): Packed<Explanation> | null {
    const steps = recordedSteps(this.run, step, coordinate);
    if (steps) return packed(explained(this.run, step, coordinate, steps));
    if (mayReplay) throw new Error('The replay was cancelled.');
    return null;
  }

  lossAtPoint(point: Float64Array): number {
    return this.#recorded.loss.value(point);
  }

  /** The loss on a grid. In the product, the host evaluates it in a separate process. */
  lossAt(x: number, y: number): number {
    return this.#recorded.loss.value(Float64Array.of(x, y));
  }
}
