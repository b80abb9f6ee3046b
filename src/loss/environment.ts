import type { GradientMethod } from '../core/objective';

/** With what a loss is evaluated that runs in another interpreter than this one. */
export interface LossEnvironment {
  /** The path of the interpreter. */
  readonly interpreter: string;
  /** How it was found, in words. */
  readonly foundBy: string;
  readonly version: string;
  /** The versions of the numerical packages that the loss imports: { numpy: '2.1.0' }. */
  readonly packages: Readonly<Record<string, string>>;
  /** Where tensors are by default: "cpu", "cuda:0". */
  readonly device: string;
  /** The way in which an exact gradient is computed: "torch autograd", "complex step"; null if it is not. */
  readonly gradientBy: string | null;
}

/** "Python 3.11.7, numpy 2.1.0, cpu" */
export function environmentWords({ version, packages, device }: LossEnvironment): string {
  const named = Object.entries(packages).map(([name, of]) => `${name} ${of}`);
  return [`Python ${version}`, ...named, device].join(', ');
}

/** "exact, torch autograd": the method, and what computes it where that is known. */
export function methodWords(method: GradientMethod, environment: LossEnvironment | null): string {
  const by = environment?.gradientBy ?? null;
  return method === 'exact' && by !== null ? `exact, ${by}` : method;
}
