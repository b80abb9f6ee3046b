/** Losses in the style of other people's code, each in a file of its own under `foreign`. */
export interface ForeignLoss {
  readonly file: string;
  readonly name: string;
  /** The goal for the rewritten value on plain numbers, relative to the plain value. */
  readonly valueAtMost: number;
  /** The goal for value and gradient, relative to the plain value. */
  readonly atMost: number;
  /** The goal for value and gradient relative to the file's own `byHand`, if it has one. */
  readonly byHandAtMost?: number;
}

const goals = { valueAtMost: 2, atMost: 5 };

export const foreignLosses: readonly ForeignLoss[] = [
  { file: 'vectorClass.mjs', name: 'vector class', ...goals },
  { file: 'rungeKutta.mjs', name: 'Runge-Kutta solver', ...goals },
  { file: 'plainNet.mjs', name: 'net of 4,899 weights, callbacks', ...goals, byHandAtMost: 3 },
  { file: 'loopNet.mjs', name: 'net in nested arrays, loops', ...goals },
  { file: 'matrixClass.mjs', name: 'matrix class', ...goals },
  { file: 'pipeline.mjs', name: 'map and reduce', ...goals },
  { file: 'callbackOptimizer.mjs', name: 'optimizer with callbacks', ...goals },
  { file: 'namespaceImport.mjs', name: 'namespace import', ...goals },
  { file: 'bodies.mjs', name: 'bodies as objects', ...goals },
  { file: 'kalman.mjs', name: 'Kalman filter', ...goals },
  { file: 'hiddenMarkov.mjs', name: 'hidden Markov model', ...goals },
  { file: 'spline.mjs', name: 'cubic spline', ...goals },
  { file: 'mixture.mjs', name: 'Gaussian mixture', ...goals },
  { file: 'recurrentNet.mjs', name: 'recurrent net of closures', ...goals },
  { file: 'robotArm.mjs', name: 'robot arm', ...goals },
];
