import { appendFileSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { DiskRunFiles } from '../../../src/runs/files/diskRunFiles';
import { FollowedRun } from '../../../src/runs/followedRun';
import { RunStore } from '../../../src/runs/runStore';
import { folderWith } from '../../support/startRun';
import { someVerdict } from '../../support/verdicts';
import { layout, runRecord, stepRecord } from './support/runRecord';

const opened = () => runRecord('a', { layout, start: [1, 1], gradientMode: 'exact' });

async function storeOf(file: string): Promise<RunStore> {
  const followed = await FollowedRun.of(file);
  if (typeof followed === 'string') throw new Error(followed);
  const store = new RunStore({
    files: null,
    openSource: () => {
      throw new Error('not run');
    },
  });
  store.add(followed.source, followed.record);
  return store;
}

describe('a run file that is followed', () => {
  it('grows with the file, and ends when the run has ended', async () => {
    const folder = folderWith({});
    const files = new DiskRunFiles(folder);
    const record = opened();
    const steps = files.createSteps('a', layout, { steps: 100, stride: 1 });
    await files.writeRecord(record);
    const store = await storeOf(path.join(folder, 'a.adamscope'));
    const run = store.latest!;
    for (let t = 1; t <= 5; t++) steps.append(stepRecord(t), 0);
    await expect.poll(() => run.trace?.steps, { timeout: 5000 }).toBe(5);
    expect(run.isLive).toBe(true);
    for (let t = 6; t <= 9; t++) steps.append(stepRecord(t), 0);
    // A repetition needs both.
    steps.keyframe({ t: 8, values: Float64Array.of(8, 1) });
    record.lrChanges = [[7, 0.5]];
    await steps.close();
    const params = Float64Array.of(0, 0);
    record.status = 'finished';
    record.steps = 9;
    record.outcome = {
      steps: 9,
      stopped: 'steps',
      final: { params, loss: 1, gradNorm: 1 },
      best: { params, loss: 1, t: 1 },
      verdict: someVerdict,
    };
    await files.writeRecord(record);
    await expect.poll(() => run.record.status, { timeout: 5000 }).toBe('finished');
    expect([run.trace?.steps, run.verdict?.kind]).toEqual([9, someVerdict.kind]);
    expect([run.record.lrChanges, run.keyframes.before(9)?.t]).toEqual([[[7, 0.5]], 8]);
    await store.dispose();
  });

  it('continues after a batch that was only half written', async () => {
    const folder = folderWith({});
    const files = new DiskRunFiles(folder);
    const steps = files.createSteps('a', layout, { steps: 100, stride: 1 });
    await files.writeRecord(opened());
    steps.append(stepRecord(1), 0);
    await steps.close();
    const file = path.join(folder, 'a.adamscope');
    const whole = readFileSync(file);
    truncateSync(file, whole.length - 40);
    const store = await storeOf(file);
    const run = store.latest!;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect([run.trace?.steps ?? 0, run.isLive]).toEqual([0, true]);
    appendFileSync(file, whole.subarray(whole.length - 40));
    await expect.poll(() => run.trace?.steps, { timeout: 5000 }).toBe(1);
    await store.dispose();
  });

  it('that was last changed long ago is shown as interrupted', async () => {
    const folder = folderWith({});
    const files = new DiskRunFiles(folder);
    const steps = files.createSteps('a', layout, { steps: 100, stride: 1 });
    await files.writeRecord(opened());
    for (let t = 1; t <= 3; t++) steps.append(stepRecord(t), 0);
    await steps.close();
    const file = path.join(folder, 'a.adamscope');
    utimesSync(file, 1000, 1000);
    const store = await storeOf(file);
    await expect.poll(() => store.latest!.summary, { timeout: 5000 }).toBe('interrupted at step 3');
    await store.dispose();
  });

  it('that is damaged shows the steps before the damage, with a warning; without a head it is refused', async () => {
    const folder = folderWith({ 'text.adamscope': 'text' });
    const files = new DiskRunFiles(folder);
    const steps = files.createSteps('a', layout, { steps: 100, stride: 1 });
    await files.writeRecord(opened());
    steps.append(stepRecord(1), 0);
    await steps.close();
    const file = path.join(folder, 'a.adamscope');
    const whole = readFileSync(file);
    writeFileSync(file, Buffer.concat([whole, Buffer.alloc(64, 7)]));
    const store = await storeOf(file);
    const run = store.latest!;
    await expect
      .poll(() => run.record.problems.map(({ message }) => message), { timeout: 5000 })
      .toEqual([
        'The file could not be read to its end: the head of a batch is damaged. The charts show what could be read.',
      ]);
    expect(run.trace?.steps).toBe(1);
    await store.dispose();
    expect(await FollowedRun.of(path.join(folder, 'text.adamscope'))).toBe('it does not begin like a run');
  });
});
