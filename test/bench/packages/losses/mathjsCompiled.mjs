import { parse } from 'mathjs';

const f = parse('a * exp(-b) + a ^ 2').compile();

/**
 * @loss
 * @start [1, 2]
 */
export function loss([x, y]) {
  return f.evaluate({ a: x, b: y });
}
