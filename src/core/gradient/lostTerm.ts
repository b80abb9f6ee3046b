import { norm2 } from '../numerics/norms';
import type { MaybePromise } from '../objective';

/** A result of an operation without a derivative. */
export interface CutResult {
  /** The number of its place. */
  readonly site: number;
  readonly result: number;
}

/** The loss at a point, its exact gradient, and the operations without a derivative in their order. */
export interface CutView {
  readonly loss: number;
  readonly grad: Float64Array;
  readonly cuts: readonly CutResult[];
}

/** A short move after which an operation has another result, to first order. */
export interface CutMove {
  readonly site: number;
  readonly isComparison: boolean;
  readonly move: Float64Array;
}

/** A loss whose operations without a derivative can be observed. */
export interface CutLoss {
  value(params: Float64Array): MaybePromise<number>;
  view(params: Float64Array): Promise<CutView>;
  /** The shortest moves from here. */
  moves(params: Float64Array): Promise<readonly CutMove[]>;
}

/** A term of the loss that changes in jumps, so that the gradient does not contain it. */
export interface LostTerm {
  /** The operation that makes the jumps. */
  readonly site: number;
  /** raises: the jumps raised the loss during the run. hides: one jump near the last point lowers it. */
  readonly kind: 'raises' | 'hides';
  readonly from: number;
  readonly to: number;
  /** The sum of the jumps at this operation between the two points. */
  readonly jumps: number;
  /** The rest of the change between them. */
  readonly rest: number;
}

interface Point {
  /** The position on the segment, from 0 to 1. */
  readonly at: number;
  readonly view: CutView;
}

const equalParts = 4;
const partsAtMost = 40;
const halvings = 30;
/** Jumps are known well enough if the doubt is at most this share of them. */
const settled = 0.05;
const doubtAtMost = 0.25;
/** The part of the loss that has a derivative may rise by this share of the jumps: then the steps follow it downhill. */
const downhill = 0.005;
/** A gradient that lowers the loss by this share of a jump leads to it. */
const leading = 0.02;
/** A residual is a jump if it is this many times what a kink or a curve could cause. */
const clearly = 4;
const movesTried = 3;
const sitesTried = 3;

/**
 * The operation whose jumps explain that the loss rose from one point of a run to a later one; null if there is none.
 *
 *   L(b) − L(a) = ∫ g·dx + jumps        on the segment from a to b
 *
 * The segment is divided where the trapezoidal rule is uncertain. A part on which an operation changes its result has a jump of
 * L(q) − L(p) − (g(p) + g(q))·(q − p)/2, up to |(g(q) − g(p))·(q − p)|/2: pieces that join cause no more than that. One jump is
 * located by bisection, to show that it stays as the distance vanishes.
 */
export async function termThatRaises(
  loss: CutLoss,
  from: Float64Array,
  to: Float64Array,
): Promise<LostTerm | null> {
  const segment = new Segment(loss, from, to);
  const [first, last] = [await segment.at(0), await segment.at(1)];
  const rise = last.view.loss - first.view.loss;
  if (!(rise > 0) || !Number.isFinite(rise)) return null;
  const points = [first];
  for (let k = 1; k < equalParts; k++) points.push(await segment.at(k / equalParts));
  points.push(last);
  while (points.length <= partsAtMost) {
    if (segment.mostJumps(points) < rise / (1 + downhill)) return null;
    const doubts = pairs(points).map(([p, q]) => segment.doubt(p, q));
    if (!(sum(doubts) > settled * rise)) break;
    const worst = doubts.indexOf(Math.max(...doubts));
    points.splice(worst + 1, 0, await segment.between(points[worst]!, points[worst + 1]!));
  }
  const parts = pairs(points).map(([p, q]) => new Part(p, q, segment.residual(p, q)));
  const jumps = sum(parts.map((part) => (part.sites.size > 0 ? part.residual : 0)));
  const doubt = sum(pairs(points).map(([p, q]) => segment.doubt(p, q)));
  if (rise - jumps > downhill * jumps || doubt > doubtAtMost * jumps) return null;
  const jumping = await sitesThatJump(segment, parts);
  const [site, most] = mostOf(jumpsBySite(parts, (each) => jumping.has(each)));
  if (site < 0 || !(most > doubt)) return null;
  return { site, kind: 'raises', from: first.view.loss, to: last.view.loss, jumps: most, rest: rise - most };
}

/** A part of a segment, with the operations whose results differ at its ends. */
class Part {
  readonly ends: readonly [Point, Point];
  readonly sites: ReadonlySet<number>;
  readonly residual: number;

  constructor(p: Point, q: Point, residual: number) {
    this.ends = [p, q];
    this.sites = changedSites(p.view, q.view);
    this.residual = residual;
  }
}

/** Of the operations with the largest shares, those at which the loss jumps upwards somewhere. */
async function sitesThatJump(segment: Segment, parts: readonly Part[]): Promise<ReadonlySet<number>> {
  const shares = [...jumpsBySite(parts, () => true)].sort((a, b) => b[1] - a[1]);
  const jumping = new Set<number>();
  for (const [site] of shares.slice(0, sitesTried)) {
    const { ends } = parts
      .filter(({ sites }) => sites.has(site))
      .reduce((a, b) => (b.residual > a.residual ? b : a));
    const jump = await segment.jump(...ends, site);
    if (jump !== null && jump.size > 0) jumping.add(site);
  }
  return jumping;
}

/** The sum of the residuals for each operation. Operations that change in the same part share its residual. */
function jumpsBySite(parts: readonly Part[], counts: (site: number) => boolean): Map<number, number> {
  const sums = new Map<number, number>();
  for (const { sites, residual } of parts) {
    const counted = [...sites].filter(counts);
    for (const site of counted) sums.set(site, (sums.get(site) ?? 0) + residual / counted.length);
  }
  return sums;
}

function mostOf(sums: ReadonlyMap<number, number>): readonly [number, number] {
  return [...sums].reduce((a, b) => (b[1] > a[1] ? b : a), [-1, 0]);
}

/**
 * The operation near a point of which another result has a lower loss, although the gradient does not lead there; null if there is
 * none.
 *
 * @param gain     how much lower the loss must be
 * @param longest  comparisons farther away than this are not examined
 */
export async function termThatHides(
  loss: CutLoss,
  params: Float64Array,
  gain: number,
  longest: number,
): Promise<LostTerm | null> {
  const moves = (await loss.moves(params)).filter(
    ({ isComparison, move }) => !isComparison || norm2(move) <= longest,
  );
  if (moves.length === 0) return null;
  const here: Point = { at: 0, view: await loss.view(params) };
  const tried: { readonly segment: Segment; readonly ends: readonly [Point, Point]; site: number }[] = [];
  for (const { site, isComparison, move } of moves) {
    const moved = params.map((each, i) => each + move[i]!);
    // A move ends just behind a comparison, so its value shows a jump. Networks have thousands of comparisons without one.
    if (isComparison && !((await loss.value(moved)) < here.view.loss - gain)) continue;
    const segment = new Segment(loss, params, moved);
    const ends = [here, await segment.at(1)] as const;
    const sites = changedSites(ends[0].view, ends[1].view);
    if (sites.has(site) && segment.residual(...ends) < -gain) tried.push({ segment, ends, site });
  }
  tried.sort((a, b) => a.segment.residual(...a.ends) - b.segment.residual(...b.ends));
  for (const { segment, ends, site } of tried.slice(0, movesTried)) {
    const jump = await segment.jump(...ends, site);
    if (jump === null) continue;
    const { after, size } = jump;
    const [from, to] = [ends[0].view.loss, after.view.loss];
    // Where the gradient leads there, a run gets there by itself.
    const isLedThere = -segment.slope(ends[0]) * after.at > leading * -size;
    if (size < -gain && to < from - gain && !isLedThere)
      return { site, kind: 'hides', from, to, jumps: size, rest: to - from - size };
  }
  return null;
}

class Segment {
  readonly #loss: CutLoss;
  readonly #from: Float64Array;
  readonly #way: Float64Array;

  constructor(loss: CutLoss, from: Float64Array, to: Float64Array) {
    this.#loss = loss;
    this.#from = from;
    this.#way = to.map((each, i) => each - from[i]!);
  }

  async at(at: number): Promise<Point> {
    return { at, view: await this.#loss.view(this.#from.map((each, i) => each + at * this.#way[i]!)) };
  }

  between(p: Point, q: Point): Promise<Point> {
    return this.at((p.at + q.at) / 2);
  }

  /** The derivative of the loss along the segment, by the gradient. */
  slope({ view }: Point): number {
    return view.grad.reduce((total, each, i) => total + each * this.#way[i]!, 0);
  }

  /** The change of the loss that the trapezoidal rule does not explain. */
  residual(p: Point, q: Point): number {
    return q.view.loss - p.view.loss - ((this.slope(p) + this.slope(q)) / 2) * (q.at - p.at);
  }

  /** How far the residual may be from the sum of the jumps between two points. */
  doubt(p: Point, q: Point): number {
    const isChanged = changedSites(p.view, q.view).size > 0;
    return isChanged ? this.#bend(p, q) : Math.abs(this.residual(p, q));
  }

  /** The jumps are at most this high. */
  mostJumps(points: readonly Point[]): number {
    return sum(
      pairs(points).map(([p, q]) =>
        changedSites(p.view, q.view).size > 0 ? Math.abs(this.residual(p, q)) + this.#bend(p, q) : 0,
      ),
    );
  }

  /** The jump between two points at an operation, located by bisection; null if the loss does not jump there. */
  async jump(
    from: Point,
    to: Point,
    site: number,
  ): Promise<{ readonly after: Point; readonly size: number } | null> {
    let [p, q] = [from, to];
    for (let k = 0; k < halvings; k++) {
      const middle = await this.between(p, q);
      const halves = [[p, middle] as const, [middle, q] as const].filter(([a, b]) =>
        changedSites(a.view, b.view).has(site),
      );
      if (halves.length === 0) return null;
      const size = (half: readonly [Point, Point]) => Math.abs(this.residual(...half));
      [p, q] = halves.reduce((a, b) => (size(b) > size(a) ? b : a));
    }
    const size = q.view.loss - p.view.loss;
    const rounding = 64 * Number.EPSILON * Math.max(Math.abs(p.view.loss), Math.abs(q.view.loss));
    const isJump = Math.abs(this.residual(p, q)) > clearly * this.#bend(p, q) + rounding;
    return isJump ? { after: q, size } : null;
  }

  #bend(p: Point, q: Point): number {
    return (Math.abs(this.slope(q) - this.slope(p)) / 2) * (q.at - p.at);
  }
}

/** The operations whose results differ. After the first difference of two lists of operations, they cannot be compared. */
function changedSites(a: CutView, b: CutView): ReadonlySet<number> {
  const changed = new Set<number>();
  const length = Math.min(a.cuts.length, b.cuts.length);
  for (let k = 0; k < length; k++) {
    const [x, y] = [a.cuts[k]!, b.cuts[k]!];
    if (x.site !== y.site) break;
    if (x.result !== y.result) changed.add(x.site);
  }
  return changed;
}

function pairs(points: readonly Point[]): (readonly [Point, Point])[] {
  return points.slice(1).map((point, k) => [points[k]!, point] as const);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}
