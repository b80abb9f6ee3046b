/**
 * Runs in the page before the dashboard: stands in for VS Code and for the extension host behind it, over the same
 * channel and with the same loss of NaN in plain messages.
 */
import type { HostApi, PanelApi, ReportView, ViewRequest } from '../../../../src/protocol/panel';
import { connect } from '../../../../src/protocol/rpc';
import { frameFor, gridFor, rowsFor } from './answers';
import { reports } from './reports';
import { type Scenario, type ScenarioName, scenarios } from './scenarios';

/** What a test can see and do through `window.fake`. */
export interface Fake {
  /** Every call of the dashboard, in order. */
  readonly calls: [string, ...unknown[]][];
  /** The simulated run goes on to `steps`. */
  advance(steps: number): void;
  /** The report under way goes on, or ends. */
  report(change: Partial<ReportView>): void;
  /** Numbers of the frames sent so far: 1 to this. */
  readonly framesSent: number;
  /** The next calls of this name are rejected with this sentence. */
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

/** A webview's messages keep typed arrays and turn plain non-finite numbers into null. */
function asVsCodeSends(message: unknown): unknown {
  if (typeof message === 'number') return Number.isFinite(message) ? message : null;
  if (ArrayBuffer.isView(message)) return (message as Float64Array).slice();
  if (Array.isArray(message)) return message.map(asVsCodeSends);
  if (typeof message !== 'object' || message === null) return message;
  return Object.fromEntries(Object.entries(message).map(([key, value]) => [key, asVsCodeSends(value)]));
}

const isReport = (id: string): id is keyof typeof reports => Object.hasOwn(reports, id);
/** Behind a report stands a run that can be gone back to. */
const scenario: Scenario | null =
  name === 'empty' || name === 'silent' ? null : scenarios[isReport(name) ? 'clean' : name]();
let run = scenario?.run ?? null;
let report: ReportView | null = isReport(name) ? reports[name]() : null;
let view: ViewRequest | null = null;
let seq = 0;

const fake: Fake = {
  calls: [],
  advance: (steps) => {
    if (scenario === null || run === null) return;
    run = { ...run, steps };
    sendFrame();
  },
  report: (change) => {
    if (report === null) return;
    report = { ...report, ...change };
    panel.setReport(report);
  },
  get framesSent() {
    return seq;
  },
  reject: {},
};
page.fake = fake;

function sendFrame(): void {
  if (scenario === null || run === null || view === null || report !== null || run.steps === 0) return;
  panel.frame(frameFor(scenario.trace, view, run.steps, ++seq));
}

const runs = [
  {
    id: run?.id ?? '',
    lossName: run?.lossName ?? '',
    title: 'adam lr 0.05',
    status: run?.status ?? 'finished',
    outcome: '1000 steps, loss 1.3e-2',
    startedAt: 2,
  },
  {
    id: 'older',
    lossName: 'rosenbrock',
    title: 'sgd lr 0.001',
    status: 'interrupted',
    outcome: 'interrupted at step 4021',
    startedAt: 1,
  },
  {
    id: isReport(name) ? name : 'compare',
    lossName: 'rosenbrock',
    title: isReport(name) ? reports[name]().title : 'Compare optimizers',
    status: 'finished',
    outcome: '70 runs',
    startedAt: 3,
  },
] as const;

function show(): void {
  panel.setRuns(run === null ? [] : runs, report?.id ?? run?.id ?? null);
  if (report !== null) panel.setReport(report);
  else panel.setRun(run);
}

const answers: HostApi = {
  ready: () => {
    if (name !== 'silent') show();
  },
  setView: (next) => {
    view = next;
    sendFrame();
  },
  ack: () => {},
  rows: async (_runId, steps, quantities, coordinates) =>
    rowsFor(scenario!.trace, steps, quantities, coordinates),
  grid: async (_runId, x, y) => gridFor(scenario!.problem, x, y),
  allowGrid: () => {
    run = { ...run!, mayEvaluate: true };
    show();
  },
  selectRun: (id) => {
    if (id === 'older') return;
    report = isReport(id) ? reports[id]() : null;
    show();
  },
  runAgain: () => {},
  pause: () => {},
  resume: () => {},
  step: () => {},
  stop: () => {},
  setLr: () => {},
  configure: () => {},
  reveal: () => {},
  applyFix: () => {},
  runWithFix: () => {},
  explain: () => {},
  applyRow: () => {},
  runRow: () => {},
  openSamples: () => {},
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
