import { directionOf, turned } from '../ascent';
import type { RunConfig } from '../config/runConfig';
import { parameterGroupsOf } from '../groups';
import type { RecordedState } from '../optimizers/optimizer';
import { type Phase, phasesOf } from '../phases';
import { type ExtraName, extraPlace, recordOffset, recordPlaces, type StepLayout } from '../trace/layout';

/** What a record says about a step of one coordinate. The gradient is that of the minimized function. */
export interface CoordinateStep {
  /** The step of the run, 1-based. */
  readonly step: number;
  /** The optimizer's own step count after the step; the same as before if the step was skipped. */
  readonly age: number;
  /** The index of the optimizer: 0, or 1 after a switch. */
  readonly phase: number;
  readonly lr: number;
  /** beta1 or momentum; NaN for an optimizer that has neither. */
  readonly beta: number;
  /** ‖g‖ before clipping, and the factor of clipping. */
  readonly gradNorm: number;
  readonly clipFactor: number;
  readonly lossScale: number;
  readonly grad: number;
  /** theta_t */
  readonly params: number;
  readonly update: number;
  /** NaN where the optimizer does not have it. */
  readonly stateOf: (name: RecordedState) => number;
}

/** The optimizer of a coordinate at a step: that of its parameter group, or the second one after a switch. */
export function phaseAt(config: RunConfig, dim: number, coordinate: number, phase: number): Phase {
  const groups = phase === 0 ? parameterGroupsOf(config, dim) : null;
  return groups ? groups.phases[groups.of[coordinate]!]! : phasesOf(config)[phase]!;
}

/**
 * Reads a step of a coordinate from its record.
 *
 * @param k  index among the recorded coordinates of the layout
 */
export function coordinateStepOf(
  config: RunConfig,
  layout: StepLayout,
  record: Float64Array,
  k: number,
): CoordinateStep {
  const extra = (name: ExtraName, absent: number) => {
    const place = extraPlace(layout, name);
    return place < 0 ? absent : record[place]!;
  };
  const value = (name: Parameters<typeof recordOffset>[1]) => {
    const offset = recordOffset(layout, name);
    return offset < 0 ? Number.NaN : record[offset + k]!;
  };
  const step = record[recordPlaces.t]!;
  const phase = extra('phase', 0);
  const { beta } = phaseAt(config, layout.dim, layout.coordinates[k]!, phase);
  const isOfAll = recordOffset(layout, 'lr') < 0;
  return {
    step,
    age: extra('age', step),
    phase,
    lr: isOfAll ? record[recordPlaces.lr]! : value('lr'),
    beta: Number.isNaN(beta) ? beta : extra('beta', beta),
    gradNorm: record[recordPlaces.gradNorm]!,
    clipFactor: record[recordPlaces.clipFactor]!,
    lossScale: extra('lossScale', 1),
    grad: turned(value('grad'), directionOf(config)),
    params: value('params'),
    update: value('update'),
    stateOf: (name) => (name === 'muProduct' && isOfAll ? extra('muProduct', Number.NaN) : value(name)),
  };
}
