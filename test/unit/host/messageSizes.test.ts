import { setTimeout as wait } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { resolveConfig } from '../../../src/core/config/resolve';
import type { Finding } from '../../../src/core/diagnosis/finding';
import { layoutOf, recordLength } from '../../../src/core/trace/layout';
import { packedLayout } from '../../../src/core/trace/packedLayout';
import { rankNames } from '../../../src/core/trace/vectorSample';
import { type PanelActions, PanelSession } from '../../../src/host/panel/panelSession';
import type { HostApi, PanelApi, RunView } from '../../../src/protocol/panel';
import { connect } from '../../../src/protocol/rpc';
import { headOf } from '../../../src/runs/format/head';
import { recordJson } from '../../../src/runs/format/recordJson';
import { Reports } from '../../../src/runs/reports';
import { RunStore } from '../../../src/runs/runStore';
import { FakeSource } from '../runs/support/fakeSource';
import { order } from '../runs/support/runRecord';

const dim = 1_000_000;
const { config } = resolveConfig([
  { steps: 5, names: ['net.w[0..999][0..998]', 'net.b[0..999]'], optimizer: { name: 'adam', lr: 0.1 } },
]);
const layout = layoutOf(config, dim, 2 ** 30);
const start = new Array<number>(dim).fill(1);
const dead = Array.from({ length: dim }, (_, i) => i);

/** The bytes of a message: of its JSON, and of its arrays of numbers. */
function bytesOf(message: unknown): number {
  let binary = 0;
  const text = JSON.stringify(message, (_, value) => {
    if (!ArrayBuffer.isView(value)) return value;
    binary += value.byteLength;
    return null;
  });
  return text.length + binary;
}

const finding = {
  id: 'f1',
  code: 'zero-gradient',
  severity: 'warning',
  headline: 'h',
  detail: 'd',
  advice: 'a',
  steps: [1, 5],
  coordinates: dead,
  evidence: {},
  subject: null,
  origin: null,
  location: null,
  fixes: [],
} satisfies Finding;

it('messages about a run of a million coordinates are small, and say all that names follow from', async () => {
  const source = new FakeSource({ of: layout });
  const store = new RunStore({ files: null, places: 5, openSource: () => source });
  await store.restore();
  const run = store.start({ ...order, config });
  source.listener.onOpened?.({ start, layout, gradientMode: 'exact', texts: [] });
  expect(layout.coordinates.length).toBeGreaterThan(10_000);
  const record = new Float64Array(recordLength(layout)).fill(0.5);
  for (let t = 1; t <= 5; t++) {
    record[0] = t;
    source.listener.onRecord?.(record, 0);
  }
  const coordinates = [1, 2, 3, 4, 5];
  source.listener.onSample?.({
    t: 1,
    ranking: { ranks: rankNames.map((name) => ({ name, coordinates, values: coordinates })), dead: dim },
    blocks: new Float64Array(64 * layout.bands!.length),
    groups: new Float64Array((layout.groups!.length - 1) * layout.bands!.length),
  });
  source.listener.onFindings?.([finding]);
  source.listener.onSteps?.();

  const posted: number[] = [];
  let toHost: (message: unknown) => void = () => {};
  let toPage: (message: unknown) => void = () => {};
  const session = new PanelSession(
    {
      post: (message) => {
        posted.push(bytesOf(message));
        setTimeout(() => toPage(message));
      },
      onMessage: (given) => {
        toHost = given;
      },
    },
    {
      store,
      reports: new Reports(() => ({ ended: new Promise(() => {}), stop: () => {} })),
      actions: {} as PanelActions,
      surroundings: { relative: (file) => file, openText: () => undefined, isTrusted: () => true },
    },
    null,
  );
  onTestFinished(() => session.dispose());
  let shown: RunView | null = null;
  const panel: PanelApi = {
    setRuns: () => {},
    setRun: (view) => {
      shown = view;
    },
    setReport: () => {},
    moveCursor: () => {},
    goTo: () => {},
    frame: ({ seq }) => void host.ack(seq),
  };
  const host = connect<HostApi, PanelApi>(panel, {
    post: (message) => void setTimeout(() => toHost(message)),
    onMessage: (given) => {
      toPage = given;
    },
  });
  host.ready();
  await wait(200);
  const quantities = ['loss', 'params', 'absUpdate', 'snr'] as const;
  const { id } = run.record;
  host.setView({
    runId: id,
    range: null,
    width: 1000,
    quantities,
    coordinates,
    smoothing: [],
    path: true,
  });
  await host.heatmap(id, 'params', 0);
  await host.heatmap(id, 'params', 1);
  await host.ranking(id, 3);
  await host.rows(id, [1, 2, 3], quantities, coordinates);
  await host.extremes(id);
  await host.phases(id);
  await wait(300);
  expect(posted.length).toBeGreaterThan(6);
  // The heatmap and the frames are the largest: they depend on the number of blocks, steps and pixels.
  expect(Math.max(...posted)).toBeLessThan(50_000);
  expect(shown).toMatchObject({
    dim,
    names: { entries: ['net.w[0..999][0..998]', 'net.b[0..999]'] },
    coordinates: { dim, spread: layout.coordinates.length, others: [] },
    findings: [{ coordinateCount: dim }],
  });

  // From the thread to the host, and in the head of the file.
  expect(bytesOf({ layout: packedLayout(layout), names: config.names })).toBeLessThan(1000);
  expect(headOf({ ...run.record, findings: [] }, 1).length).toBeLessThan(20_000);
  // A finding about every coordinate is a list of bytes.
  expect(recordJson(run.record).get('findings')).toMatch(/"coordinates":\{"float64":"AAAA/);
});
