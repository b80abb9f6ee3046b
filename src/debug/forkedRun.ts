import type { StepExpression } from '../core/expressions/expression';
import type { Intervention } from '../core/interventions';
import type { LrChanges } from '../core/lrByHand';
import { compareRepetition, repetitionOf } from '../runs/repetition';
import type { Run } from '../runs/run';
import { CannotDebug, type DebuggedRun, type DebugHost } from './debugHost';
import { lrSetAfter } from './lrSetAfter';
import { RunDriver } from './runDriver';
import type { SetTarget } from './variables';

/**
 * A run that has the steps of another one up to `at`, and then goes on with another number. It makes these steps again, so that it is a
 * whole run with the values of all steps, and compares them.
 *
 * @throws CannotDebug if the steps differ, because the loss has a state of its own, or is random
 */
export async function forkOf(
  host: DebugHost,
  debugged: DebuggedRun,
  at: number,
  target: SetTarget,
  value: number,
): Promise<DebuggedRun> {
  const { run, store, order } = debugged;
  if (order === null)
    throw new CannotDebug('A stored run can only be read. Debug its loss to try other numbers.');
  if (!run.isLive && at === run.trace?.steps)
    throw new CannotDebug(`The run ended with step ${at}: go back before it, and set the number there.`);
  const repetition = repetitionOf(run, { diagnosis: order.diagnosis, limits: order.limits });
  const forkedOrder = {
    ...repetition,
    lrChanges: lrChangesOf(debugged, at, target, value),
    interventions: interventionsOf(run, at, target, value),
    stops: { all: [{ id: 0, condition: stepIs(at), hits: null, seen: 0, log: null }], codes: [] },
  };
  const forked: DebuggedRun = {
    ...debugged,
    order: forkedOrder,
    run: host.fork(debugged, forkedOrder, { of: run.record.id, at }),
  };
  const driver = new RunDriver(forked);
  try {
    await driver.opened();
    if (at > 0) {
      const ending = await driver.goOn(forkedOrder.stops);
      if (ending.kind !== 'hit' || differs(run, forked.run))
        throw new CannotDebug(
          `The steps up to ${at} could not be made again with the same numbers, so the run cannot go on from there: the loss has a state of its own, or is random.`,
        );
    }
  } catch (error) {
    await store.stop(forked.run.record.id);
    throw error;
  } finally {
    driver.dispose();
  }
  await store.stop(run.record.id);
  return forked;
}

function differs(run: Run, forked: Run): boolean {
  return compareRepetition(forked, run)?.first !== null;
}

function lrChangesOf({ run, order }: DebuggedRun, at: number, target: SetTarget, value: number): LrChanges {
  const before = run.record.lrChanges.filter(([t]) => t <= at);
  const own = target.kind === 'lr' ? value : lrSetAfter(run, order, at);
  return own === null ? before : [...before, [at + 1, own]];
}

function interventionsOf(run: Run, at: number, target: SetTarget, value: number): Intervention[] {
  const before = (run.record.interventions ?? []).filter(({ t }) => t <= at);
  if (target.kind === 'lr') return before;
  const { target: of, coordinate } = target;
  const others = before.filter(
    (each) => !(each.t === at && each.target === of && each.coordinate === coordinate),
  );
  return [...others, { t: at, target: of, coordinate, value }];
}

function stepIs(t: number): StepExpression {
  return {
    type: 'boolean',
    node: {
      kind: 'binary',
      operator: '==',
      left: { kind: 'scalar', name: 'step' },
      right: { kind: 'constant', value: t },
      isVector: false,
    },
  };
}
