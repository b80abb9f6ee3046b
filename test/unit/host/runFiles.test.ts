import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { recordLength, type StepLayout } from '../../../src/core/trace/layout';
import type { RunRecord } from '../../../src/host/runs/run';
import { RunFiles } from '../../../src/host/runs/runFiles';
import { folderWith } from '../../support/startRun';
import { runRecord } from './support/runRecord';

const layout: StepLayout = { dim: 2, coordinates: [0, 1], stateNames: ['m', 'v'], extras: [] };
const length = recordLength(layout);

function recordOf(id: string, steps: number, rest: Partial<RunRecord> = {}): RunRecord {
  return runRecord(id, {
    startedAt: Number(id),
    parameterNames: ['x', 'y'],
    config: resolveConfig([{ steps }]).config,
    start: [1, 2],
    layout,
    gradientMode: 'provided',
    ...rest,
  });
}

function step(t: number): Float64Array {
  const data = new Float64Array(length);
  for (let i = 0; i < length; i++) data[i] = t * 100 + i;
  data[0] = t;
  return data;
}

describe('the runs on disk', () => {
  it('come back with every step and every number, finite or not', async () => {
    const folder = folderWith({});
    const files = new RunFiles(path.join(folder, 'runs'));
    const outcome = {
      steps: 700,
      stopped: 'nonFinite' as const,
      final: { params: Float64Array.of(Number.NaN, 1), loss: Number.NaN, gradNorm: Number.POSITIVE_INFINITY },
      best: { params: Float64Array.of(1, 2), loss: -3, t: 5 },
    };
    const record = recordOf('7', 700, { outcome, status: 'finished' });
    await files.write(record);
    for (let t = 1; t <= 700; t++) files.append(record, step(t), 0);
    await files.close(record.id);

    const again = new RunFiles(path.join(folder, 'runs'));
    const [read] = await again.readAll();
    expect(read).toEqual(record);
    const trace = await again.readTrace(read!);
    expect(trace?.steps).toBe(700);
    for (const row of [0, 1, 350, 699]) expect(trace!.record(row)).toEqual(step(row + 1));
  });

  it('keep what was written when the window went away in the middle of a step', async () => {
    const folder = folderWith({});
    const files = new RunFiles(folder);
    const record = recordOf('1', 100);
    await files.write(record);
    for (let t = 1; t <= 10; t++) files.append(record, step(t), 0);
    await files.close(record.id);
    const file = path.join(folder, '1.steps');
    truncateSync(file, statSync(file).size - 20);
    expect((await files.readTrace(record))?.steps).toBe(9);
  });

  it('hold every k-th step of a run that would not fit', async () => {
    const folder = folderWith({});
    const files = new RunFiles(folder);
    // 15 numbers a step: 64 MB hold 559,240 steps.
    const record = recordOf('1', 1_200_000);
    await files.write(record);
    for (let t = 1; t <= 100; t++) files.append(record, step(t), 0);
    await files.close(record.id);
    const trace = await files.readTrace(record);
    expect([trace?.stride, trace?.rows, trace?.rowOf(4), trace?.rowOf(5)]).toEqual([3, 34, 1, -1]);
    expect(trace!.record(1)).toEqual(step(4));
  });

  it('hold the last of many writes that overlap', async () => {
    const folder = folderWith({});
    const files = new RunFiles(folder);
    const record = recordOf('1', 10);
    const writes = Array.from({ length: 30 }, (_, i) => {
      record.elapsedMs = i;
      return files.write(record);
    });
    await Promise.all(writes);
    expect((await files.readAll())[0]?.elapsedMs).toBe(29);
  });

  it('do not fail a run when nothing can be written', async () => {
    const folder = folderWith({ file: '' });
    const files = new RunFiles(path.join(folder, 'file', 'below'));
    const record = recordOf('1', 10);
    await files.write(record);
    files.append(record, step(1), 0);
    await files.close(record.id);
    expect(await files.readAll()).toEqual([]);
  });

  it('are read around a file that is broken', async () => {
    const folder = folderWith({});
    const files = new RunFiles(folder);
    await files.write(recordOf('1', 10));
    await files.write(recordOf('2', 10));
    writeFileSync(path.join(folder, '1.json'), '{ "version": 1, "rec');
    expect((await files.readAll()).map(({ id }) => id)).toEqual(['2']);
  });

  it('are there without steps when none were taken, and none are there without a folder', async () => {
    const folder = folderWith({});
    const files = new RunFiles(path.join(folder, 'none'));
    expect(await files.readAll()).toEqual([]);
    expect((await files.readTrace(recordOf('1', 10)))?.steps).toBe(0);
    expect(await files.readTrace(recordOf('1', 10, { layout: null }))).toBeNull();
  });

  it('are pruned from the oldest', async () => {
    const folder = folderWith({});
    const files = new RunFiles(folder);
    const ids = Array.from({ length: 23 }, (_, i) => String(i + 10));
    for (const id of ids) await files.write(recordOf(id, 10));
    await files.prune(ids);
    expect(readdirSync(folder)).toHaveLength(20);
    expect((await files.readAll())[0]?.id).toBe('13');
  });
});
