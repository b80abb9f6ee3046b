import { copyFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callTool } from '../../../src/agents/callTool';
import { toolNamed } from '../../../src/agents/tools/registry';
import { folderWith } from '../../support/startRun';
import { Session } from './support';

const fixture = path.resolve(import.meta.dirname, '../../fixtures/recordings/characters.adamscope');
const run = 'train.adamscope';
let session: Session;
beforeEach(() => {
  const folder = folderWith({});
  copyFileSync(fixture, path.join(folder, run));
  session = new Session(folder);
});
afterEach(() => session.context.runs.dispose());

test('a recording is opened with its tensors, and without what nobody planned', async () => {
  const result = await callTool('open_run', { run }, session.context);
  if (result.kind === 'problem') throw new Error(result.text);
  const { json, text } = result;
  expect(v.is(toolNamed('open_run').output, json)).toBe(true);
  expect(text).toContain('AdamW lr 1.2e-4. Measured: 400 steps, 36 of them recorded.');
  expect(json).toMatchObject({
    kind: 'recording',
    dim: 7379,
    configuration: { optimizer: { name: 'adamw' } },
    measured: { steps: 400, recordedSteps: 36, plannedSteps: null, seed: null },
    recording: { optimizer: 'AdamW', tensorCount: 28, lastStep: 357 },
  });
  expect(json.configuration).not.toHaveProperty('steps');
  const ratios = (json.recording as { tensors: { updateRatio: number }[] }).tensors.map(
    (each) => each.updateRatio,
  );
  expect(ratios.length).toBe(20);
  expect(ratios).toEqual([...ratios].sort((a, b) => b - a));
});

test('the steps of a recording are those that were recorded', async () => {
  const result = await callTool(
    'read_quantity',
    { run, quantity: 'loss', from: 100, to: 200 },
    session.context,
  );
  if (result.kind === 'problem') throw new Error(result.text);
  const { steps, lines } = result.json as { steps: number[]; lines: { values: number[] }[] };
  expect(steps.length).toBeGreaterThan(1);
  expect(lines[0]!.values.length).toBe(steps.length);
  for (const step of steps) expect(step >= 100 && step <= 200).toBe(true);
});

test('a recording has no fix to verify, and no code is run', async () => {
  expect(await callTool('verify_fix', { run }, session.context)).toMatchObject({
    kind: 'problem',
    text: expect.stringContaining('was not run in this session'),
  });
});

test('a file that is no run is refused, with the reason', async () => {
  const other = new Session(folderWith({ 'x.adamscope': 'x', 'y.adamscope/z': '' }));
  for (const [name, reason] of [
    ['x.adamscope', 'x.adamscope is not a run or a recording that can be read'],
    ['y.adamscope', 'y.adamscope is not a file'],
    ['none.adamscope', 'there is no file or folder none.adamscope'],
  ])
    expect(await callTool('open_run', { run: name }, other.context)).toMatchObject({
      kind: 'problem',
      text: expect.stringContaining(reason!),
    });
});
