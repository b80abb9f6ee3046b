import { converter } from 'culori';

const lab = converter('lab');
const target = lab({ mode: 'rgb', r: 0.2, g: 0.5, b: 0.1 });

/**
 * @loss
 * @start [0.3, 0.2]
 */
export function loss([x, y]) {
  const c = lab({ mode: 'rgb', r: x, g: y, b: 0.4 });
  return (c.l - target.l) ** 2 + (c.a - target.a) ** 2 + (c.b - target.b) ** 2;
}
