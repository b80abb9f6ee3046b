import { copyFileSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openedFile } from '../../../../src/runs/openedFile';

const fixture = path.resolve(import.meta.dirname, '../../../fixtures/recordings/characters.adamscope');
const folder = mkdtempSync(path.join(os.tmpdir(), 'adamscope-recording-'));
const file = path.join(folder, 'characters.adamscope');
copyFileSync(fixture, file);
utimesSync(file, 0, 0);
afterAll(() => rmSync(folder, { recursive: true }));

describe('the recording of a training', () => {
  it('is a run with the recorded steps, coordinates and tensors', async () => {
    const store = await openedFile(file);
    if (typeof store === 'string') throw new Error(store);
    const run = store.latest!;
    await run.finished;
    expect(run.title).toBe('AdamW lr 1.2e-4');
    expect(run.record.problems).toEqual([]);
    expect(run.trace!.rows).toBeGreaterThan(20);
    expect(run.tensors!.rows.length).toBe(run.trace!.rows);
    await store.dispose();
  });
});
