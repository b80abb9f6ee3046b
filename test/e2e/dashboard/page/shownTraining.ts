import type { Finding } from '../../../../src/core/diagnosis/finding';
import { recordLength, type StepLayout } from '../../../../src/core/trace/layout';
import { Trace } from '../../../../src/core/trace/trace';
import { frameOf, rowsOf } from '../../../../src/host/panel/frame';
import { viewOf } from '../../../../src/host/panel/runView';
import type { Quantity, RunStatus, RunView, ViewRequest } from '../../../../src/protocol/panel';
import { tensorColumns } from '../../../../src/recordings/tensorHistory';
import { Run } from '../../../../src/runs/run';
import type { RunDescription } from '../../../../src/runs/runOrder';
import { newRecord } from '../../../../src/runs/runRecord';

/** A recording as its reader finds it. */
export interface RecordingContent {
  readonly description: RunDescription;
  readonly layout: StepLayout;
  /** Step records, one after the other. */
  readonly records: readonly number[];
  /** Of each row; null where nothing is recorded of the tensors. */
  readonly tensors: readonly { readonly t: number; readonly values: readonly number[] | null }[];
  readonly findings: readonly Finding[];
}

export interface ShownRecording {
  readonly id: string;
  readonly status?: RunStatus;
  /** The number of rows so far; absent: all. */
  readonly rows?: number;
}

/** The recording of a training as the host stores and shows it. */
export class ShownTraining {
  readonly run: Run;
  readonly #content: RecordingContent;

  constructor(content: RecordingContent, { id, status = 'finished', rows }: ShownRecording) {
    this.#content = content;
    const { description, layout, findings } = content;
    const record = newRecord(id, 2, description);
    Object.assign(record, { status, layout, findings });
    this.run = new Run(record);
    this.run.hasControl = false;
    const unknown = layout.coordinates.map(() => Number.NaN);
    this.run.trace = new Trace(layout, unknown, { isIrregular: true });
    this.advance(rows ?? content.tensors.length);
  }

  /** Continues up to this row. */
  advance(rows: number): void {
    const { layout, records, tensors } = this.#content;
    const width = recordLength(layout);
    const trace = this.run.trace!;
    const data = Float64Array.from(records);
    for (let row = trace.rows; row < rows; row++) {
      trace.append(data, row * width);
      const { t, values } = tensors[row]!;
      if (values) this.run.tensors!.add({ t, values: Float32Array.from(values) });
    }
    this.run.record.steps = trace.steps;
  }

  get view(): RunView {
    return viewOf(this.run, 'characters.py', null);
  }

  frame(view: ViewRequest, seq: number) {
    return frameOf(this.run, view, seq);
  }

  rows(steps: readonly number[], quantities: readonly Quantity[], coordinates: readonly number[]) {
    return rowsOf(this.run, steps, quantities, coordinates);
  }

  explanation(): never {
    throw new Error('Nothing of a training is explained.');
  }

  lossAtPoint(): never {
    throw new Error('The loss of a training is not evaluated.');
  }

  lossAt(): never {
    throw new Error('The loss of a training is not evaluated.');
  }
}

/** The same training by an optimizer that is not known here. */
export function byUnknownOptimizer(content: RecordingContent): RecordingContent {
  const recording = { ...content.description.recording!, module: 'own', optimizer: 'Lion' };
  return { ...content, description: { ...content.description, recording } };
}

/** The recording with every n-th row only, as of a training with quick steps. */
export function everyRow(content: RecordingContent, n: number): RecordingContent {
  const width = recordLength(content.layout);
  const isKept = (row: number) => row % n === 0;
  return {
    ...content,
    records: content.records.filter((_, i) => isKept(Math.floor(i / width))),
    tensors: content.tensors.filter((_, row) => isKept(row)),
  };
}

/** The recording of a training in which the first tensor has no gradient. */
export function withoutGradient(content: RecordingContent): RecordingContent {
  const width = tensorColumns.length;
  return {
    ...content,
    tensors: content.tensors.map(({ t, values }) => ({
      t,
      values: values?.map((value, i) => (i < width ? Number.NaN : value)) ?? null,
    })),
  };
}

/** A model of several copies of the recorded one, of which only the first has recorded coordinates. */
export function repeated(content: RecordingContent, copies: number): RecordingContent {
  const recording = content.description.recording!;
  const { tensors, dim } = recording;
  const copied = Array.from({ length: copies }, (_, copy) =>
    tensors.map((tensor) => ({
      ...tensor,
      name: `layers.${copy}.${tensor.name}`,
      first: tensor.first + copy * dim,
    })),
  ).flat();
  return {
    ...content,
    description: {
      ...content.description,
      recording: { ...recording, tensors: copied, dim: dim * copies },
    },
    layout: { ...content.layout, dim: dim * copies },
    tensors: content.tensors.map(({ t, values }) => ({
      t,
      values:
        values && Array.from({ length: copies }, (_, copy) => values.map((each) => each / (copy + 1))).flat(),
    })),
  };
}
