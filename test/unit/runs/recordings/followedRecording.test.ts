import path from 'node:path';
import { describe, expect, it } from 'vitest';
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
    await store.dispose();
  });
});
