import { type Direction, directionOf, turned } from '../ascent';
import type { RunConfig } from '../config/runConfig';
import { groupPhasesOf } from '../groups';
import type { CoordinateAt, StepAt } from '../optimizers/optimizer';
import { cyclingSchedule, type Phase, phasesOf } from '../phases';
import type { CoordinateQuantity } from './names';

type Formula = (at: CoordinateAt) => number;

/**
 * The quantities of one coordinate for one optimizer of a run; undefined if the optimizer does not have the
 * quantity.
 */
export interface CoordinateFormulas {
  readonly formulas: { readonly [Q in CoordinateQuantity]: Formula | undefined };
  /** The optimizer's own gradient, including an L2 penalty. */
  readonly ownGradient: Formula;
  readonly stepSize: Formula;
  readonly direction: Formula;
  /** B(t), the bound on abs(update without decoupled decay)/lr. */
  readonly bound: (t: number) => number;
  /** The limit of a·λmax(P⁻¹H); infinite if there is none. */
  readonly stabilityLimit: (at: StepAt) => number;
  /** The update after many equal gradients, relative to −a P⁻¹ g. */
  readonly accumulation: (at: Pick<StepAt, 'beta'>) => number;
  /** The weight of the penalty ½·l2·‖params‖². */
  readonly l2: number;
  /** beta1 or momentum, if no schedule cycles it. */
  readonly beta: number;
}

/** The formulas of each of a run's optimizers, in order. */
export function formulasOf(config: RunConfig): readonly CoordinateFormulas[] {
  return formulasOfPhases(config, phasesOf(config));
}

/** The formulas of each parameter group, those outside all groups first; null without groups. */
export function groupFormulasOf(config: RunConfig): readonly CoordinateFormulas[] | null {
  const phases = groupPhasesOf(config);
  return phases && formulasOfPhases(config, phases);
}

function formulasOfPhases(config: RunConfig, phases: readonly Phase[]): readonly CoordinateFormulas[] {
  const cycling = cyclingSchedule(config);
  const betaAt = cycling && ((t: number) => cycling.beta!(t - 1));
  const batch = config.batch ?? 1;
  const direction = directionOf(config);
  return phases.map((phase) => formulasOfPhase(phase, batch, betaAt, direction));
}

function formulasOfPhase(
  { definition, options, beta }: Phase,
  batch: number,
  betaAt: ((t: number) => number) | null,
  goes: Direction,
): CoordinateFormulas {
  const { mHat, vHat, preconditioner, epsPart, uncorrectedUpdate, stepSize, direction } =
    definition.derived(options);
  const states = definition.stateNames(options);
  const kept = (name: (typeof states)[number]) =>
    states.includes(name) ? (at: CoordinateAt) => at[name] : undefined;
  const bound = definition.bound(options, definition.cycled ? betaAt : null);
  const l2 = definition.l2(options);
  return {
    formulas: {
      params: (at) => at.params,
      // Of the user's function; all others are those of the optimizer, which descends.
      grad: (at) => turned(at.grad, goes),
      m: kept('m'),
      v: kept('v'),
      vMax: kept('vMax'),
      u: kept('u'),
      momentum: kept('momentum'),
      gAvg: kept('gAvg'),
      sum: kept('sum'),
      mHat,
      vHat,
      effectiveLr: (at) => stepSize(at) / preconditioner(at),
      preconditioner,
      snr: mHat && vHat && ((at) => Math.abs(mHat(at)) / Math.sqrt(vHat(at))),
      epsShare: epsPart && ((at) => epsPart(at) / preconditioner(at)),
      fisher: vHat && ((at) => batch * vHat(at)),
      update: (at) => at.update,
      absUpdate: (at) => Math.abs(at.update),
      uncorrectedUpdate,
      updateOverBound: Number.isFinite(bound(2))
        ? (at) => {
            const decayed = (1 - definition.decay(at.lr, options)) * (at.params - at.update);
            return Math.abs(at.update + decayed) / (at.lr * bound(at.t));
          }
        : undefined,
      updateRatio: (at) => Math.abs(at.update / (at.params - at.update)),
    },
    ownGradient: (at) => at.grad + l2 * (at.params - at.update),
    stepSize,
    direction,
    bound,
    stabilityLimit: definition.stabilityLimit(options),
    accumulation: definition.accumulation?.(options) ?? (() => 1),
    l2,
    beta,
  };
}

/** A coordinate without values. */
export function blankCoordinate(): CoordinateAt {
  const none = Number.NaN;
  const states = { m: none, v: none, vMax: none, u: none, momentum: none, gAvg: none, sum: none };
  return { t: 0, lr: 0, beta: none, grad: 0, update: 0, params: 0, muProduct: none, ...states };
}
