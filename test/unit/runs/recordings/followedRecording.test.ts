import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { recordedStepOf } from '../../../../src/host/panel/tensors';
import { openedFile } from '../../../../src/runs/openedFile';

const file = path.resolve(import.meta.dirname, '../../../fixtures/recordings/characters.adamscope');

describe('the recording of a training', () => {
  it('is a run with the recorded steps, coordinates and tensors', async () => {
    const opened = await openedFile(file);
    if (typeof opened === 'string') throw new Error(opened);
    const { store, run } = opened;
    await run.finished;
    expect(run.title).toBe('AdamW lr 1.2e-4');
    expect(run.record.problems).toEqual([]);
    expect([run.record.status, run.summary]).toEqual(['finished', '400 steps']);
    expect(run.trace!.rows).toBeGreaterThan(20);
    expect(run.tensors!.rows.length).toBe(run.trace!.rows);
    const recorded = Array.from({ length: run.trace!.rows }, (_, row) => run.trace!.stepOf(row));
    const [first, second, third] = recorded as [number, number, number];
    const last = recorded.at(-1)!;
    expect(recordedStepOf(run, first, 1)).toBe(second);
    expect(recordedStepOf(run, third, -1)).toBe(second);
    // Between two recorded steps, and beyond the last one.
    expect(recordedStepOf(run, last - 1, 1)).toBe(last);
    expect(recordedStepOf(run, 400, -1)).toBe(last);
    expect([recordedStepOf(run, first, -1), recordedStepOf(run, last, 10)]).toEqual([first, last]);
    await store.dispose();
  });
});
