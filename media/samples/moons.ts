import { normalFrom, uniformFrom } from './random.js';

/**
 * A neural network (2-16-1, tanh) that separates two interleaved half moons: 65 parameters, 200 points. `moonsGradient`
 * is its gradient: write `@gradient moonsGradient` to use it and to have it checked.
 *
 * Look at the chart of mHat/√vHat: at first all units move alike; after about fifty steps a few of them form the
 * boundary and keep moving, the others hardly move.
 */
const hidden = 16;
const normal = normalFrom(uniformFrom(2));

const points = Array.from({ length: 200 }, (_, i) => {
  const label = i % 2;
  const angle = (Math.PI * i) / 199;
  return {
    x: (label ? 1 - Math.cos(angle) : Math.cos(angle)) + 0.1 * normal(),
    y: (label ? 0.5 - Math.sin(angle) : Math.sin(angle)) + 0.1 * normal(),
    label,
  };
});

/** Parameters: for every unit its two weights, its bias and its weight in the output; last the output's bias. */
export const moonsStart = Array.from({ length: 4 * hidden + 1 }, (_, i) => (i % 4 === 2 ? 0 : 0.7 * normal()));

function output(p: number[], x: number, y: number): number {
  let z = p[4 * hidden];
  for (let j = 0; j < 4 * hidden; j += 4) z += p[j + 3] * Math.tanh(p[j] * x + p[j + 1] * y + p[j + 2]);
  return z;
}

/**
 * @loss
 * @optimizer adam lr=0.05
 * @steps 200
 * @expect loss<0.02 within 200
 */
export function moons(p: number[]): number {
  let sum = 0;
  for (const { x, y, label } of points) {
    const z = output(p, x, y);
    sum += Math.max(z, 0) - label * z + Math.log(1 + Math.exp(-Math.abs(z)));
  }
  return sum / points.length;
}

export function moonsGradient(p: number[]): number[] {
  const gradient = new Array<number>(p.length).fill(0);
  for (const { x, y, label } of points) {
    const error = (1 / (1 + Math.exp(-output(p, x, y))) - label) / points.length;
    for (let j = 0; j < 4 * hidden; j += 4) {
      const h = Math.tanh(p[j] * x + p[j + 1] * y + p[j + 2]);
      const back = error * p[j + 3] * (1 - h * h);
      gradient[j] += back * x;
      gradient[j + 1] += back * y;
      gradient[j + 2] += back;
      gradient[j + 3] += error * h;
    }
    gradient[4 * hidden] += error;
  }
  return gradient;
}
