import { seededRandom } from '../../core/numerics/random';
import { tape } from '../tape';
import { numberOf, Traced } from '../traced';
import { type CallRule, refuseRule } from './callRule';
import { leavesOf, tracedLeaves, withNumbers } from './leaves';

/** With respect to more arguments, the derivative is compared along one random direction. */
const comparedOneByOne = 4;
const differenceStep = Math.cbrt(Number.EPSILON);
/** Relative. Central differences of a smooth function are closer by four orders of magnitude. */
const agreement = 1e-5;
/** Two differences that differ by more, relatively, are not usable: the function is not smooth there, or rounds. */
const usable = 1e-4;

/** The slopes of the two sides of a smooth function differ by the step times its curvature. */
const kinked = 1e-3;

const random = seededRandom(0, 0x2b1e);

/** What was called: the plain function is called again for the differences. */
interface Checked {
  readonly args: readonly unknown[];
  /** With nodes from `firstNode` on. */
  readonly result: unknown;
  readonly firstNode: number;
  readonly site: number;
  readonly call: (args: readonly unknown[]) => unknown;
}

/** A difference quotient of one number of the result. */
interface Difference {
  readonly slope: number;
  /** The difference between the slopes of the two sides. */
  readonly kink: number;
  /** The absolute value of the number. */
  readonly size: number;
}

/**
 * Compares the derivatives that a rule recorded with central differences of the function. Where differences with
 * two steps do not agree with each other, nothing is compared.
 *
 * @throws Refusal if they clearly differ
 */
export function checkRule(rule: CallRule, checked: Checked): void {
  const leaves = tracedLeaves(checked.args);
  if (leaves.length <= comparedOneByOne)
    for (const leaf of leaves) compareAlong(rule, checked, new Map([[leaf.tapeIndex, 1]]));
  else compareAlong(rule, checked, new Map(leaves.map(({ tapeIndex }) => [tapeIndex, direction()])));
}

function direction(): number {
  return (random() < 0.5 ? -1 : 1) * (0.5 + random());
}

/** @param signs  for each moved traced value, by its node, the factor of the movement */
function compareAlong(rule: CallRule, checked: Checked, signs: ReadonlyMap<number, number>): void {
  // The second scale is for arguments near the boundary of the domain.
  for (const scale of [(x: number) => Math.max(1, Math.abs(x)), Math.abs]) {
    const moves = new Map([...signs].map(([node, sign]) => [node, sign * scale(tape.values[node]!)]));
    if ([...moves.values()].every((move) => move === 0)) return;
    const far = differences(checked, moves, differenceStep);
    const near = differences(checked, moves, differenceStep / 2);
    const slopes = slopesOf(checked, moves);
    if (far?.length !== slopes.length || near?.length !== slopes.length) continue;
    const verdicts = slopes.map((slope, k) => verdictOf(slope, near[k]!, far[k]!));
    const wrong = verdicts.indexOf('wrong');
    if (wrong >= 0) {
      const unit = moves.size === 1 ? [...moves.values()][0]! : 1;
      const [given, measured] = [slopes[wrong]! / unit, near[wrong]!.slope / unit];
      refuseRule(rule, checked.site, message(rule, checked, moves, given, measured));
    }
    if (verdicts.every((each) => each === 'right')) return;
  }
}

/** @param slope  as the rule gives it */
function verdictOf(slope: number, near: Difference, far: Difference): 'right' | 'wrong' | 'unknown' {
  const noise = (Number.EPSILON * near.size) / differenceStep;
  const size = Math.max(Math.abs(near.slope), Math.abs(slope) || 0);
  const spread = Math.abs(near.slope - far.slope);
  if (!(spread <= usable * size + 10 * noise)) return 'unknown';
  // At a kink, the slopes of the two sides differ.
  if (!(near.kink <= kinked * size + 10 * noise)) return 'unknown';
  return Math.abs(slope - near.slope) <= agreement * size + 4 * spread + 100 * noise ? 'right' : 'wrong';
}

function message(
  rule: CallRule,
  { args }: Checked,
  moves: ReadonlyMap<number, number>,
  given: number,
  measured: number,
): string {
  const index = args.findIndex((each) =>
    leavesOf(each).some((leaf) => leaf instanceof Traced && moves.has(leaf.tapeIndex)),
  );
  const along = moves.size === 1 ? `with respect to argument ${index + 1}` : 'along a random direction';
  const at = args.every((each) => leavesOf(each).length === 1 && typeof withNumbers(each) === 'number')
    ? ` at ${rule.functionName}(${args.map((each) => shown(withNumbers(each) as number)).join(', ')})`
    : '';
  return `${rule.title} is wrong: ${along}${at} it is ${shown(given)}, but finite differences of ${rule.functionName} give ${shown(measured)}; correct it`;
}

function shown(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/** The slope of each number of the result along the moves; null if the function has no usable result there. */
function differences(
  { args, call, result }: Checked,
  moves: ReadonlyMap<number, number>,
  step: number,
): Difference[] | null {
  const moved = (by: number) => {
    const at = (leaf: Traced) => numberOf(leaf) + by * (moves.get(leaf.tapeIndex) ?? 0);
    return leavesOf(call(args.map((each) => withNumbers(each, at)))) as number[];
  };
  try {
    const here = leavesOf(withNumbers(result)) as number[];
    const up = moved(step);
    const down = moved(-step);
    if (up.length !== here.length || down.length !== here.length) return null;
    const found = here.map((middle, k) => ({
      slope: (up[k]! - down[k]!) / (2 * step),
      kink: Math.abs(up[k]! - 2 * middle + down[k]!) / step,
      size: Math.max(Math.abs(up[k]!), Math.abs(down[k]!)),
    }));
    return found.every(({ slope }) => Number.isFinite(slope)) ? found : null;
  } catch {
    // The moved point may lie outside of the domain.
    return null;
  }
}

/** The derivative of each number of the result along the moves, through the nodes that the rule recorded. */
function slopesOf({ result, firstNode }: Checked, moves: ReadonlyMap<number, number>): number[] {
  const own = new Float64Array(tape.length - firstNode);
  const slopeAt = (node: number) => (node >= firstNode ? own[node - firstNode]! : (moves.get(node) ?? 0));
  for (let node = firstNode; node < tape.length; node++)
    for (let edge = tape.begin(node); edge < tape.ends[node]!; edge++)
      own[node - firstNode]! += tape.partials[edge]! * slopeAt(tape.parents[edge]!);
  return leavesOf(result).map((leaf) => (leaf instanceof Traced ? slopeAt(leaf.tapeIndex) : 0));
}
