/** Losses that change at every step. */
type At = { step: number };

/**
 * Finds: cyclic-gradient at «beta2=0.1»
 * Silent: loss-spike; divergence; plateau:flat-valley
 * Because: the gradient is +4 at every third step and −1 else, so on average the loss falls to the left. With a
 * short memory the rare large gradient counts as one step against two, and x moves right (Reddi, Kale & Kumar 2018).
 *
 * @loss
 * @start [-0.5]
 * @optimizer adam lr=0.01 beta1=0 beta2=0.1
 * @steps 390
 */
export function everyThird([x]: number[], { step }: At): number {
  return (step % 3 === 1 ? 4 : -1) * x;
}

/**
 * Finds: unbounded-loss
 * Silent: cyclic-gradient; plateau:flat-valley; loss-spike
 * Verdict: unbounded
 * Because: AMSGrad keeps the large gradient, and x moves left. This raises the loss of most steps, but the mean over three falls. It
 * is ⅔·x, which has no lower bound.
 *
 * @loss
 * @start [-0.5]
 * @optimizer adam lr=0.01 beta1=0 beta2=0.1 amsgrad
 * @steps 390
 */
export function everyThirdRemembered([x]: number[], { step }: At): number {
  return (step % 3 === 1 ? 4 : -1) * x;
}

/** Complaints are rare and have a large weight; praise is frequent. */
const weightOf = (step: number): number => (step % 6 === 5 ? 9 : -1);

/**
 * Finds: nothing
 * Silent: cyclic-gradient; plateau:flat-valley; edge-of-stability; instability-at-start
 * Because: the target moves, the run follows at a distance, and
 * after the first approach the loss is determined by that distance.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.02 beta2=0.99
 * @steps 340
 */
export function walkingTarget([x, y]: number[], { step }: At): number {
  const angle = (2 * Math.PI * step) / 2000;
  return (x - Math.cos(angle)) ** 2 + (y - Math.sin(angle)) ** 2;
}

/**
 * Finds: nothing
 * Silent: cyclic-gradient
 * Verdict: still-improving
 * Because: the gradients of a normal descent all have the same sign too, but the run moves against them.
 *
 * @loss
 * @start [1]
 * @optimizer adam lr=0.02
 * @steps 190
 */
export function sameEveryTime([x]: number[]): number {
  return (x + 1) ** 2;
}

/**
 * Finds: nothing
 * Silent: stale-second-moment; loss-spike; plateau:flat-valley
 * Verdict: still-improving
 * Because: from a plateau over an edge: the gradient grows 200-fold within
 * some twenty steps, faster than v, and the loss only falls as a result.
 *
 * @loss
 * @start [-9, 1]
 * @optimizer adam lr=0.1
 * @steps 190
 */
export function outOfThePlain([x, y]: number[]): number {
  return 1 - 1 / (1 + Math.exp(-x)) + 0.05 * (x - 4) ** 2 / 100 + y * y;
}

/**
 * Finds: cyclic-gradient at «alpha=0.3»
 * Silent: loss-spike
 * Because: +9 at every sixth step and −1 else: the mean gradient is 2/3, and yet the
 * price increases, since a memory of one step divides each gradient by its own size.
 *
 * @loss
 * @start [-1]
 * @optimizer rmsprop lr=0.005 alpha=0.3
 * @steps 600
 */
export function rareComplaints([price]: number[], { step }: At): number {
  return weightOf(step) * price;
}

/**
 * Finds: loss-spike at «lr=0.02»; stale-second-moment at «beta2=0.999»
 * Because: at t = 601 the sensor is replaced by one that is a hundred times finer.
 * v has averaged vanishing gradients for a long time, so the step is many times
 * too long: a misfit of 0.012 becomes 0.05 at t = 602, a tenth of the start.
 *
 * @loss
 * @start [1.5, 0.2]
 * @optimizer adam lr=0.02 beta2=0.999
 * @steps 625
 */
export function finerSensor([gain, offset]: number[], { step }: At): number {
  const [scale, truth] = step <= 600 ? [1, 1] : [120, 1.01];
  return scale * (gain - truth) ** 2 + 3 * (offset - 0.5) ** 2;
}
