import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import { recordLength, recordPlaces } from '../../../../src/core/trace/layout';
import { rosenbrock } from './losses';
import { recordRun } from './recordedRun';

/** Ten optimizers, by the names of their lines. */
const optimizers: { readonly [name: string]: RunConfigPatch['optimizer'] } = {
  'sgd lr=0.001': { name: 'sgd', lr: 0.001 },
  'momentum lr=0.0005': { name: 'sgd', lr: 0.0005, momentum: 0.9 },
  'adam lr=0.05': { name: 'adam', lr: 0.05 },
  'adamw lr=0.05 weightDecay=0.01': { name: 'adamw', lr: 0.05, weightDecay: 0.01 },
  'amsgrad lr=0.05': { name: 'adam', lr: 0.05, amsgrad: true },
  'adamax lr=0.05': { name: 'adamax', lr: 0.05 },
  'rmsprop lr=0.01': { name: 'rmsprop', lr: 0.01 },
  'adagrad lr=0.5': { name: 'adagrad', lr: 0.5 },
  'adabelief lr=0.05': { name: 'adabelief', lr: 0.05 },
  'signsgd lr=0.01': { name: 'signsgd', lr: 0.01 },
};

interface NamedLosses {
  readonly name: string;
  readonly points: Float64Array;
}

/** The losses of ten optimizers on Rosenbrock's valley, as x, y pairs. */
export function comparedLosses(steps: number): Promise<NamedLosses[]> {
  return Promise.all(
    Object.entries(optimizers).map(async ([name, optimizer]) => {
      const patch = { ...(optimizer && { optimizer }), steps, start: [-1.2, 1] };
      const { layout, records } = await recordRun(rosenbrock, patch, false);
      const width = recordLength(layout);
      const points = new Float64Array(2 * steps);
      for (let row = 0; row < steps; row++) {
        points[2 * row] = records[row * width + recordPlaces.t]!;
        points[2 * row + 1] = records[row * width + recordPlaces.loss]!;
      }
      return { name, points };
    }),
  );
}
