/**
 * Finds: piecewise-constant at «Math.ceil(people / 20)»
 * Silent: divergence; plateau:saddle
 * Verdict: unstable
 * Because: the gradient is that of 0.001 (people − 130)², which pulls from 95 to 130 and gains 1.23. The number of buses rises
 * from 5 to 7 on the way and costs 4, so the loss ends at 14, above its start at 11.2.
 *
 * @loss
 * @start [95]
 * @optimizer sgd lr=50
 * @steps 200
 */
export function buses([people]: number[]): number {
  return 0.001 * (people - 130) ** 2 + 2 * Math.ceil(people / 20);
}

/**
 * Finds: piecewise-constant at «Math.floor(size)»
 * Silent: divergence; plateau:saddle
 * Verdict: unstable
 * Because: only 0.2 (size − 1.5)² has a derivative. It gains 0.88 from 3.6 to 1.5, while (floor(size) − 5)² grows from 4 to 16.
 * The steps of Adam are not too long: 0.2 (size − 1.5)² converges.
 *
 * @loss
 * @start [3.6]
 * @optimizer adam lr=0.05
 * @steps 300
 */
export function wholeSizes([size]: number[]): number {
  return (Math.floor(size) - 5) ** 2 + 0.2 * (size - 1.5) ** 2;
}

/**
 * Finds: piecewise-constant at «(width * 4) | 0»
 * Silent: plateau:saddle
 * Verdict: unstable
 * Because: the run follows (width − 1.1)² + (height − 2)² to its minimum and gains 6.25, but cell falls from 10 to 4, which costs 6.
 * The loss was 3.7 near width 1.75 and ends at 6.4.
 *
 * @loss
 * @start [2.6, 0]
 * @optimizer sgd lr=0.02
 * @steps 400
 */
export function cells([width, height]: number[]): number {
  const cell = (width * 4) | 0;
  return 0.1 * (cell - 12) ** 2 + (width - 1.1) ** 2 + (height - 2) ** 2;
}

/**
 * Finds: piecewise-constant at «Math.round(width)»
 * Silent: divergence; loss-spike; stale-second-moment; plateau:saddle
 * Verdict: unstable
 * Because: round(width) falls from 7 to 1, because only 0.001 width² has a derivative by width. Near width 3.5 the loss was 0.012. Each
 * later jump raises it at one step, and gain follows: between the lowest loss and the last one, both changed it.
 *
 * @loss
 * @start width=7.3 gain=0.2
 * @optimizer adam lr=0.02
 * @steps 600
 */
export function bins({ width, gain }: { width: number; gain: number }): number {
  const bin = Math.round(width);
  return 0.3 * (bin - 4) ** 2 + (gain * bin - 2) ** 2 + 0.001 * width ** 2;
}

const levels = new Uint8Array(3);

/**
 * Finds: piecewise-constant at «levels[i] = p[i]!»
 * Silent: divergence; plateau:saddle
 * Verdict: unstable
 * Because: the store into a Uint8Array truncates, so the derivative of Σ (levels[i] − 8)² is 0. The gradient is that of 0.1 Σ p²: all
 * coordinates shrink to 0, and the sum rises from 25 + 16 + 36 to 192.
 *
 * @loss
 * @start [3.4, 4.6, 2.2]
 * @optimizer sgd lr=0.1
 * @steps 300
 */
export function quantized(p: number[]): number {
  for (let i = 0; i < 3; i++) levels[i] = p[i]!;
  return levels.reduce((sum, level) => sum + (level - 8) ** 2, 0) + 0.1 * (p[0]! ** 2 + p[1]! ** 2 + p[2]! ** 2);
}

/**
 * Finds: piecewise-constant at «dose < 2»
 * Silent: divergence; plateau:saddle
 * Verdict: unstable
 * Because: the comparison counts as 0 or 1 and has no derivative. 0.3 (dose − 0.5)² pulls the dose from 3 to 0.5 and gains 1.9; below 2
 * the loss is higher by 8.
 *
 * @loss
 * @start [3]
 * @optimizer sgd lr=0.1
 * @steps 300
 */
export function tooSmallDose([dose]: number[]): number {
  return 8 * Number(dose < 2) + 0.3 * (dose - 0.5) ** 2;
}

const prices = [1, 10, 10];

/**
 * Finds: piecewise-constant at «scores[i]! > scores[best]!»
 * Silent: divergence; plateau:saddle
 * Verdict: unstable
 * Because: the index of the largest score selects a price, and has no derivative. The scores follow the quadratic term to (0, 1.5, 0),
 * which gains 2.1; when the second score exceeds the first one, the price rises from 1 to 10.
 *
 * @loss
 * @start [2, 1, 0]
 * @optimizer sgd lr=0.05
 * @steps 300
 */
export function cheapestChoice(scores: number[]): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if (scores[i]! > scores[best]!) best = i;
  return prices[best]! + 0.5 * (scores[0]! ** 2 + (scores[1]! - 1.5) ** 2 + scores[2]! ** 2);
}

/**
 * Finds: piecewise-constant at «scores.indexOf(Math.max(...scores))»
 * Silent: divergence; plateau:saddle
 * Verdict: unstable
 * Because: as in cheapestChoice: the index that indexOf returns selects the price, so the price has no derivative.
 *
 * @loss
 * @start [2, 1, 0]
 * @optimizer adam lr=0.02
 * @steps 300
 */
export function firstOfLargest(scores: number[]): number {
  const best = scores.indexOf(Math.max(...scores));
  return prices[best]! + 0.5 * (scores[0]! ** 2 + (scores[1]! - 1.5) ** 2 + scores[2]! ** 2);
}

/**
 * Finds: piecewise-constant at «Math.round(count)»
 * Silent: divergence; zero-gradient; plateau:saddle
 * Verdict: stalled
 * Because: the run never leaves the values that round to 3, and ends at the minimum 3.2 of the quadratic term with loss 16. At 3.5,
 * where the count rounds to 4, the loss is 9.09.
 *
 * @loss
 * @start [3]
 * @optimizer sgd lr=0.1
 * @steps 200
 */
export function neverCounted([count]: number[]): number {
  return (Math.round(count) - 7) ** 2 + (count - 3.2) ** 2;
}

const samples = [
  { x: -2, isPositive: false },
  { x: -1, isPositive: false },
  { x: 1, isPositive: true },
  { x: 2, isPositive: true },
];

/**
 * Finds: piecewise-constant at «w * x + b > 0»
 * Silent: divergence; zero-gradient; plateau:saddle
 * Verdict: stalled
 * Because: the number of errors has no derivative; the gradient is that of the weight decay, which shrinks w and b at the same rate, so
 * no sample changes its side. The sample at −1 stays an error: the loss ends at 1, and with b below w it would be 0.
 *
 * @loss
 * @start [1, 1.5]
 * @optimizer sgd lr=5
 * @steps 60
 */
export function countsErrors([w, b]: number[]): number {
  const errors = samples.filter(({ x, isPositive }) => w * x + b > 0 !== isPositive).length;
  return errors + 0.01 * (w * w + b * b);
}

const heights = [9, 4, 1, 0, 1, 4, 9];

/**
 * Finds: nothing
 * Silent: piecewise-constant; divergence
 * Verdict: converged
 * Because: Math.floor selects two neighbouring heights, and the remainder interpolates: the pieces join, so the index contributes
 * nothing to the change of the loss over the four pieces that the run crosses.
 *
 * @loss
 * @start [0.3, 2]
 * @optimizer adam lr=0.05
 * @steps 600
 */
export function slidesAlong([x, y]: number[]): number {
  const left = Math.floor(x);
  const share = x - left;
  const height = heights[left]! * (1 - share) + heights[left + 1]! * share;
  return height + 0.5 * (x - 3.4) ** 2 + y * y;
}

let shown = 0;

/**
 * Finds: nothing
 * Silent: piecewise-constant
 * Verdict: converged
 * Because: the rounded value is only shown; the loss does not use it.
 *
 * @loss
 * @start [3, -2]
 * @optimizer sgd lr=0.1
 * @steps 200
 */
export function shownRounded([x, y]: number[]): number {
  const loss = (x - 7) ** 2 + (y - 1) ** 2;
  shown = Math.max(shown, Math.round(x * 10) / 10);
  return loss;
}

/**
 * Finds: nothing
 * Silent: piecewise-constant
 * Verdict: converged
 * Because: the Huber loss is written with a comparison. Its two pieces have the same value and slope where they meet.
 *
 * @loss
 * @start [6, -5]
 * @optimizer sgd lr=0.2
 * @steps 300
 */
export function huberByHand([x, y]: number[]): number {
  const huber = (r: number) => (Math.abs(r) < 1 ? 0.5 * r * r : Math.abs(r) - 0.5);
  return huber(x - 1) + huber(y + 2);
}

/**
 * Finds: nothing
 * Silent: piecewise-constant
 * Verdict: converged
 * Because: the index of the largest score selects that score itself, so the loss is the maximum, which has no jump where the index
 * changes. It changes from 0 to 1 on the way to (0.5, 1.25, 0).
 *
 * @loss
 * @start [2, 1, 0]
 * @optimizer sgd lr=0.05
 * @steps 400
 */
export function largestScore(scores: number[]): number {
  const best = scores.indexOf(Math.max(...scores));
  return 0.5 * scores[best]! + (scores[0]! - 0.5) ** 2 + (scores[1]! - 1.5) ** 2 + scores[2]! ** 2;
}

/**
 * Finds: nothing
 * Silent: piecewise-constant
 * Verdict: converged
 * Because: three boxes more cost 0.3, but the run gains 529 on the way from 14 to 37. The next lower number of boxes begins at 30, where the
 * loss is higher by 49: 37 is the minimum of the whole loss.
 *
 * @loss
 * @start [14]
 * @optimizer sgd lr=0.1
 * @steps 200
 */
export function boxes([items]: number[]): number {
  return (items - 37) ** 2 + 0.1 * Math.ceil(items / 10);
}

/**
 * Finds: nothing
 * Silent: piecewise-constant
 * Verdict: converged
 * Because: the angle is reduced to one turn by Math.floor before its cosine is taken, which is the same before and after the reduction.
 *
 * @loss
 * @start [5.9, 1]
 * @optimizer sgd lr=0.1
 * @steps 300
 */
export function reducedAngle([angle, radius]: number[]): number {
  const reduced = angle - 2 * Math.PI * Math.floor(angle / (2 * Math.PI));
  return 1 - Math.cos(reduced - 0.7) + (radius - 2) ** 2;
}

/**
 * Finds: nothing
 * Silent: piecewise-constant
 * Verdict: converged
 * Because: the rounded term has its minimum where the smooth one has it. The run reaches 7, where the loss is 0.
 *
 * @loss
 * @start [3]
 * @optimizer sgd lr=0.1
 * @steps 300
 */
export function roundedToo([x]: number[]): number {
  return (Math.round(x) - 7) ** 2 + 0.5 * (x - 7) ** 2;
}

/**
 * Finds: nothing
 * Silent: piecewise-constant
 * Verdict: converged
 * Because: the comparison guards the logarithm. The loss behind it is higher, and no step of the run goes there.
 *
 * @loss
 * @start [3]
 * @optimizer sgd lr=0.1
 * @steps 400
 */
export function guardedRate([rate]: number[]): number {
  if (rate <= 0) return 1e6;
  return rate - 0.2 * Math.log(rate);
}

/**
 * Finds: divergence at «lr=0.05»
 * Silent: piecewise-constant
 * Verdict: diverged
 * Because: the curvature of the smooth term is 50, so gradient descent is stable below lr 0.04. The smooth term itself grows; the rounded
 * one is a thousandth of it.
 *
 * @loss
 * @start [1]
 * @optimizer sgd lr=0.05
 * @steps 20
 */
export function tooLongSteps([x]: number[]): number {
  return 25 * x * x + 0.02 * Math.round(x) ** 2;
}

const clicks = [0.2, 0.5, 0.9, 1.4, 1.9, 2.5].map((x, i) => ({ x, y: i % 4 === 1 || i > 3 ? 1 : 0 }));
let hits = 0;

/**
 * Finds: nothing
 * Silent: piecewise-constant
 * Verdict: converged
 * Because: the number of right predictions is counted beside the loss, and the loss does not use it.
 *
 * @loss
 * @start [0, 0]
 * @optimizer adam lr=0.05
 * @steps 1500
 */
export function countsHits([w, b]: number[]): number {
  hits = 0;
  let loss = 0;
  for (const { x, y } of clicks) {
    const p = 1 / (1 + Math.exp(-(w * x + b)));
    if (p > 0.5 === (y === 1)) hits++;
    loss -= y * Math.log(p) + (1 - y) * Math.log(1 - p);
  }
  return loss / clicks.length + 0.01 * w * w;
}
