import { type ParameterGroups, parameterGroupsOf } from '../groups';
import { norm2 } from '../numerics/norms';
import { stateNamesOf } from '../phases';
import type { StepView } from '../update';
import type { Posted } from './board';
import type { FindingReport } from './finding';
import { configOfGroup, reportOfGroup } from './groupReports';
import type { Rule, RuleBoard, RuleContext, RuleFactory } from './rule';
import { DecayDrift } from './terms/decayDrift';

/**
 * A rule whose condition is a formula of one set of options, in a run with parameter groups: one rule for the coordinates of each
 * group, and one for those outside all groups. Each sees the run as if it had only its coordinates, with the options of
 * its group. What it reports is about the coordinates and the group of the whole run. The rules end when the optimizer
 * switches, because groups belong to the first one.
 *
 * @returns null if the rule applies to none of them
 */
export function groupRule(context: RuleContext, factory: RuleFactory): Rule | null {
  const { config, dim } = context;
  const groups = parameterGroupsOf(config, dim);
  if (!groups) return factory(context);
  const parts = groups.coordinates.flatMap((coordinates, g) => {
    if (coordinates.length === 0) return [];
    const part = new Part(context, groups, g);
    const rule = factory(part.context);
    return rule ? [{ part, rule }] : [];
  });
  if (parts.length === 0) return null;
  let hasSwitched = false;
  return {
    onStep(step) {
      hasSwitched ||= step.phase > 0;
      if (hasSwitched) return;
      for (const { part, rule } of parts) {
        const view = part.viewOf(step);
        part.context.decayDrift?.onStep(view);
        rule.onStep?.(view);
      }
    },
    finish(outcome, end) {
      if (hasSwitched) return;
      for (const { part, rule } of parts) {
        const { params } = outcome.final;
        const final = { ...outcome.final, params: part.gathered(params, new Float64Array(part.dim)) };
        // What is left to the minimum may be left by the others.
        rule.finish?.({ ...outcome, final }, part.share >= leastShare ? end : null);
      }
    },
    onMuted() {
      for (const { rule } of parts) rule.onMuted?.();
    },
  };
}

/** The end of a run says something about a group with at least this share of the squared gradient of the last step. */
const leastShare = 0.25;

/** The run as a rule for one group sees it. */
class Part {
  readonly context: RuleContext;
  readonly dim: number;
  /** The share of the coordinates in the squared gradient of the last step. */
  share = 0;
  readonly #coordinates: readonly number[];
  readonly #view: StepView;
  /** The arrays of the step's state that the view shows, and those of the lr and the product of mu. */
  readonly #places: readonly number[];
  readonly #lr: number;
  readonly #muProduct: number;
  readonly #beta: number;

  constructor(whole: RuleContext, groups: ParameterGroups, g: number) {
    const coordinates = groups.coordinates[g]!;
    const config = configOfGroup(whole.config, g);
    const nameOf: RuleContext['nameOf'] = (k) => whole.nameOf(coordinates[k]!);
    const board = boardOfPart(whole, coordinates, g);
    this.context = {
      ...whole,
      config,
      dim: coordinates.length,
      nameOf,
      board,
      decayDrift: DecayDrift.for(config, whole.terms),
      // The curvature and the probes are those of the whole vector.
      curvature: () => Number.NaN,
      probing: null,
    };
    this.dim = coordinates.length;
    this.#coordinates = coordinates;
    this.#beta = groups.phases[g]!.beta;
    const names = stateNamesOf(whole.config);
    this.#places = stateNamesOf(config).map((name) => names.indexOf(name));
    this.#lr = names.indexOf('lr');
    this.#muProduct = names.indexOf('muProduct');
    const vector = () => new Float64Array(this.dim);
    this.#view = {
      t: 0,
      loss: 0,
      gradNorm: 0,
      clipFactor: 1,
      lr: 0,
      beta: 0,
      phase: 0,
      age: 0,
      lossScale: 1,
      underflow: 0,
      overflow: 0,
      watched: 0,
      bestWatched: 0,
      muProduct: Number.NaN,
      before: vector(),
      previous: vector(),
      params: vector(),
      grad: vector(),
      lastGrad: vector(),
      state: this.#places.map(vector),
    };
  }

  /** The step of the coordinates of this group; the next call overwrites it. */
  viewOf(step: StepView): StepView {
    const view = this.#view;
    const { before, previous, params, grad, lastGrad, state } = view;
    Object.assign(view, step, { before, previous, params, grad, lastGrad, state });
    this.gathered(step.before, before);
    this.gathered(step.previous, previous);
    this.gathered(step.params, params);
    this.gathered(step.grad, grad);
    this.gathered(step.lastGrad, lastGrad);
    this.share = (norm2(grad) / norm2(step.grad)) ** 2;
    for (const [k, place] of this.#places.entries()) this.gathered(step.state[place]!, state[k]!);
    const first = this.#coordinates[0]!;
    view.lr = step.state[this.#lr]![first]!;
    if (this.#muProduct >= 0) view.muProduct = step.state[this.#muProduct]![first]!;
    if (!Number.isNaN(this.#beta)) view.beta = this.#beta;
    return view;
  }

  gathered(from: Float64Array, to: Float64Array): Float64Array {
    for (let k = 0; k < to.length; k++) to[k] = from[this.#coordinates[k]!]!;
    return to;
  }
}

/** A board on which reports about one group are posted as reports about the run. */
function boardOfPart({ board, config }: RuleContext, coordinates: readonly number[], g: number): RuleBoard {
  const whole = (report: FindingReport) => ({
    ...reportOfGroup(report, config, g),
    coordinates: report.coordinates.map((k) => coordinates[k]!),
  });
  return {
    get findings() {
      return board.findings;
    },
    has: (code, kind) => board.has(code, kind),
    locate: (code, origin) => board.locate(code, origin),
    post(report) {
      const first = whole(report);
      // A statement about an option that several groups share is made once.
      const isOfOption =
        first.coordinates.length === 0 &&
        first.subject?.kind === 'option' &&
        first.subject.path[0] === 'optimizer';
      if (isOfOption && board.has(first.code)) return unposted(report);
      const posted = board.post(first);
      let last = report;
      return {
        get report() {
          return last;
        },
        replace(next) {
          last = next;
          posted.replace(whole(next));
        },
        extendTo: (t) => posted.extendTo(t),
        withdraw: () => posted.withdraw(),
      };
    },
  };
}

function unposted(report: FindingReport): Posted {
  return { report, replace: () => {}, extendTo: () => {}, withdraw: () => {} };
}
