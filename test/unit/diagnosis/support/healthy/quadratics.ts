import { bowl, type Problem, problem } from '../problems';
import type { Draw } from './draw';
import type { Family } from './family';

/** ½ Σ λ_i (x_i − a_i)², the λ evenly spaced in their logarithms. */
export function bowlFamily(draw: Draw, condition: number): Family {
  const dim = draw.oneOf([1, 2, 5, 20, 60, 100]);
  const at = draw.chance(0.5) ? draw.normals(dim) : new Array<number>(dim).fill(0);
  const away = awayOf(draw, dim);
  const curvatures = curvaturesOf(draw, dim, condition);
  const start = at.map((a, i) => a + away[i]!);
  return { name: 'a bowl', problem: bowl(curvatures, start, at), ...known(curvatures, away) };
}

/**
 * ½ Σ λ_i y_i², where y is the parameters reflected by I − 2uuᵀ: a bowl that is not aligned with the axes.
 */
export function turnedBowlFamily(draw: Draw, condition: number): Family {
  const dim = draw.oneOf([2, 3, 10, 40]);
  const curvatures = curvaturesOf(draw, dim, condition);
  const axis = draw.normals(dim);
  const length = Math.hypot(...axis);
  const unit = axis.map((u) => u / length);
  const reflect = (x: Float64Array) => {
    let along = 0;
    for (let i = 0; i < dim; i++) along += 2 * x[i]! * unit[i]!;
    for (let i = 0; i < dim; i++) x[i]! -= along * unit[i]!;
  };
  const start = awayOf(draw, dim);
  const turned = problem(start, (p, grad) => {
    grad.set(p);
    reflect(grad);
    let sum = 0;
    for (let i = 0; i < dim; i++) {
      sum += 0.5 * curvatures[i]! * grad[i]! ** 2;
      grad[i]! *= curvatures[i]!;
    }
    reflect(grad);
    return sum;
  });
  return { name: 'a turned bowl', problem: turned, ...known(curvatures, start) };
}

/** Masses on a chain of springs between two fixed ends, pulled down by their weights. */
export function springsFamily(draw: Draw): Family {
  const dim = draw.oneOf([3, 5, 8, 12]);
  const stiffness = draw.logBetween(0.1, 100);
  const weight = stiffness * draw.logBetween(0.01, 1);
  const energy: Problem = problem(new Array(dim).fill(0), (p, grad) => {
    let sum = 0;
    for (let i = 0; i < dim; i++) {
      const [left, right] = [i > 0 ? p[i - 1]! : 0, i + 1 < dim ? p[i + 1]! : 0];
      grad[i] = stiffness * (2 * p[i]! - left - right) + weight;
      sum += 0.5 * p[i]! * (grad[i]! + weight);
    }
    return sum;
  });
  // In equilibrium the chain is a parabola: x_i = −(weight/stiffness) i (dim + 1 − i)/2.
  const rest = Array.from({ length: dim }, (_, i) => (-weight / stiffness / 2) * (i + 1) * (dim - i));
  return {
    name: 'a chain of springs',
    problem: energy,
    least: 0.5 * weight * rest.reduce((a, b) => a + b, 0),
    distance: Math.max(...rest.map(Math.abs)),
    steepest: 4 * stiffness,
    flattest: 4 * stiffness * Math.sin(Math.PI / 2 / (dim + 1)) ** 2,
    samples: null,
  };
}

/** No coordinate starts at its minimum, because a step of length lr would only move it away. */
function awayOf(draw: Draw, dim: number): number[] {
  return Array.from({ length: dim }, () => (draw.chance(0.5) ? 1 : -1) * draw.between(0.5, 3));
}

function curvaturesOf(draw: Draw, dim: number, condition: number): number[] {
  const scale = draw.logBetween(1e-2, 1e2);
  return Array.from({ length: dim }, (_, i) => scale * condition ** (dim === 1 ? 0 : i / (dim - 1)));
}

function known(curvatures: readonly number[], away: readonly number[]) {
  return {
    least: 0,
    distance: Math.max(...away.map(Math.abs)),
    steepest: Math.max(...curvatures),
    flattest: Math.min(...curvatures),
    samples: null,
  };
}
