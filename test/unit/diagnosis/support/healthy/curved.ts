import { beale, problem, rosenbrock } from '../problems';
import type { Draw } from './draw';
import type { Family } from './family';

/** Losses whose curvature changes along the path, so that no bounds on it are known. */
type Curved = Omit<Family, 'steepest' | 'flattest'>;

/**
 * Rosenbrock’s valley, starting near its floor. Starting on a wall would keep √v large during the whole run.
 * The possible improvement would then be so large that reaching the floor counts as convergence.
 */
export function valleyFamily(draw: Draw): Curved {
  const x = draw.between(-0.9, 0.5);
  const start = [x, x * x + draw.between(-0.1, 0.1)];
  return {
    name: 'Rosenbrock’s valley',
    problem: rosenbrock(...start),
    least: 0,
    distance: Math.max(...start.map((x) => Math.abs(x - 1))),
    samples: null,
  };
}

export function bealeFamily(draw: Draw): Curved {
  const start = [draw.between(1, 2.5), draw.between(0, 0.4)];
  return { name: 'Beale', problem: beale(...start), least: 0, distance: 3 - start[0]!, samples: null };
}

/** a·e^(−bt), fitted to its own values at eleven times. */
export function decayFamily(draw: Draw): Curved {
  const [height, rate] = [draw.between(1, 3), draw.between(0.2, 1)];
  const times = Array.from({ length: 11 }, (_, i) => i / 2);
  const start = [height * draw.between(0.4, 1.3), rate * draw.between(0.6, 1.8)];
  const fit = problem(start, (p, grad) => {
    const [a, b] = [p[0]!, p[1]!];
    grad.fill(0);
    let sum = 0;
    for (const t of times) {
      const curve = Math.exp(-b * t);
      const miss = a * curve - height * Math.exp(-rate * t);
      sum += (miss * miss) / times.length;
      grad[0]! += (2 * miss * curve) / times.length;
      grad[1]! -= (2 * miss * a * t * curve) / times.length;
    }
    return sum;
  });
  const distance = Math.max(Math.abs(start[0]! - height), Math.abs(start[1]! - rate));
  return { name: 'an exponential', problem: fit, least: 0, distance, samples: null };
}

/**
 * A network 2-h-1 with tanh that learns the outputs of another network of the same shape. It starts near the
 * weights of that network.
 */
export function pupilFamily(draw: Draw): Curved {
  const hidden = draw.oneOf([2, 4]);
  const teacher = draw.normals(4 * hidden + 1);
  const start = teacher.map((w) => w + draw.between(-0.4, 0.4));
  const samples = 60;
  const inputs = Array.from({ length: samples }, () => draw.normals(2));
  const said = inputs.map((x) => output(teacher, hidden, x, null));
  const back = new Float64Array(start.length);
  const pupil = problem(start, (p, grad, { indices }) => {
    const batch = indices.length > 0 ? indices : inputs.keys();
    const size = indices.length > 0 ? indices.length : samples;
    grad.fill(0);
    let sum = 0;
    for (const s of batch) {
      const miss = output(p, hidden, inputs[s]!, back) - said[s]!;
      sum += (0.5 * miss * miss) / size;
      for (let i = 0; i < p.length; i++) grad[i]! += (miss * back[i]!) / size;
    }
    return sum;
  });
  return { name: 'a pupil of a network', problem: pupil, least: 0, distance: 0.4, samples };
}

/** The output for an input. Writes its derivatives with respect to the weights into `back`. */
function output(
  p: ArrayLike<number>,
  hidden: number,
  [x, y]: readonly number[],
  back: Float64Array | null,
): number {
  let z = p[4 * hidden]!;
  if (back) back[4 * hidden] = 1;
  for (let j = 0; j < 4 * hidden; j += 4) {
    const h = Math.tanh(p[j]! * x! + p[j + 1]! * y! + p[j + 2]!);
    z += p[j + 3]! * h;
    if (!back) continue;
    const inner = p[j + 3]! * (1 - h * h);
    back[j] = inner * x!;
    back[j + 1] = inner * y!;
    back[j + 2] = inner;
    back[j + 3] = h;
  }
  return z;
}
