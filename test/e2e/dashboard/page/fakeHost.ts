/**
 * Runs in the page before the dashboard. It simulates VS Code and the extension host, with the same channel
 * and the same conversion of NaN in messages.
 */
import { runPhases } from '../../../../src/core/trace/runPhases';
import { extremesOf } from '../../../../src/host/panel/extremes';
import { heatmapOf } from '../../../../src/host/panel/heatmap';
import { planeOf } from '../../../../src/host/panel/plane';
import { rankingAt } from '../../../../src/host/panel/ranking';
import { summaryOf } from '../../../../src/host/panel/runView';
import { recordedStepOf, tensorMapOf, tensorsAt, tensorsOf } from '../../../../src/host/panel/tensors';
import type {
  HostApi,
  PanelApi,
  ReportView,
  RunSummary,
  RunView,
  ViewRequest,
} from '../../../../src/protocol/panel';
import { connect } from '../../../../src/protocol/rpc';
import { gridFor } from './grid';
import { reports } from './reports';
import { type ScenarioName, scenarios } from './scenarios';
import type { ShownRun } from './shownRun';
import type { ShownTraining } from './shownTraining';

/** The functions and data for tests, as `window.fake`. */
export interface Fake {
  /** Every call of the dashboard, in order. */
  readonly calls: [string, ...unknown[]][];
  /** The simulated run continues up to `steps`. */
  advance(steps: number): void;
  /** Another run is shown, of the loss of this name, which is not loaded yet. */
  load(lossName: string): void;
  /** Changes the report in progress, or ends it. */
  report(change: Partial<ReportView>): void;
  /** The number of frames sent so far, numbered from 1. */
  readonly framesSent: number;
  /** The last view of the run that was sent to the dashboard. */
  readonly view: RunView | null;
  /** The next calls of this name are rejected with this message. */
  reject: { [name: string]: string };
}

interface Page {
  readonly location: { readonly search: string };
  acquireVsCodeApi: unknown;
  fake: Fake;
  dispatchEvent(event: Event): void;
}

const page = globalThis as unknown as Page;
const query = new URLSearchParams(page.location.search);
const name = (query.get('scenario') ?? 'rosenbrock') as ScenarioName;
const storage = (
  globalThis as unknown as {
    sessionStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
  }
).sessionStorage;

let toHost: (message: unknown) => void = () => {};

page.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => setTimeout(() => toHost(asVsCodeSends(message))),
  getState: () => JSON.parse(storage.getItem('state') ?? 'null') as unknown,
  setState: (state: unknown) => storage.setItem('state', JSON.stringify(state)),
});

/** Messages of a webview keep typed arrays, but plain non-finite numbers become null. */
function asVsCodeSends(message: unknown): unknown {
  if (typeof message === 'number') return Number.isFinite(message) ? message : null;
  if (ArrayBuffer.isView(message)) return (message as Float64Array).slice();
  if (Array.isArray(message)) return message.map(asVsCodeSends);
  if (typeof message !== 'object' || message === null) return message;
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [key, asVsCodeSends(value)]));
}

const isReport = (id: string): id is keyof typeof reports => Object.hasOwn(reports, id);
/** The core computes the run, which takes a moment. A report has a run to return to. */
const made: Promise<ShownRun | ShownTraining | null> =
  name === 'empty' || name === 'silent'
    ? Promise.resolve(null)
    : scenarios[isReport(name) ? 'clean' : name]();
let shown: ShownRun | ShownTraining | null = null;
let report: ReportView | null = null;
let view: ViewRequest | null = null;
let seq = 0;

const fake: Fake = {
  calls: [],
  advance: (steps) => {
    shown?.advance(steps);
    sendFrame();
  },
  load: (lossName) => {
    if (shown === null) return;
    isLoading = true;
    const unknown = { steps: 0, dim: 0, quantities: [], findings: [], mapped: [], verdict: null };
    panel.setRun({ ...shown.view, ...unknown, id: 'next', lossName, status: 'loading' });
  },
  report: (change) => {
    if (report === null) return;
    report = { ...report, ...change };
    panel.setReport(report);
  },
  get view() {
    return shown?.view ?? null;
  },
  get framesSent() {
    return seq;
  },
  reject: {},
};
page.fake = fake;

let isWhole = true;
/** Whether the shown run is one that has no steps yet. */
let isLoading = false;

function sendFrame(): void {
  if (shown === null || view === null || report !== null || isLoading || shown.run.steps === 0) return;
  const next = shown.frame(view, ++seq);
  isWhole = next.isWhole;
  panel.frame(next.frame);
}

function history({ run }: ShownRun | ShownTraining): RunSummary[] {
  const analysis = isReport(name) ? name : 'compare';
  return [
    summaryOf(run),
    {
      id: 'older',
      lossName: 'rosenbrock',
      title: 'sgd lr 0.001',
      status: 'interrupted',
      outcome: 'interrupted at step 4021',
      startedAt: 1,
    },
    {
      id: analysis,
      lossName: 'rosenbrock',
      title: report?.title ?? 'Compare optimizers',
      status: 'finished',
      outcome: '70 runs',
      startedAt: 3,
    },
  ];
}

function show(): void {
  panel.setRuns(shown === null ? [] : history(shown), report?.id ?? shown?.run.record.id ?? null);
  if (report !== null) panel.setReport(report);
  else panel.setRun(shown?.view ?? null);
}

const answers: HostApi = {
  ready: async () => {
    shown = await made;
    report ??= isReport(name) ? await reports[name]() : null;
    if (name !== 'silent') show();
  },
  setView: (next) => {
    view = next;
    sendFrame();
  },
  ack: () => {
    // The first frame of a long run may show only its first part.
    if (!isWhole) sendFrame();
  },
  rows: async (_runId, steps, quantities, coordinates) => shown!.rows(steps, quantities, coordinates),
  fillIn: async () => {},
  stopFillIn: () => {},
  heatmap: async (_runId, quantity, level) => heatmapOf(shown!.run, quantity, level),
  ranking: async (_runId, step) => rankingAt(shown!.run, step),
  tensors: async () => tensorsOf(shown!.run),
  recordedStep: async (_runId, step, by) => recordedStepOf(shown!.run, step, by),
  tensorsAt: async (_runId, step) => tensorsAt(shown!.run, step),
  tensorMap: async (_runId, column) => tensorMapOf(shown!.run, column),
  grid: async (_runId, x, y) => gridFor((...point) => shown!.lossAt(...point), x, y),
  explainUpdate: async (_runId, step, coordinate, mayReplay) =>
    shown!.explanation(step, coordinate, mayReplay),
  phases: async () => {
    const { trace, quantities, record } = shown!.run;
    return trace && quantities ? runPhases(trace, quantities, record.config) : [];
  },
  extremes: async () => extremesOf(shown!.run),
  stopExplaining: () => {},
  plane: async () => planeOf(shown!.run)?.view ?? null,
  planeGrid: async (_runId, x, y) => {
    const { origin, across, up } = planeOf(shown!.run)!.plane;
    return gridFor(
      (a, b) => shown!.lossAtPoint(origin.map((value, i) => value + a * across[i]! + b * up[i]!)),
      x,
      y,
    );
  },
  stopPlaneGrid: () => {},
  allowGrid: () => {
    shown!.run.mayEvaluate = true;
    show();
  },
  selectRun: async (id) => {
    if (id === 'older') return;
    report = isReport(id) ? await reports[id]() : null;
    show();
  },
  runAgain: () => {},
  pause: () => {},
  resume: () => {},
  step: () => {},
  stop: () => {},
  setLr: () => {},
  configure: () => {},
  copyFitted: () => {},
  reveal: () => {},
  applyFix: () => {},
  cursorMoved: () => {},
  debug: () => {},
  tryHere: () => {},
  stopTrying: () => {},
  runWithFix: () => {},
  explain: () => {},
  openGlossary: () => {},
  applyRow: () => {},
  runRow: () => {},
  compareWithFix: () => {},
  openCell: () => {},
  openSamples: () => {},
  savePicture: () => {},
};

const recorded = Object.fromEntries(
  Object.entries(answers).map(([call, answer]) => [
    call,
    (...args: unknown[]) => {
      fake.calls.push([call, ...args]);
      const sentence = fake.reject[call];
      if (sentence !== undefined) throw new Error(sentence);
      return (answer as (...args: unknown[]) => unknown)(...args);
    },
  ]),
) as unknown as HostApi;

const panel = connect<PanelApi, HostApi>(recorded, {
  post: (message) =>
    setTimeout(() => page.dispatchEvent(new MessageEvent('message', { data: asVsCodeSends(message) }))),
  onMessage: (listener) => {
    toHost = listener;
  },
});
