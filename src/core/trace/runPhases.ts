import { turned } from '../ascent';
import { numberOption } from '../config/readOptions';
import type { RunConfig } from '../config/runConfig';
import { optimizerAt } from '../phases';
import { extraPlace, layoutDirection, recordPlaces } from './layout';
import type { Quantities } from './quantities';
import type { Trace } from './trace';

/** What dominates a stretch of a run; where several apply, the first one of this list. */
export const runPhaseNames = ['edge', 'eps', 'warmup', 'bias', 'descent', 'still'] as const;
export type RunPhaseName = (typeof runPhaseNames)[number];

/** Consecutive steps with the same phase, both ends included. */
export interface RunPhase {
  readonly name: RunPhaseName;
  readonly steps: readonly [number, number];
}

/** The run is examined at this many steps at most. */
const samples = 300;
/** Coordinates whose eps share is read at each of them. */
const coordinatesRead = 64;

/** The share of the stability limit from which on a run counts as at its edge. */
const edgeShare = 0.9;
/** The change of the update by bias correction, as a factor, from which on it counts. */
const biasFactor = 2;

/**
 * The phases of a run, from its record:
 *
 *   edge      the stability value is at least 0.9 of its limit (its last sample)
 *   eps       eps is the larger part of the preconditioner in half of the coordinates
 *   warmup    the schedule still raises the learning rate
 *   bias      bias correction changes the update by at least a factor of 2: sqrt(1 − beta2^t)/(1 − beta1^t), beta1 or beta2 as given
 *   descent   the lowest loss so far falls
 *   still     none of these
 */
export function runPhases(trace: Trace, quantities: Quantities, config: RunConfig): RunPhase[] {
  const every = Math.max(1, Math.ceil(trace.rows / samples));
  const rows = Array.from({ length: Math.ceil(trace.rows / every) }, (_, i) => i * every);
  const isEdge = edgeReader(trace, quantities);
  const isEps = epsReader(trace, quantities);
  const peak = warmupEnd(trace, config, rows);
  const isBias = biasReader(trace, config);
  const best = (row: number) => trace.read(row, quantities.reader('best', -1));
  const direction = layoutDirection(trace.layout);
  const phases: RunPhase[] = [];
  for (const [i, row] of rows.entries()) {
    const next = rows[i + 1] ?? trace.rows;
    const steps = [trace.stepOf(row), Math.max(trace.stepOf(row), trace.stepOf(next) - 1)] as const;
    const gain = turned(best(Math.min(next, trace.rows - 1)), direction) - turned(best(row), direction);
    const edge = isEdge(row, next);
    const name: RunPhaseName = edge
      ? 'edge'
      : isEps(row)
        ? 'eps'
        : steps[0] < peak
          ? 'warmup'
          : isBias(row)
            ? 'bias'
            : gain < 0
              ? 'descent'
              : 'still';
    const last = phases.at(-1);
    if (last?.name === name) phases[phases.length - 1] = { name, steps: [last.steps[0], steps[1]] };
    else phases.push({ name, steps });
  }
  return withoutFlicker(phases, trace.steps);
}

/** A stretch without progress shorter than a fiftieth of the run is part of the descent around it. */
function withoutFlicker(phases: readonly RunPhase[], steps: number): RunPhase[] {
  const merged: RunPhase[] = [];
  for (const phase of phases) {
    const isShort = phase.steps[1] - phase.steps[0] < steps / 50;
    const last = merged.at(-1);
    const name = phase.name === 'still' && isShort && last?.name === 'descent' ? 'descent' : phase.name;
    if (last?.name === name) merged[merged.length - 1] = { name, steps: [last.steps[0], phase.steps[1]] };
    else merged.push({ name, steps: phase.steps });
  }
  return merged;
}

/** Whether the stability value was at its limit in some of the rows [row, next). Between samples the last one is valid. */
function edgeReader(trace: Trace, quantities: Quantities): (row: number, next: number) => boolean {
  if (!quantities.has('stability') || !quantities.has('stabilityLimit')) return () => false;
  const value = quantities.reader('stability', -1);
  const limit = quantities.reader('stabilityLimit', -1);
  const settled = quantities.settledAge(0);
  let isAtEdge = false;
  return (row, next) => {
    let wasAtEdge = isAtEdge;
    for (let at = row; at < next && at < trace.rows; at++) {
      const now = trace.read(at, value);
      if (!Number.isNaN(now))
        isAtEdge = trace.stepOf(at) >= settled && now >= edgeShare * trace.read(at, limit);
      wasAtEdge ||= isAtEdge;
    }
    return wasAtEdge;
  };
}

function epsReader(trace: Trace, quantities: Quantities): (row: number) => boolean {
  if (!quantities.has('epsShare')) return () => false;
  const count = trace.layout.coordinates.length;
  const every = Math.max(1, Math.ceil(count / coordinatesRead));
  const readers = Array.from({ length: Math.ceil(count / every) }, (_, i) =>
    quantities.reader('epsShare', i * every),
  );
  return (row) => readers.filter((read) => trace.read(row, read) > 0.5).length * 2 > readers.length;
}

/** The first step at which the schedule has reached its largest learning rate; 1 without a warmup. */
function warmupEnd(trace: Trace, { schedule }: RunConfig, rows: readonly number[]): number {
  if (!schedule || rows.length === 0) return 1;
  let [peak, step] = [Number.NEGATIVE_INFINITY, 1];
  for (const row of rows) {
    const lr = trace.at(row, recordPlaces.lr);
    // A plateau of a rate that does not rise any more is no warmup.
    if (!(lr > peak * (1 + 1e-9))) continue;
    peak = lr;
    step = trace.stepOf(row);
  }
  return step;
}

function biasReader(trace: Trace, config: RunConfig): (row: number) => boolean {
  const agePlace = extraPlace(trace.layout, 'age');
  const phasePlace = extraPlace(trace.layout, 'phase');
  return (row) => {
    const phase = phasePlace < 0 ? 0 : trace.at(row, phasePlace);
    const t = agePlace < 0 ? trace.stepOf(row) : trace.at(row, agePlace);
    const optimizer = optimizerAt(config, phase);
    const beta1 = numberOption(optimizer, 'beta1');
    const beta2 = numberOption(optimizer, 'beta2');
    if (beta1 === undefined || t < 1) return false;
    const ofV = beta2 === undefined || optimizer.name === 'adamax' ? 1 : Math.sqrt(1 - beta2 ** t);
    const factor = ofV / (1 - beta1 ** t);
    return factor >= biasFactor || factor <= 1 / biasFactor;
  };
}
