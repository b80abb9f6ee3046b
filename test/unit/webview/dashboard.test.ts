import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { spreadOf } from '../../../src/core/coordinates/coordinateSet';
import type { Frame, HostApi, Quantity, ReportView, RunView, ViewRequest } from '../../../src/protocol/panel';
import { Dashboard } from '../../../webview/state/dashboard';

const location = { file: '/fit.ts', line: 1, column: 1, endLine: 1, endColumn: 2 };

const quantities: readonly Quantity[] = [
  'loss',
  'best',
  'mHat',
  'm',
  'absUpdate',
  'uncorrectedUpdate',
  'preconditioner',
  'predictedChange',
  'actualChange',
];

function run(id: string): RunView {
  return {
    id,
    lossName: 'f',
    file: 'fit.ts',
    location,
    training: null,
    status: 'finished',
    hasControl: true,
    mayEvaluate: true,
    editedFiles: [],
    steps: 100,
    plannedSteps: 100,
    stopped: 'steps',
    sweep: null,
    verdict: null,
    error: null,
    warnings: [],
    dim: 2,
    names: { entries: ['x', 'y'], vector: null },
    coordinates: spreadOf([0, 1], 2),
    hasBands: false,
    mapped: [],
    groupLevels: 0,
    stride: 1,
    gradientMode: 'exact',
    gradientBy: null,
    gradientHelp: null,
    gradientAccuracy: null,
    environment: [],
    config: [],
    seed: 0,
    maximizes: false,
    quantities: quantities.map((quantity) => ({
      quantity,
      title: quantity,
      symbol: quantity,
      formula: '',
      term: quantity,
      signed: false,
    })),
    boundNote: '',
    findings: [],
    revision: 1,
    verification: { status: 'none', done: 0, total: 0 },
    lrChanges: [],
    stability: null,
    scalars: new Float64Array(5),
  };
}

const report: ReportView = {
  id: 'report',
  title: 'Compare optimizers',
  lossName: 'f',
  file: 'fit.ts',
  location,
  config: [],
  status: 'running',
  progress: [7, 70],
  error: null,
  report: null,
};

function frame(runId: string, seq: number): Frame {
  const none = new Float64Array();
  return {
    runId,
    seq,
    range: [1, 100],
    steps: 100,
    scalars: new Float64Array(5),
    series: [],
    references: [],
    bands: [],
    mattering: [],
    path: none,
    pathSteps: none,
    pathLosses: none,
  };
}

/** Each completes a computation of a history. */
let fillings: (() => void)[] = [];
let ranges: unknown[] = [];
let views: ViewRequest[] = [];
let acks: number[] = [];
let moves: [string, number][] = [];
let stored: unknown = null;
let dashboard: Dashboard;

function opened(): Dashboard {
  const host = {
    ready: () => {},
    setView: (view: ViewRequest) => void views.push(view),
    ack: (seq: number) => void acks.push(seq),
    fillIn: (_id: string, _coordinate: number, range: unknown) => {
      ranges.push(range);
      return new Promise<void>((resolve) => fillings.push(resolve));
    },
    stopFillIn: () => {},
    cursorMoved: (runId: string, step: number) => void moves.push([runId, step]),
  };
  const page = new Dashboard(
    {
      getState: () => stored,
      setState: (state) => {
        stored = structuredClone(state);
      },
    },
    { nextFrame: (paint) => setTimeout(paint, 16), watch: () => () => {}, now: () => 0 },
  );
  page.connect(host as unknown as HostApi);
  return page;
}

beforeEach(() => {
  vi.useFakeTimers();
  [views, acks, moves, stored, fillings, ranges] = [[], [], [], null, [], []];
  dashboard = opened();
});
afterEach(() => {
  vi.useRealTimers();
});

const lastQuantities = () => views.at(-1)!.quantities;

describe('the quantities requested from the host', () => {
  test('are those of the visible charts, with all their lines', () => {
    dashboard.panel.setRun(run('a'));
    expect(lastQuantities()).toEqual([
      'loss',
      'best',
      'absUpdate',
      'mHat',
      'predictedChange',
      'actualChange',
      'm',
    ]);
  });

  test('include an uncorrected quantity only while it is drawn, and exclude hidden charts', () => {
    dashboard.panel.setRun(run('a'));
    dashboard.settings.setChart('m', { hidden: true });
    dashboard.settings.setChart('predictedChange', { hidden: true });
    vi.advanceTimersByTime(200);
    expect(lastQuantities()).toEqual(['loss', 'best', 'absUpdate', 'mHat']);
    dashboard.settings.setChart('mHat', { uncorrected: true });
    dashboard.settings.setChart('absUpdate', { uncorrected: true });
    vi.advanceTimersByTime(200);
    expect(lastQuantities()).toEqual(['loss', 'best', 'absUpdate', 'uncorrectedUpdate', 'mHat', 'm']);
    dashboard.settings.setChart('mHat', { hidden: true });
    vi.advanceTimersByTime(200);
    expect(lastQuantities()).toEqual(['loss', 'best', 'absUpdate', 'uncorrectedUpdate']);
  });

  test('are remembered by the next page', () => {
    dashboard.panel.setRun(run('a'));
    dashboard.settings.setChart('mHat', { uncorrected: true });
    dashboard.settings.setChart('preconditioner', { hidden: false });
    dashboard = opened();
    dashboard.panel.setRun(run('a'));
    expect(lastQuantities()).toContain('preconditioner');
    expect(dashboard.settings.chart('mHat')).toEqual({ uncorrected: true });
  });

  test('are requested once, even if the run is sent several times', () => {
    dashboard.panel.setRun(run('a'));
    dashboard.panel.setRun(run('a'));
    vi.advanceTimersByTime(200);
    expect(views).toHaveLength(1);
  });
});

describe('a report', () => {
  test('replaces the run, which is later shown with the same zoom and cursor', () => {
    dashboard.panel.setRun(run('a'));
    dashboard.focus.setZoom([10, 20]);
    dashboard.focus.moveCursor(15);
    dashboard.panel.setReport(report);
    expect(dashboard.report.value).toBe(report);
    expect(dashboard.run.value).toBeUndefined();
    vi.advanceTimersByTime(200);
    views = [];
    dashboard.panel.setRun(run('a'));
    expect(dashboard.report.value).toBeNull();
    expect(dashboard.focus.zoom.value).toEqual([10, 20]);
    expect(dashboard.focus.cursor.value).toBe(15);
    expect(views).toHaveLength(1);
  });

  test('followed by another run resets the zoom', () => {
    dashboard.panel.setRun(run('a'));
    dashboard.focus.setZoom([10, 20]);
    dashboard.panel.setReport(report);
    dashboard.panel.setRun(run('b'));
    expect(dashboard.focus.zoom.value).toBeNull();
  });

  test('a late frame is acknowledged but not shown', () => {
    dashboard.panel.setRun(run('a'));
    dashboard.panel.setReport(report);
    dashboard.panel.frame(frame('a', 1));
    vi.advanceTimersByTime(100);
    expect(acks).toEqual([1]);
    expect(dashboard.frame.value).toBeNull();
  });
});

describe('the run to show after a reload', () => {
  const summary = (id: string, startedAt: number) => ({
    id,
    lossName: 'f',
    title: 'adam lr 0.001',
    status: 'finished' as const,
    outcome: '',
    startedAt,
  });
  const runs = [summary('old', 1), summary('new', 2)];

  test('is the one that the user chose', () => {
    dashboard.panel.setRuns(runs, 'old');
    expect(stored).toMatchObject({ shown: 'old' });
  });

  test('is the newest one if the page showed the newest, also when there are newer ones later', () => {
    dashboard.panel.setRuns(runs, 'old');
    dashboard.panel.setRuns(runs, 'new');
    expect(stored).toMatchObject({ shown: null });
  });
});

describe('a run with many coordinates', () => {
  const large = (coordinates: number[], status: RunView['status'] = 'finished'): RunView => ({
    ...run('a'),
    status,
    hasBands: true,
    dim: 40,
    coordinates: spreadOf(coordinates, 40),
  });
  const mattering = (...coordinates: number[]): Frame => ({
    ...frame('a', 1),
    mattering: coordinates.map((coordinate) => ({ coordinate, rank: 'largestUpdate' as const })),
  });

  test('shows the coordinates that matter, at its first ranking and at its end, until the user chooses others', () => {
    dashboard.panel.setRun(large([0, 1, 2, 3], 'running'));
    dashboard.panel.frame(mattering(2, 1));
    expect(dashboard.slots.value).toEqual([2, 1]);
    dashboard.panel.frame(mattering(3));
    expect(dashboard.slots.value).toEqual([2, 1]);
    dashboard.panel.setRun(large([0, 1, 2, 3]));
    dashboard.panel.frame(mattering(3));
    expect(dashboard.slots.value).toEqual([3]);
    dashboard.toggleCoordinate(0, 28);
    dashboard.panel.frame(mattering(1));
    expect(dashboard.slots.value).toEqual([3, 0]);
    dashboard.showMattering();
    expect(dashboard.slots.value).toEqual([1]);
  });

  test('shows evenly spread coordinates if none is known to matter', () => {
    dashboard.panel.setRun(large(Array.from({ length: 33 }, (_, i) => i)));
    dashboard.panel.frame(mattering());
    expect(dashboard.slots.value).toEqual([0, 8, 16, 24, 32]);
  });

  test('shows a picked coordinate when its history is there, unless the user cancels', async () => {
    dashboard.panel.setRun(large([0, 1]));
    dashboard.showOnly([0]);
    dashboard.pick(1, 28);
    expect(dashboard.slots.value).toEqual([0, 1]);
    dashboard.pick(7, 28);
    expect(dashboard.picking.coordinate.value).toBe(7);
    fillings.at(-1)!();
    await vi.advanceTimersByTimeAsync(10);
    expect(dashboard.picking.coordinate.value).toBeNull();
    expect(dashboard.slots.value).toEqual([0, 1, 7]);
    expect(ranges).toEqual([null]);
    dashboard.pick(8, 28);
    dashboard.picking.cancel();
    fillings.at(-1)!();
    await vi.advanceTimersByTimeAsync(10);
    expect(dashboard.slots.value).toEqual([0, 1, 7]);
  });

  test('computes the visible steps of a picked coordinate first', async () => {
    dashboard.panel.setRun(run('a'));
    dashboard.focus.zoom.value = [20, 30];
    dashboard.pick(7, 28);
    fillings.at(-1)!();
    await vi.advanceTimersByTimeAsync(10);
    expect([dashboard.slots.value, dashboard.picking.coordinate.value]).toEqual([[0, 1, 7], 7]);
    fillings.at(-1)!();
    await vi.advanceTimersByTimeAsync(10);
    expect([ranges, dashboard.picking.coordinate.value]).toEqual([[[20, 30], null], null]);
    expect(dashboard.slots.value).toEqual([0, 1, 7]);
  });
});

describe('the recording of a training', () => {
  const training = { optimizer: 'a.B', hasFormulas: true, rank: null, tensors: 2, groups: [] };
  const recorded = [0, 1, 2, 3, 4, 5, 6, 7, 100, 200, 300, 400];
  const recording = (): RunView => ({
    ...run('a'),
    training,
    dim: 500,
    names: { entries: null, vector: 'w' },
    coordinates: spreadOf(recorded, 500),
  });

  test('shows coordinates from all over its tensors first, and again on request', () => {
    dashboard.panel.setRun(recording());
    const first = dashboard.slots.value;
    expect(first).toHaveLength(5);
    expect([first[0], first.at(-1)]).toEqual([0, 400]);
    dashboard.showOnly([1]);
    dashboard.showInitial();
    expect(dashboard.slots.value).toEqual(first);
  });

  test('is neither repeated nor explained', () => {
    dashboard.panel.setRun(recording());
    const shown = dashboard.slots.value;
    dashboard.pick(9, 28);
    dashboard.explain(0);
    expect(fillings).toEqual([]);
    expect([dashboard.explaining.coordinate.value, dashboard.slots.value]).toEqual([null, shown]);
    dashboard.pick(2, 28);
    expect(dashboard.slots.value).toContain(2);
  });
});

describe('the step cursor', () => {
  test('is reported once it rests where the user has moved it', () => {
    dashboard.panel.setRun(run('a'));
    for (const step of [10, 11, 12]) dashboard.focus.moveCursor(step);
    vi.advanceTimersByTime(1000);
    expect(moves).toEqual([['a', 12]]);
  });

  test('is moved by the host, which is not reported', () => {
    dashboard.panel.setRun(run('a'));
    dashboard.panel.goTo('b', 30);
    expect(dashboard.focus.cursor.value).toBeNull();
    dashboard.panel.goTo('a', 30);
    expect(dashboard.focus.cursor.value).toBe(30);
    vi.advanceTimersByTime(1000);
    expect(moves).toEqual([]);
    dashboard.focus.moveCursor(31);
    dashboard.focus.moveCursor(30);
    vi.advanceTimersByTime(1000);
    expect(moves).toEqual([['a', 30]]);
  });
});
