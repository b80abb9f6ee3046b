import { AngleBetween, MakeTime, Vector } from 'astronomy-engine';

const t = MakeTime(new Date('2020-01-01T00:00:00Z'));

/**
 * @loss
 * @start [10, 20]
 */
export function loss([x, y]) {
  return AngleBetween(new Vector(x, y, 5, t), new Vector(1, 2, 3, t));
}
