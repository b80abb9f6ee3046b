import { describe, expect, it } from 'vitest';
import type { Report } from '../../../../src/core/analysis/report';
import { mergePatches, resolveConfig } from '../../../../src/core/config/resolve';
import { Reports } from '../../../../src/runs/reports';
import { RunStore } from '../../../../src/runs/runStore';
import { axisOf } from '../../../../src/runs/sweep/axis';
import { cellsOf } from '../../../../src/runs/sweep/cells';
import { type SweepOrder, sweepInStore } from '../../../../src/runs/sweep/sweepInStore';
import { FakeSource } from '../support/fakeSource';
import { order } from '../support/runRecord';

const base = { optimizer: { lr: 0.01, beta2: 0.99 } };

function sweepOrder(): SweepOrder {
  const x = axisOf('x', 'lr=0.001,0.01,0.1');
  const y = axisOf('y', 'beta2=0.9,0.99');
  const orderOf = (patch: object) => ({
    ...order,
    config: resolveConfig([mergePatches(base, patch)]).config,
  });
  return {
    order: orderOf({}),
    x,
    y,
    cells: cellsOf(x, y).map((cell) => ({ ...cell, order: orderOf(cell.patch) })),
  };
}

class World {
  readonly sources: FakeSource[] = [];
  readonly store = new RunStore({
    files: null,
    places: 10,
    openSource: () => {
      const source = new FakeSource();
      this.sources.push(source);
      return source;
    },
  });
  readonly reports = new Reports(() => {
    throw new Error('no analysis');
  });

  begin(workers: number, hasChanged = () => false) {
    const parts = { store: this.store, workers, hasChanged };
    return this.reports.begin('Sweep', order, (id, listener) =>
      sweepInStore(parts, sweepOrder(), id, listener),
    );
  }

  /** Ends the runs that are in progress. */
  async endRuns(): Promise<void> {
    for (const source of this.sources.splice(0)) {
      source.load();
      source.take(3);
      source.end();
    }
    await settled();
  }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));
const heatmapOf = (report: Report | null) => report!.heatmaps![0]!;

describe('a sweep in the store of runs', () => {
  it('makes as many runs at once as it may, keeps them, and reports each result', async () => {
    const world = new World();
    const entry = world.begin(2);
    await settled();
    expect([world.sources.length, entry.progress, entry.status]).toEqual([2, [0, 6], 'running']);
    await world.endRuns();
    expect([world.sources.length, entry.progress]).toEqual([2, [2, 6]]);
    const { values, cells } = heatmapOf(entry.report);
    expect([...values].filter(Number.isFinite)).toEqual([1, 1]);
    expect(cells[0]!.text).toMatch(/^lr = 0\.001, beta2 = 0\.9: final loss 1, /);
    await world.endRuns();
    await world.endRuns();
    expect([entry.status, entry.progress]).toEqual(['finished', [6, 6]]);
    const runs = heatmapOf(entry.report).cells.map(({ run }) => world.store.find(run!)!.record);
    expect(runs.map(({ name, sweep }) => [name, sweep])).toEqual(
      ['0.9', '0.99'].flatMap((beta2) =>
        ['0.001', '0.01', '0.1'].map((lr) => [`lr=${lr}, beta2=${beta2}`, entry.id]),
      ),
    );
    expect(runs.map(({ config }) => config.optimizer.lr)).toEqual([0.001, 0.01, 0.1, 0.001, 0.01, 0.1]);
    expect(world.store.newestOfEachLoss).toEqual([]);
  });

  it('marks the present configuration', () => {
    const { cells, x, y } = heatmapOf(new World().begin(1).report);
    expect(cells.map(({ isPresent }) => isPresent)).toEqual([false, false, false, false, true, false]);
    expect([x.values, y!.values]).toEqual([
      ['0.001', '0.01', '0.1'],
      ['0.9', '0.99'],
    ]);
  });

  it('keeps the results of a stopped sweep, which the next one takes up', async () => {
    const world = new World();
    const first = world.begin(2);
    await settled();
    await world.endRuns();
    world.reports.stop();
    await settled();
    expect([first.status, first.progress, world.store.history.length]).toEqual(['stopped', [2, 6], 2]);
    world.sources.length = 0;
    const second = world.begin(2);
    await settled();
    expect(second.progress).toEqual([2, 6]);
    expect(world.sources).toHaveLength(2);
    expect(heatmapOf(second.report).cells[0]!.run).toBe(heatmapOf(first.report).cells[0]!.run);
  });

  it('makes runs again whose source has changed', async () => {
    const world = new World();
    world.begin(6);
    await settled();
    await world.endRuns();
    const again = world.begin(6, () => true);
    await settled();
    expect([world.sources.length, again.progress]).toEqual([6, [0, 6]]);
  });

  it('fails with the problem of a run that made no step', async () => {
    const world = new World();
    const entry = world.begin(1);
    await settled();
    world.sources[0]!.end();
    await settled();
    expect(entry.status).toBe('failed');
  });
});
