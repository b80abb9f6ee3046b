import { setTimeout as wait } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import { layoutOf, recordLength, recordPlaces } from '../../../src/core/trace/layout';
import { frameOf } from '../../../src/host/panel/frame';
import { viewOf } from '../../../src/host/panel/runView';
import type { Frame, HostApi } from '../../../src/protocol/panel';
import type { Run } from '../../../src/runs/run';
import { RunStore } from '../../../src/runs/runStore';
import { Dashboard } from '../../../webview/state/dashboard';
import { viewRequestOf } from '../../../webview/state/viewRequest';
import { FakeSource } from '../runs/support/fakeSource';
import { order } from '../runs/support/runRecord';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** The plot of a chart in a panel of half a window, in pixels. */
const width = 400;

function used(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Memory of arrays that were collected is returned by another thread, which has to wait for its turn on a busy machine. */
async function leastUsed(): Promise<number> {
  let least = used();
  for (let tries = 1; tries < 20; tries++) {
    await wait(20);
    least = Math.min(least, used());
  }
  return least;
}

/** A run of two coordinates that oscillate. */
async function runOf(steps: number): Promise<Run> {
  const { config } = resolveConfig([{ steps, optimizer: { name: 'adam', lr: 0.1 } }]);
  const layout = layoutOf(config, 2, 2 ** 30);
  const source = new FakeSource({ of: layout });
  const store = new RunStore({ files: null, places: 5, openSource: () => source });
  await store.restore();
  const run = store.start({ ...order, config });
  source.listener.onOpened?.({ start: [1, 1], layout, gradientMode: 'exact', texts: [] });
  const record = new Float64Array(recordLength(layout));
  for (let t = 1; t <= steps; t++) {
    for (let k = 0; k < record.length; k++) record[k] = 1.5 + Math.sin(t * (k + 1));
    record[recordPlaces.t] = t;
    source.listener.onRecord?.(record, 0);
  }
  source.listener.onSteps?.();
  return run;
}

function dashboardWithoutScreen(): Dashboard {
  const dashboard = new Dashboard(
    { getState: () => null, setState: () => {} },
    { nextFrame: (paint) => void setImmediate(paint), watch: () => () => {}, now: () => 0 },
  );
  dashboard.connect({ ready() {}, setView() {}, ack() {} } as unknown as HostApi);
  return dashboard;
}

/** The last frame of all charts that are shown at first. */
function wholeFrame(run: Run, dashboard: Dashboard): Frame {
  const view = viewRequestOf(viewOf(run, 'fit.ts', null), dashboard.settings, [0, 1], null, width);
  for (let seq = 1; ; seq++) {
    const { frame, isWhole } = frameOf(run, view, seq);
    if (isWhole) return frame;
  }
}

/** The bytes of the arrays of numbers in a frame; everything else in it is small. */
function bytesOf(frame: Frame): number {
  let bytes = 0;
  JSON.stringify(frame, (_, value) => {
    if (!ArrayBuffer.isView(value)) return value;
    bytes += value.byteLength;
    return null;
  });
  return bytes;
}

it('a frame of two coordinates has at most a megabyte, however many steps the run has', async () => {
  const dashboard = dashboardWithoutScreen();
  const [short, long] = [await runOf(20_000), await runOf(300_000)];
  const bytes = [short, long].map((run) => bytesOf(wholeFrame(run, dashboard)));
  expect(bytes[0]).toBeGreaterThan(100_000);
  expect(Math.abs(bytes[1]! / bytes[0]! - 1)).toBeLessThan(0.1);
  expect(bytes[1]).toBeLessThan(2 ** 20);
}, 60_000);

it('the page holds a few frames of a run, however many it has received', async () => {
  const run = await runOf(2000);
  const dashboard = dashboardWithoutScreen();
  const view = viewOf(run, 'fit.ts', null);
  dashboard.panel.setRun(view);
  const frame = wholeFrame(run, dashboard);
  const numbers = 2 ** 17;
  const after: number[] = [];
  for (let seq = 1; seq <= 300; seq++) {
    dashboard.panel.frame({ ...frame, seq, path: new Float64Array(numbers) });
    await wait(1);
    if (seq === 20 || seq === 300) after.push(await leastUsed());
  }
  expect(after[1]! - after[0]!).toBeLessThan(8 * 8 * numbers);
}, 60_000);
