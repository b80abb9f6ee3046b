import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import * as fs from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiskRunFiles, type FileSystem } from '../../../src/runs/files/diskRunFiles';
import type { RunFiles } from '../../../src/runs/files/runFiles';
import { placesOf } from '../../../src/runs/places';
import type { Run } from '../../../src/runs/run';
import { RunStore, type RunStoreParts } from '../../../src/runs/runStore';
import { folderWith } from '../../support/startRun';
import { FakeSource } from './support/fakeSource';
import { description, order, runRecord } from './support/runRecord';

class World {
  /** In the order of their creation. */
  readonly sources: FakeSource[] = [];
  readonly store: RunStore;
  readonly writeProblems: string[] = [];

  constructor(parts: Partial<RunStoreParts> = {}) {
    this.store = new RunStore({
      files: null,
      places: 2,
      openSource: () => {
        const source = new FakeSource();
        this.sources.push(source);
        return source;
      },
      ...parts,
    });
    this.store.onWriteProblem((sentence) => this.writeProblems.push(sentence));
  }

  /** Starts a run whose loss is loaded as soon as the run leaves the queue. */
  start(): Run {
    const run = this.store.start(order);
    if (run.record.status === 'loading') this.sources.at(-1)!.load();
    return run;
  }

  /** A run that has made some steps and ended. */
  async ended(steps = 3): Promise<Run> {
    const run = this.start();
    const source = this.sources.at(-1)!;
    source.take(steps);
    source.end();
    await run.finished;
    return run;
  }

  get statuses(): string[] {
    return this.store.history.map(({ record }) => record.status);
  }
}

const idOf = (run: Run) => run.record.id;

describe('concurrent runs', () => {
  it('both start, and both can be stopped', async () => {
    const world = new World();
    const [one, two] = [world.start(), world.start()];
    expect(world.statuses).toEqual(['running', 'running']);
    await Promise.all([world.store.stop(idOf(one)), world.store.stop(idOf(two))]);
    expect(world.sources.map(({ asked }) => asked)).toEqual([['close'], ['close']]);
    expect(world.statuses).toEqual(['finished', 'finished']);
    expect([one, two].map(({ record }) => record.stopped)).toEqual(['user', 'user']);
    expect(world.store.live).toEqual([]);
  });

  it('wait for a place in the order of their starts', async () => {
    const world = new World();
    const runs = [world.start(), world.start(), world.start(), world.start()];
    expect(world.statuses).toEqual(['running', 'running', 'queued', 'queued']);
    expect(world.sources.length).toBe(2);
    world.sources[1]!.end();
    await runs[1]!.finished;
    expect(world.statuses).toEqual(['running', 'finished', 'loading', 'queued']);
    world.sources[2]!.end();
    await runs[2]!.finished;
    expect(world.statuses).toEqual(['running', 'finished', 'finished', 'loading']);
    expect(runs[3]!.summary).toBe('loading');
  });

  it('release their place while paused; a resumed run has priority over runs that have not started', async () => {
    const world = new World();
    const [first, second, third, fourth] = [world.start(), world.start(), world.start(), world.start()];
    world.sources[0]!.take(5);
    world.store.pause(idOf(first!));
    expect(world.statuses).toEqual(['paused', 'running', 'loading', 'queued']);
    world.store.resume(idOf(first!));
    expect(first!.summary).toBe('waiting to go on at step 5');
    expect(world.sources[0]!.asked).toEqual(['pause']);
    await world.store.stop(idOf(second!));
    expect(world.statuses).toEqual(['running', 'finished', 'loading', 'queued']);
    expect(world.sources[0]!.asked).toEqual(['pause', 'resume']);
    await world.store.stop(idOf(third!));
    expect(fourth!.record.status).toBe('loading');
  });

  it('can be paused, stepped and stopped while they wait to resume', async () => {
    const world = new World();
    const run = world.start();
    world.store.pause(idOf(run));
    world.start();
    world.start();
    world.store.resume(idOf(run));
    expect(run.record.status).toBe('queued');
    world.store.pause(idOf(run));
    expect(run.record.status).toBe('paused');
    world.store.resume(idOf(run));
    world.store.step(idOf(run));
    expect([run.record.status, world.sources[0]!.asked]).toEqual(['paused', ['pause', 'step']]);
    world.store.resume(idOf(run));
    await world.store.stop(idOf(run));
    expect(run.record.status).toBe('finished');
    world.sources[1]!.end();
    await world.store.history[1]!.finished;
    expect(world.sources[0]!.asked).toEqual(['pause', 'step', 'close']);
  });

  it('that have not started are stopped at once and never start', async () => {
    const world = new World();
    world.start();
    world.start();
    const waiting = world.start();
    await world.store.stop(idOf(waiting));
    expect([waiting.record.status, waiting.summary]).toEqual(['finished', 'stopped by you at step 0']);
    world.sources[0]!.end();
    await world.store.history[0]!.finished;
    expect(world.sources.length).toBe(2);
  });

  it('are stopped while they start', async () => {
    const world = new World();
    const run = world.store.start(order);
    const [source] = world.sources;
    source!.closesAtOnce = false;
    const stopped = world.store.stop(idOf(run));
    expect(source!.asked).toEqual(['close']);
    // The loss was loaded before the source processed the stop.
    source!.load();
    source!.take(1);
    source!.end('user');
    await stopped;
    expect([run.record.status, run.record.stopped, run.steps]).toEqual(['finished', 'user', 1]);
  });

  it('are found by their own ids only', () => {
    const world = new World();
    const [one, two] = [world.start(), world.start()];
    world.store.pause(idOf(two));
    world.store.setLr(idOf(two), 0.5);
    for (const lr of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) world.store.setLr(idOf(one), lr);
    world.store.pause('another');
    expect(world.sources.map(({ asked }) => asked)).toEqual([[], ['pause', 'lr 0.5']]);
    expect(two.record.lrChanges).toEqual([[1, 0.5]]);
    expect(world.statuses).toEqual(['running', 'paused']);
  });

  it('fail individually if a source cannot be created', async () => {
    const world = new World({
      openSource: () => {
        throw new Error('no processes left');
      },
    });
    const run = world.store.start(order);
    await run.finished;
    expect([run.record.status, run.summary]).toEqual([
      'failed',
      'The run could not be started: no processes left',
    ]);
  });

  it('have at least two places, and leave one core free for the editor', () => {
    expect([1, 2, 3, 4, 16].map(placesOf)).toEqual([2, 2, 2, 3, 15]);
  });
});

describe('the runs of a window', () => {
  it('are limited to the size of their files, in memory and on disk, after 300 runs', async () => {
    const folder = folderWith({});
    const allowed = 300_000;
    const world = new World({ files: new DiskRunFiles(folder), storageBytes: () => allowed });
    const removed: Run[] = [];
    world.store.onDidChange(({ run, what }) => what === 'removed' && removed.push(run));
    for (let i = 0; i < 300; i++) await world.ended(2);
    const { length } = world.store.history;
    expect(removed.length).toBe(300 - length);
    const sizes = readdirSync(folder).map((file) => statSync(path.join(folder, file)).size);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeLessThanOrEqual(allowed);
    expect(bytes).toBeGreaterThan(allowed - 2 * Math.max(...sizes));
    expect(removed.every(({ trace }) => trace === null)).toBe(true);
    const ids = world.store.history.map(idOf);
    expect(readdirSync(folder).sort()).toEqual(ids.map((id) => `${id}.adamscope`).sort());
  }, 60_000);

  it('contain one test of each loss: its newest result, and those that are shown or pinned', async () => {
    const world = new World();
    const test = async (lossName = 'f') => {
      const run = world.store.start({ ...order, source: { ...order.source, lossName } }, { isTest: true });
      const source = world.sources.at(-1)!;
      source.load();
      source.take(1);
      const end = async () => {
        source.end();
        await run.finished;
      };
      return { run, end };
    };
    const ended = async (lossName?: string) => {
      const { run, end } = await test(lossName);
      await end();
      return run;
    };
    const byHand = await world.ended();
    const first = await ended();
    const next = await test();
    const other = await ended('g');
    expect(world.store.history).toEqual([byHand, first, next.run, other]);
    await next.end();
    expect(world.store.history).toEqual([byHand, next.run, other]);
    expect(world.store.latest).toBe(byHand);
    const hold = world.store.hold(next.run);
    const pinned = await ended();
    world.store.setPinned(idOf(pinned), true);
    const newest = await ended();
    expect(world.store.history).toEqual([byHand, next.run, other, pinned, newest]);
    hold.dispose();
    await ended('g');
    expect(world.store.history.map(({ record }) => record.source.lossName)).toEqual(['f', 'f', 'f', 'g']);
  });

  it('that are active or shown are not removed', async () => {
    const world = new World();
    const paused = world.start();
    world.store.pause(idOf(paused));
    const shown = await world.ended();
    const hold = world.store.hold(shown);
    for (let i = 0; i < 25; i++) await world.ended(1);
    expect(world.store.history.slice(0, 2)).toEqual([paused, shown]);
    hold.dispose();
    await world.ended();
    expect(world.store.find(idOf(shown))).toBeUndefined();
  });
});

describe('the steps of runs in memory', () => {
  /** Space for the steps of one short run: a trace allocates chunks of 1,024 rows of 17 numbers. */
  const traceBytes = 1.5 * 1024 * 17 * 8;

  it('are evicted, the least recently used first, and read again on demand', async () => {
    const world = new World({ files: new DiskRunFiles(folderWith({})), traceBytes });
    const [one, two] = [await world.ended(), await world.ended()];
    expect([one.trace, two.trace?.steps]).toEqual([null, 3]);
    expect(one.summary).toBe('converged, loss 1 after 3 steps');
    await Promise.all([world.store.load(one), world.store.load(one)]);
    expect([one.trace?.steps, two.trace]).toEqual([3, null]);
    expect(one.trace!.at(2, 1)).toBe(301);
    expect(one.quantities).not.toBeNull();
  });

  it('stay while they are shown, or if they are stored nowhere else', async () => {
    const world = new World({ files: new DiskRunFiles(folderWith({})), traceBytes });
    const shown = await world.ended();
    const hold = world.store.hold(shown);
    const next = await world.ended();
    expect([shown.trace?.steps, next.trace?.steps]).toEqual([3, 3]);
    hold.dispose();
    expect([shown.trace, next.trace?.steps]).toEqual([null, 3]);
    const unstored = new World({ traceBytes });
    const [one, two] = [await unstored.ended(), await unstored.ended()];
    expect([one.trace?.steps, two.trace?.steps]).toEqual([3, 3]);
  });

  it('that are damaged are reported when they are read again', async () => {
    const folder = folderWith({});
    const world = new World({ files: new DiskRunFiles(folder), traceBytes });
    const run = await world.ended(9000);
    await world.ended();
    expect(run.trace).toBeNull();
    const file = path.join(folder, `${idOf(run)}.adamscope`);
    truncateSync(file, statSync(file).size - 20_000);
    await world.store.load(run);
    expect(run.trace!.steps).toBe(8738);
    expect(run.storageProblem?.message).toMatch(/its last batch is cut off/);
  });
});

describe('a disk that is full', () => {
  const noSpace = async () => {
    throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  };

  it('ends no run: the runs remain until the window closes, which is reported once', async () => {
    const full = { ...fs, appendFile: noSpace, writeFile: noSpace } as unknown as FileSystem;
    const world = new World({ files: new DiskRunFiles(folderWith({}), full), traceBytes: 1 });
    const [one, two] = [await world.ended(), await world.ended()];
    expect(world.statuses).toEqual(['finished', 'finished']);
    expect([one.trace?.steps, two.trace?.steps]).toEqual([3, 3]);
    expect(world.writeProblems).toEqual([
      'Adamscope cannot write runs to disk (ENOSPC). They last until the window closes.',
    ]);
    expect(one.storageProblem?.message).toMatch(/could not be written to disk \(ENOSPC\)/);
  });

  it('while steps are written keeps the steps before, without a gap', async () => {
    const folder = folderWith({});
    let calls = 0;
    const filling = {
      ...fs,
      appendFile: async (file: string, bytes: Uint8Array) => {
        calls++;
        // The head and one batch fit; the second batch is cut off.
        if (calls > 1) {
          if (calls === 2) await fs.appendFile(file, bytes.subarray(0, 100));
          await noSpace();
        }
        await fs.appendFile(file, bytes);
      },
    } as unknown as FileSystem;
    const world = new World({ files: new DiskRunFiles(folder, filling) });
    const run = await world.ended(40_000);
    expect(calls).toBe(2);
    const later = new World({ files: new DiskRunFiles(folder) });
    await later.store.restore();
    const again = later.store.find(idOf(run))!;
    await later.store.load(again);
    expect(again.trace!.steps).toBe(8738);
    expect([again.summary, again.storageProblem]).toEqual(['interrupted at step 8738', null]);
  });
});

describe('runs of earlier VS Code windows', () => {
  it('are restored, with their steps on demand; active ones are interrupted at their last step', async () => {
    const folder = folderWith({});
    const before = new World({ files: new DiskRunFiles(folder) });
    const done = await before.ended(5);
    const live = before.start();
    before.sources.at(-1)!.take(7);
    // The window closes: the steps so far are written, but no end of the run.
    await before.store.dispose();
    const after = new World({ files: new DiskRunFiles(folder) });
    expect(await after.store.restore()).toEqual([]);
    expect(after.store.history.map(idOf).sort()).toEqual([idOf(done), idOf(live)].sort());
    const [done2, live2] = [after.store.find(idOf(done))!, after.store.find(idOf(live))!];
    expect([done2.trace, live2.trace]).toEqual([null, null]);
    expect([done2.summary, live2.summary]).toEqual([
      'converged, loss 1 after 5 steps',
      'interrupted at step 7',
    ]);
    await after.store.load(live2);
    expect(live2.trace!.steps).toBe(7);
    expect([done2.isOwn, live2.reported]).toEqual([false, null]);
  });

  it('that were waiting or loading are restored as interrupted at step 0', async () => {
    const folder = folderWith({});
    const files = new DiskRunFiles(folder);
    await files.writeRecord(runRecord('queued', { status: 'queued', start: null }));
    await files.writeRecord(runRecord('loading', { status: 'loading', start: null }));
    const { store } = new World({ files });
    await store.restore();
    expect(store.history.map(({ summary }) => summary)).toEqual([
      'interrupted at step 0',
      'interrupted at step 0',
    ]);
  });

  it('are reported one by one, and come before runs that started meanwhile', async () => {
    const folder = folderWith({});
    const files = new DiskRunFiles(folder);
    for (const [i, id] of ['a', 'b'].entries())
      await files.writeRecord(runRecord(id, { startedAt: i, status: 'finished', verification: 'running' }));
    const world = new World({ files });
    const told: string[] = [];
    world.store.onDidChange(({ run }) => told.push(idOf(run)));
    const restoring = world.store.restore();
    const run = world.start();
    await restoring;
    await world.store.restored;
    expect(world.store.history.map(idOf)).toEqual(['a', 'b', idOf(run)]);
    expect(told.filter((id) => id.length === 1)).toEqual(['a', 'b']);
    expect(world.store.find('a')!.record.verification).toBe('none');
    // All three are runs of the same loss.
    expect(world.store.newestOfEachLoss).toEqual([run]);
  });

  it('that are invalid are reported and not deleted, and the others are restored', async () => {
    const folder = folderWith({ 'bad.adamscope': 'text' });
    const files = new DiskRunFiles(folder);
    await files.writeRecord(runRecord('good'));
    const { store } = new World({ files });
    const problems = await store.restore();
    expect(problems.map(({ message }) => message)).toEqual([
      'The stored run bad.adamscope was left out: it does not begin like a run.',
    ]);
    expect(store.history.map(idOf)).toEqual(['good']);
    expect(readFileSync(path.join(folder, 'bad.adamscope'), 'utf8')).toBe('text');
  });

  it('whose steps are damaged are restored up to the damage, with intact records', async () => {
    const folder = folderWith({});
    const files = new DiskRunFiles(folder);
    await files.writeRecord(runRecord('a', { start: [1, 2], status: 'running' }));
    writeFileSync(path.join(folder, 'a.steps'), 'rubbish');
    const { store } = new World({ files });
    await store.restore();
    expect(store.find('a')!.summary).toBe('interrupted at step 0');
  });
});

describe('a run whose steps come from another source', () => {
  it('needs no place, no loss and no change of the store', async () => {
    const files: RunFiles = new DiskRunFiles(folderWith({}));
    const world = new World({ files });
    world.start();
    world.start();
    const source = new FakeSource({ hasControl: false });
    const run = world.store.add(source, description);
    source.load();
    source.take(4);
    expect([run.record.status, run.steps, run.hasControl]).toEqual(['running', 4, false]);
    world.store.pause(idOf(run));
    world.store.step(idOf(run));
    expect(run.record.status).toBe('running');
    source.end();
    await run.finished;
    expect(run.summary).toBe('converged, loss 1 after 4 steps');
    expect(run.isOwn).toBe(false);
  });
});

describe('the output of a run', () => {
  it('contains what its code printed, then the stacks of its problems', async () => {
    const world = new World();
    const lines: string[] = [];
    world.store.onConsoleLine((line) => lines.push(line));
    const run = world.start();
    const [source] = world.sources;
    const { location } = description.source;
    const problem = { code: 'loss-threw', severity: 'warning', message: 'a', location } as const;
    source!.listener.onConsole?.(['printed']);
    source!.listener.onWarning?.({ ...problem, stack: 'one\n  two\n' });
    source!.listener.onWarning?.(problem);
    source!.fail([{ ...problem, severity: 'error', stack: 'three' }]);
    await run.finished;
    expect(lines).toEqual(['printed', 'one', '  two', 'three']);
  });
});
