/** Losses that are another one at every step. */
type At = { step: number };

/**
 * Finds: cyclic-gradient at «beta2=0.1»
 * Silent: loss-spike; divergence; plateau:flat-valley
 * Because: the slope is +4 at every third step and −1 else, so on average the loss falls to the left; with a short
 * memory the rare large slope counts as one step against two, and x walks right (Reddi, Kale & Kumar 2018).
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
 * Finds: nothing
 * Silent: cyclic-gradient; plateau:flat-valley; loss-spike
 * Because: AMSGrad remembers the large slope, and x walks left. The loss of most steps rises by that, and its mean
 * over three falls.
 *
 * @loss
 * @start [-0.5]
 * @optimizer adam lr=0.01 beta1=0 beta2=0.1 amsgrad
 * @steps 390
 */
export function everyThirdRemembered([x]: number[], { step }: At): number {
  return (step % 3 === 1 ? 4 : -1) * x;
}

/** Complaints are rare and weigh much, praise comes all the time. */
const weightOf = (step: number): number => (step % 6 === 5 ? 9 : -1);

/**
 * Finds: nothing
 * Silent: cyclic-gradient; plateau:flat-valley; edge-of-stability; instability-at-start
 * Because: the target walks, the run follows at a distance, and its loss after the first approach is that
 * distance.
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
 * Because: the gradients of a plain descent all point one way too, but the way that it goes.
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
 * Because: from a plain over an edge: the gradient grows 200-fold within some twenty steps, faster than v, and the
 * loss only falls for it.
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
 * Because: +9 at every sixth step and −1 else: the mean slope is 2/3, and yet the price goes up, since a memory of
 * one step divides each slope by its own size.
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
 * Because: at t = 601 the sensor is replaced by one a hundred times finer. v has seen nothing but vanishing
 * gradients for a long time, so that the step is many times too long: 0.012 of misfit become 0.05 at t = 602, a
 * tenth of the start.
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
