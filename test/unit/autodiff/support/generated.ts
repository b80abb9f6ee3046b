import { type AdjointModule, generateAdjoint } from '../../../../src/autodiff/adjoint/generateAdjoint';
import { parseModule } from '../../../../src/loss/providers/javascript/load/parseModule';

export type Loss = (params: number[], context: object) => number;
/** null: the gradient depends on how ties are decided. */
export type Gradient = (
  params: ArrayLike<number>,
  grad: number[] | Float64Array,
  context: object,
) => number | null;

export interface Built {
  readonly module: AdjointModule;
  readonly text: string;
  readonly loss: Loss;
  readonly gradient: Gradient;
}

export function readModule(text: string, file = '/loss.mjs'): AdjointModule {
  const { module, problems } = parseModule(text, file);
  if (!module || problems.length > 0) throw new Error(`${problems[0]?.message}\n${text}`);
  return module;
}

/** A module of plain JavaScript with its generated gradient, run as a script. */
export function build(source: string, dim: number, mode: 'forward' | 'reverse', name = 'loss'): Built {
  const module = readModule(source);
  const generated = generateAdjoint(module, name, dim, mode);
  if (generated.unsupported) {
    const [first] = generated.unsupported;
    throw new Error(`not generated: ${first!.message}: ${source.slice(first!.from, first!.to)}`);
  }
  const script = `${source.replace(/^\s*export /gm, '')}\n${generated.text}\nreturn { loss: ${name}, gradient: ${generated.exportName} };`;
  const { loss, gradient } = new Function(script)() as { loss: Loss; gradient: Gradient };
  return { module, text: generated.text, loss, gradient };
}

/** The largest difference between two gradients, relative to their largest component. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let scale = 0;
  for (let k = 0; k < a.length; k++)
    for (const each of [a[k]!, b[k]!]) if (Number.isFinite(each)) scale = Math.max(scale, Math.abs(each));
  let worst = 0;
  for (let k = 0; k < a.length; k++) {
    if (Object.is(a[k], b[k]) || a[k] === b[k]) continue;
    const difference = Math.abs(a[k]! - b[k]!);
    worst = Math.max(worst, Number.isFinite(difference) ? difference / scale : Number.POSITIVE_INFINITY);
  }
  return worst;
}
