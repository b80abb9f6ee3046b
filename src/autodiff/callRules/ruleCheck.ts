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
    if (!far || !near || far.length !== near.length) continue;
    const slopes = slopesOf(checked, moves);
    if (slopes.length !== near.length) return;
    let isUsable = true;
    for (let k = 0; k < slopes.length; k++) {
      const { slope, size } = near[k]!;
      const spread = Math.abs(slope - far[k]!.slope);
      const noise = (Number.EPSILON * size) / differenceStep;
      const expected = Math.max(Math.abs(slope), Math.abs(slopes[k]!) || 0);
      if (!(spread <= usable * expected + 10 * noise)) isUsable = false;
      else if (!(Math.abs(slopes[k]! - slope) <= agreement * expected + 4 * spread + 100 * noise)) {
        const unit = moves.size === 1 ? [...moves.values()][0]! : 1;
        refuseRule(rule, checked.site, message(rule, checked, moves, slopes[k]! / unit, slope / unit));
      }
    }
    if (isUsable) return;
  }
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

/** The slope of each number of the result along the moves, and its absolute value; null if there is none. */
function differences(
  { args, call }: Checked,
  moves: ReadonlyMap<number, number>,
  step: number,
): { readonly slope: number; readonly size: number }[] | null {
  const moved = (by: number) => {
    const at = (leaf: Traced) => numberOf(leaf) + by * (moves.get(leaf.tapeIndex) ?? 0);
    return leavesOf(call(args.map((each) => withNumbers(each, at))));
  };
  try {
    const up = moved(step);
    const down = moved(-step);
    if (up.length !== down.length) return null;
    const found = up.map((a, k) => {
      const b = down[k];
      return typeof a === 'number' && typeof b === 'number'
        ? { slope: (a - b) / (2 * step), size: Math.max(Math.abs(a), Math.abs(b)) }
        : { slope: Number.NaN, size: 0 };
    });
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
