import { existsSync, mkdtempSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { rehearse } from '../../../src/worker/rehearsal';

const emptyFolder = () => mkdtempSync(path.join(os.tmpdir(), 'adamscope-rehearsal-'));

/** Everything of the thread that a job might see. */
const traces = () => ({
  globals: Object.getOwnPropertyNames(globalThis).sort(),
  console: globalThis.console,
  listeners: process.eventNames().map((name) => [name, process.listenerCount(name)]),
  prototypes: [Object, Array, Number, String, Math].flatMap((each) =>
    Reflect.ownKeys('prototype' in each ? each.prototype : each),
  ),
});

test('a rehearsal removes its folder, and leaves nothing in the thread', async () => {
  const before = traces();
  const directory = emptyFolder();
  await rehearse(directory).ended;
  expect(existsSync(directory)).toBe(false);
  expect(traces()).toEqual(before);
});

test('a rehearsal that is stopped ends, and so does one without a folder', async () => {
  const stopped = rehearse(emptyFolder());
  stopped.stop();
  await stopped.ended;
  await rehearse(path.join(os.tmpdir(), 'adamscope-none', 'at', 'all')).ended;
});
