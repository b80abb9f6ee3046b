import type { StabilityPoint } from '../../../../src/core/diagnosis/outlook';
import { glossaryTerms } from '../../../../src/core/trace/glossaryTerms';
import type { Quantity, QuantityView } from '../../../../src/protocol/panel';

/** A loss with its gradient, for the synthetic runs. */
export interface Problem {
  readonly dim: number;
  value(params: Float64Array): number;
  gradient(params: Float64Array, into: Float64Array): void;
  /** Of two coordinates: f_xx, f_xy, f_yy. */
  hessian?(params: Float64Array): readonly [number, number, number];
}

/** Rosenbrock's valley; Adam walks along it. */
export const rosenbrock: Problem = {
  dim: 2,
  value: ([x = 0, y = 0]) => (1 - x) ** 2 + 100 * (y - x * x) ** 2,
  gradient: ([x = 0, y = 0], into) => {
    into[0] = -2 * (1 - x) - 400 * x * (y - x * x);
    into[1] = 200 * (y - x * x);
  },
  hessian: ([x = 0, y = 0]) => [2 - 400 * (y - 3 * x * x), -400 * x, 200],
};

/** x² − y² + y⁴/4: from y = 0 one arrives between the two minima at y = ±√2. */
export const saddle: Problem = {
  dim: 2,
  value: ([x = 0, y = 0]) => x ** 2 - y ** 2 + y ** 4 / 4,
  gradient: ([x = 0, y = 0], into) => {
    into[0] = 2 * x;
    into[1] = -2 * y + y ** 3;
  },
  hessian: ([, y = 0]) => [2, 0, -2 + 3 * y * y],
};

/** Undefined left of zero, to have holes in the contour; its gradient descent from afar is fine. */
export const logBarrier: Problem = {
  dim: 2,
  value: ([x = 0, y = 0]) => x - Math.log(x) + (y - 1) ** 2,
  gradient: ([x = 0, y = 0], into) => {
    into[0] = 1 - 1 / x;
    into[1] = 2 * (y - 1);
  },
};

/** A bowl whose curvature grows from 1 to 100 over the coordinates. */
export function bowl(dim: number): Problem {
  const curvature = (i: number) => 100 ** (i / Math.max(1, dim - 1));
  return {
    dim,
    value: (params) => params.reduce((sum, value, i) => sum + 0.5 * curvature(i) * value * value, 0),
    gradient: (params, into) => {
      for (let i = 0; i < dim; i++) into[i] = curvature(i) * params[i]!;
    },
  };
}

export interface Trace {
  readonly steps: number;
  readonly dim: number;
  readonly quantities: readonly QuantityView[];
  /** One array a quantity and coordinate (key "loss" or "m/3"), a value a step. */
  readonly columns: ReadonlyMap<string, Float64Array>;
  /** x, y pairs from the start on. */
  readonly path: Float64Array;
  readonly boundNote: string;
  /** lr and lr times the bound at a step; null without a bound. */
  readonly references: ((step: number) => { readonly lr: number; readonly bound: number }) | null;
  /** Samples of the stability; empty where it is not measured. */
  readonly stability: readonly StabilityPoint[];
}

export function columnKey(quantity: Quantity, coordinate: number): string {
  return coordinate < 0 ? quantity : `${quantity}/${coordinate}`;
}

const words: { readonly [Q in Quantity]?: Omit<QuantityView, 'quantity' | 'term'> } = {
  loss: { title: 'Loss', symbol: 'f(θ)', formula: 'The loss before the step', signed: true },
  best: { title: 'Best loss', symbol: 'min f', formula: 'The least loss so far', signed: true },
  gradNorm: {
    title: 'Gradient norm',
    symbol: '‖g‖',
    formula: 'The Euclidean norm of the gradient',
    signed: false,
  },
  clipFactor: {
    title: 'Clip factor',
    symbol: 'c',
    formula: 'What the gradient is multiplied by',
    signed: false,
  },
  lr: { title: 'Learning rate', symbol: 'lr', formula: 'The learning rate of the step', signed: false },
  params: { title: 'Parameters', symbol: 'θ', formula: 'The parameters before the step', signed: true },
  grad: { title: 'Gradient', symbol: 'g', formula: 'The gradient at the parameters', signed: true },
  m: { title: 'First moment', symbol: 'm', formula: 'm = β1 m + (1 − β1) g', signed: true },
  vMax: { title: 'Largest second moment', symbol: 'vMax', formula: 'max(vMax, v)', signed: false },
  momentum: { title: 'Momentum', symbol: 'b', formula: 'b = μ b + g', signed: true },
  v: { title: 'Second moment', symbol: 'v', formula: 'v = β2 v + (1 − β2) g²', signed: false },
  mHat: { title: 'Corrected first moment', symbol: 'mHat', formula: 'm / (1 − β1ᵗ)', signed: true },
  vHat: { title: 'Corrected second moment', symbol: 'vHat', formula: 'v / (1 − β2ᵗ)', signed: false },
  effectiveLr: {
    title: 'Effective learning rate',
    symbol: 'lr/(√vHat + eps)',
    formula: 'What mHat is multiplied by',
    signed: false,
  },
  update: { title: 'Update', symbol: 'Δθ', formula: 'Parameters after minus before', signed: true },
  absUpdate: { title: 'Size of the update', symbol: '|Δθ|', formula: 'The absolute update', signed: false },
  snr: {
    title: 'Signal to noise',
    symbol: '|mHat| / √vHat',
    formula: 'near 1: gradients agree',
    signed: false,
  },
  preconditioner: {
    title: 'Preconditioner',
    symbol: 'P',
    formula: 'the diagonal that divides',
    signed: false,
  },
  epsShare: { title: 'Share of eps', symbol: 'eps / P', formula: 'near 1: eps divides', signed: false },
  fisher: { title: 'Fisher estimate', symbol: 'B·vHat', formula: 'diagonal of the Fisher', signed: false },
  updateRatio: {
    title: 'Update / parameter',
    symbol: '|Δθ| / |θ|',
    formula: 'how much it moved',
    signed: false,
  },
  uncorrectedUpdate: {
    title: 'Update without correction',
    symbol: '|Δθ| of m, v',
    formula: 'the update that m and v give as they are',
    signed: false,
  },
  stability: {
    title: 'Stability of the steps',
    symbol: 'a·λmax(P⁻¹H)',
    formula: 'how strongly the sharpest direction is corrected',
    signed: false,
  },
  stabilityLimit: { title: 'Limit', symbol: 'limit', formula: 'what it must stay below', signed: false },
  updateNorm: { title: 'Update norm', symbol: '‖Δθ‖', formula: 'length of the step', signed: false },
  updateNormP: {
    title: 'Update norm in P',
    symbol: '‖Δθ‖_P',
    formula: 'length as measured by P',
    signed: false,
  },
  predictedChange: {
    title: 'Predicted change',
    symbol: 'q(Δ)',
    formula: 'what the model promises',
    signed: true,
  },
  actualChange: { title: 'Actual change', symbol: 'Δf', formula: 'what the loss did', signed: true },
  updateOverBound: {
    title: 'Update / bound',
    symbol: '|Δθ|/(lr B)',
    formula: 'The absolute update against the largest possible',
    signed: false,
  },
};

function viewsOf(quantities: readonly Quantity[]): QuantityView[] {
  return quantities.map((quantity) => ({ quantity, term: glossaryTerms[quantity], ...words[quantity]! }));
}

interface AdamOptions {
  readonly lr: number;
  readonly steps: number;
  /** Which quantities to keep; the rest would only cost memory. */
  readonly keep?: readonly Quantity[];
  readonly start?: readonly number[];
}

const adamQuantities: readonly Quantity[] = [
  'loss',
  'best',
  'gradNorm',
  'lr',
  'params',
  'grad',
  'm',
  'v',
  'mHat',
  'vHat',
  'effectiveLr',
  'update',
  'absUpdate',
  'updateOverBound',
];

/** What is measured beside the path, too. */
export const gaugedAdamQuantities: readonly Quantity[] = [...adamQuantities, 'stability', 'stabilityLimit'];

/** All that there is to show of Adam. */
export const allAdamQuantities: readonly Quantity[] = [
  ...adamQuantities,
  'snr',
  'preconditioner',
  'epsShare',
  'fisher',
  'updateRatio',
  'uncorrectedUpdate',
  'updateNorm',
  'updateNormP',
  'predictedChange',
  'actualChange',
];

const [beta1, beta2, eps] = [0.9, 0.999, 1e-8];

/** Steps between two samples of the stability, and from 0.8 of the limit on. */
export const sampling = { every: 60, closerEvery: 10, settledFrom: 30 };
const stabilityLimit = (2 * (1 + beta1)) / (1 - beta1);

/** λmax(P⁻¹H) of two coordinates. */
function sharpness([xx, xy, yy]: readonly [number, number, number], [p = 1, q = 1]: Float64Array): number {
  const [a, b, c] = [xx / p, xy / Math.sqrt(p * q), yy / q];
  return (a + c) / 2 + Math.hypot((a - c) / 2, b);
}

/** The bound on abs(update)/lr over all gradient sequences. */
export function boundAt(t: number): number {
  const r = (beta1 * beta1) / beta2;
  const spread = Math.sqrt((1 - r ** t) / (1 - r));
  return (((1 - beta1) / Math.sqrt(1 - beta2)) * spread * Math.sqrt(1 - beta2 ** t)) / (1 - beta1 ** t);
}

/** Adam (Kingma & Ba, Algorithm 1) at the default betas, recorded in full. */
export function runAdam(problem: Problem, { lr, steps, keep = adamQuantities, start }: AdamOptions): Trace {
  const { dim } = problem;
  const recorder = new Recorder(dim, steps, keep);
  const params = Float64Array.from({ length: dim }, (_, i) => start?.[i] ?? 1 + i / dim);
  const [grad, m, v] = [new Float64Array(dim), new Float64Array(dim), new Float64Array(dim)];
  recorder.start(params);
  const preconditioner = new Float64Array(dim);
  const samples: StabilityPoint[] = [];
  let [stability, nextSample] = [Number.NaN, 1];
  for (let t = 1; t <= steps; t++) {
    const loss = problem.value(params);
    const hessian = problem.hessian?.(params);
    problem.gradient(params, grad);
    recorder.step(t, loss, grad, lr);
    let [squares, weighed, predicted] = [0, 0, 0];
    for (let i = 0; i < dim; i++) {
      const g = grad[i]!;
      m[i] = beta1 * m[i]! + (1 - beta1) * g;
      v[i] = beta2 * v[i]! + (1 - beta2) * g * g;
      const mHat = m[i]! / (1 - beta1 ** t);
      const vHat = v[i]! / (1 - beta2 ** t);
      const effectiveLr = lr / (Math.sqrt(vHat) + eps);
      const update = -effectiveLr * mHat;
      const absUpdate = Math.abs(update);
      recorder.coordinate(t, i, {
        params: params[i]!,
        grad: g,
        m: m[i]!,
        v: v[i]!,
        mHat,
        vHat,
        effectiveLr,
        update,
        absUpdate,
        updateOverBound: absUpdate / (lr * boundAt(t)),
        snr: Math.abs(mHat) / Math.sqrt(vHat),
        preconditioner: lr / effectiveLr,
        epsShare: (eps * effectiveLr) / lr,
        fisher: vHat,
        updateRatio: absUpdate / Math.abs(params[i]!),
        uncorrectedUpdate: (lr * Math.abs(m[i]!)) / (Math.sqrt(v[i]!) + eps),
      });
      preconditioner[i] = lr / effectiveLr;
      squares += update * update;
      weighed += (update * update * lr) / effectiveLr;
      predicted += update * (g - 0.5 * mHat);
      params[i] = params[i]! + update;
    }
    if (hessian !== undefined && t >= nextSample) {
      stability = lr * sharpness(hessian, preconditioner);
      if (t >= sampling.settledFrom) samples.push({ t, value: stability, limit: stabilityLimit });
      nextSample = t + (stability > 0.9 * stabilityLimit ? sampling.closerEvery : sampling.every);
    }
    recorder.global(t, {
      stability,
      stabilityLimit,
      updateNorm: Math.sqrt(squares),
      updateNormP: Math.sqrt(weighed),
      predictedChange: predicted,
      actualChange: t < steps ? problem.value(params) - loss : Number.NaN,
    });
    recorder.moved(params);
  }
  const trace = recorder.trace('A single update is at most lr × 7.27 with these betas.', (step) => ({
    lr,
    bound: lr * boundAt(step),
  }));
  return { ...trace, stability: keep.includes('stability') ? samples : [] };
}

const sgdQuantities: readonly Quantity[] = [
  'loss',
  'best',
  'gradNorm',
  'lr',
  'params',
  'grad',
  'effectiveLr',
  'update',
  'absUpdate',
];

/** Plain gradient descent; with too large a step it overflows, and the trace keeps what comes of it. */
export function runSgd(problem: Problem, lr: number, steps: number, start: readonly number[]): Trace {
  const { dim } = problem;
  const recorder = new Recorder(dim, steps, sgdQuantities);
  const params = Float64Array.from(start);
  const grad = new Float64Array(dim);
  recorder.start(params);
  for (let t = 1; t <= steps; t++) {
    problem.gradient(params, grad);
    recorder.step(t, problem.value(params), grad, lr);
    for (let i = 0; i < dim; i++) {
      const update = -lr * grad[i]!;
      recorder.coordinate(t, i, {
        params: params[i]!,
        grad: grad[i]!,
        effectiveLr: lr,
        update,
        absUpdate: Math.abs(update),
      });
      params[i] = params[i]! + update;
    }
    recorder.moved(params);
  }
  return recorder.trace('sgd has no bound on its update.', null);
}

class Recorder {
  readonly #columns = new Map<string, Float64Array>();
  readonly #path: number[] = [];
  readonly #dim: number;
  readonly #steps: number;
  readonly #keep: readonly Quantity[];
  #best = Number.POSITIVE_INFINITY;

  constructor(dim: number, steps: number, keep: readonly Quantity[]) {
    this.#dim = dim;
    this.#steps = steps;
    this.#keep = keep;
  }

  start(params: Float64Array): void {
    this.moved(params);
  }

  step(t: number, loss: number, grad: Float64Array, lr: number): void {
    if (loss < this.#best) this.#best = loss;
    let squares = 0;
    for (const g of grad) squares += g * g;
    this.#put('loss', -1, t, loss);
    this.#put('best', -1, t, this.#best);
    this.#put('gradNorm', -1, t, Math.sqrt(squares));
    this.#put('lr', -1, t, lr);
  }

  global(t: number, values: Partial<Record<Quantity, number>>): void {
    this.coordinate(t, -1, values);
  }

  coordinate(t: number, i: number, values: Partial<Record<Quantity, number>>): void {
    for (const quantity of this.#keep) {
      const value = values[quantity];
      if (value !== undefined) this.#put(quantity, i, t, value);
    }
  }

  moved(params: Float64Array): void {
    if (this.#dim === 2) this.#path.push(params[0]!, params[1]!);
  }

  trace(boundNote: string, references: Trace['references']): Trace {
    return {
      steps: this.#steps,
      dim: this.#dim,
      quantities: viewsOf(this.#keep),
      columns: this.#columns,
      path: Float64Array.from(this.#path),
      boundNote,
      references,
      stability: [],
    };
  }

  #put(quantity: Quantity, coordinate: number, t: number, value: number): void {
    if (!this.#keep.includes(quantity)) return;
    const key = columnKey(quantity, coordinate);
    let column = this.#columns.get(key);
    if (column === undefined) {
      column = new Float64Array(this.#steps);
      this.#columns.set(key, column);
    }
    column[t - 1] = value;
  }
}
