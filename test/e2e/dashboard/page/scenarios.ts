import type { FindingView, RunStatus, RunView } from '../../../../src/protocol/panel';
import type { ReportName } from './reports';
import { scalarsAt } from './scalars';
import {
  allAdamQuantities,
  bowl,
  logBarrier,
  type Problem,
  rosenbrock,
  runAdam,
  runSgd,
  type Trace,
} from './simulation';

/** A run to show and how far it has got. */
export interface Scenario {
  readonly problem: Problem;
  readonly trace: Trace;
  readonly run: RunView;
}

const location = { file: '/workspace/src/fit.ts', line: 12, column: 17, endLine: 12, endColumn: 27 };

const plateau: FindingView = {
  code: 'plateau',
  severity: 'warning',
  message: 'The loss has stopped improving: at this learning rate the optimum is about 10⁵ steps away.',
  steps: [640, 1000],
  coordinates: [0],
  evidence: [['class', 'lr-too-small']],
  location,
  fixes: [{ title: 'lr 0.2', outcome: '4.1e-9 at 900', detail: '@optimizer adam lr=0.2' }],
  fixesNote: 'now: ends at 0.0031',
};

const divergence: FindingView = {
  code: 'divergence',
  severity: 'error',
  message:
    'The loss has been above its start (50.5) since step 2 and grew to 1.34e302, far beyond anything it had won. ' +
    'The steps overshoot: curvature along the path reached 100, where plain gradient descent is stable only below ' +
    'lr 0.02; lr is 0.03. The run ended because a number did not fit into a double any more.',
  steps: [4, 40],
  coordinates: [0, 1],
  evidence: [
    ['first', '24.2'],
    ['last', 'not a number'],
  ],
  location,
  fixes: [
    { title: 'lr 0.001', outcome: '0.45 at 40', detail: '@optimizer sgd lr=0.001' },
    { title: 'lr 3e-4', outcome: '0.49 at 40', detail: '@optimizer sgd lr=0.0003' },
    { title: 'clip the gradient’s norm at 10', outcome: '1.79 at 38', detail: '@clip norm=10' },
  ],
  fixesNote: 'now: diverges at 4',
};

interface RunParts {
  readonly id: string;
  readonly lossName: string;
  readonly problem: Problem;
  readonly trace: Trace;
  readonly optimizer: string;
  readonly status?: RunStatus;
  readonly steps?: number;
  readonly rest?: Partial<RunView>;
}

function scenario({
  id,
  lossName,
  problem,
  trace,
  optimizer,
  status = 'finished',
  steps = trace.steps,
  rest,
}: RunParts): Scenario {
  return {
    problem,
    trace,
    run: {
      id,
      lossName,
      file: 'src/fit.ts',
      location,
      status,
      steps,
      plannedSteps: trace.steps,
      stopped: status === 'finished' ? 'steps' : null,
      error: null,
      warnings: [],
      stride: 1,
      dim: problem.dim,
      names: problem.dim === 2 ? ['x', 'y'] : Array.from({ length: problem.dim }, (_, i) => `theta[${i}]`),
      coordinates: Array.from({ length: problem.dim }, (_, i) => i),
      gradientMode: 'exact',
      config: [
        ['optimizer', optimizer],
        ['schedule', 'constant'],
      ],
      seed: 0,
      quantities: trace.quantities,
      boundNote: trace.boundNote,
      findings: [],
      verification: { status: 'done', done: 0, total: 0 },
      lrChanges: [],
      scalars: scalarsAt(trace, steps),
      ...rest,
    },
  };
}

const adamOnRosenbrock = (status: RunStatus, steps: number, rest?: Partial<RunView>) =>
  scenario({
    id: `adam-${status}`,
    lossName: 'rosenbrock',
    problem: rosenbrock,
    trace: runAdam(rosenbrock, { lr: 0.05, steps: 1000, start: [-1.2, 1] }),
    optimizer: 'adam lr=0.05',
    status,
    steps,
    ...(rest === undefined ? {} : { rest }),
  });

const allOfAdam = () =>
  runAdam(rosenbrock, { lr: 0.05, steps: 1000, start: [-1.2, 1], keep: allAdamQuantities });

/** Of two optimizers: from step 501 on there are no moments. */
function withoutMoments(trace: Trace): Trace {
  const columns = new Map(trace.columns);
  for (const key of columns.keys()) {
    if (/^(m|v|mHat|vHat|snr)\//.test(key)) columns.set(key, columns.get(key)!.slice().fill(Number.NaN, 500));
  }
  return { ...trace, columns };
}

const notLoaded: Partial<RunView> = { gradientMode: '', coordinates: [], names: [], dim: 0 };

/** Every state that the page must show, by the name in its address. */
export const scenarios = {
  rosenbrock: () => adamOnRosenbrock('finished', 1000, { findings: [plateau], lrChanges: [[500, 0.05]] }),
  threeFixes: () =>
    adamOnRosenbrock('finished', 1000, {
      findings: [{ ...divergence, severity: 'warning', steps: [400, 1000] }],
    }),
  trying: () =>
    adamOnRosenbrock('finished', 1000, {
      findings: [
        { ...divergence, fixes: [], fixesNote: 'trying fixes: 2 of 4 runs' },
        { ...plateau, fixes: [{ ...plateau.fixes[0]!, outcome: null }], fixesNote: null },
      ],
      verification: { status: 'running', done: 2, total: 4 },
    }),
  manyFindings: () =>
    adamOnRosenbrock('finished', 1000, {
      findings: [100, 200, 300, 400].map((first) => ({ ...plateau, steps: [first, first + 50] })),
    }),
  /** Every quantity that Adam has. */
  everything: () =>
    scenario({
      id: 'everything',
      lossName: 'rosenbrock',
      problem: rosenbrock,
      trace: allOfAdam(),
      optimizer: 'adam lr=0.05',
    }),
  switching: () =>
    scenario({
      id: 'switching',
      lossName: 'rosenbrock',
      problem: rosenbrock,
      trace: withoutMoments(allOfAdam()),
      optimizer: 'adam lr=0.05',
      rest: {
        config: [
          ['optimizer', 'adam lr=0.05'],
          ['switch', 'sgd lr=0.001 at=500'],
        ],
      },
    }),
  strided: () => adamOnRosenbrock('finished', 1000, { stride: 4 }),
  clean: () => adamOnRosenbrock('finished', 1000),
  running: () => adamOnRosenbrock('running', 312),
  paused: () => adamOnRosenbrock('paused', 312),
  few: () => adamOnRosenbrock('paused', 3),
  /** As the host sends it: before the loss is loaded neither its gradient nor its coordinates are known. */
  loading: () => adamOnRosenbrock('loading', 0, notLoaded),
  failedAtOnce: () =>
    adamOnRosenbrock('failed', 0, {
      ...notLoaded,
      error: { code: 'load-failed', message: 'Cannot find module “./missing”.', location },
    }),
  interrupted: () =>
    adamOnRosenbrock('interrupted', 421, {
      warnings: [
        {
          code: 'console-flood',
          message: 'The loss wrote 20,000 lines to the console; the rest was dropped.',
          location: null,
        },
      ],
    }),
  failed: () =>
    adamOnRosenbrock('failed', 17, {
      error: {
        code: 'loss-threw',
        message: 'The loss threw at step 17: Cannot read properties of undefined (reading “length”).',
        location: { ...location, line: 19 },
      },
    }),
  diverging: () =>
    scenario({
      id: 'sgd-diverging',
      lossName: 'rosenbrock',
      problem: rosenbrock,
      trace: runSgd(rosenbrock, 0.01, 40, [-2, 2]),
      optimizer: 'sgd lr=0.01',
      rest: { findings: [divergence], stopped: 'nonFinite' },
    }),
  barrier: () =>
    scenario({
      id: 'barrier',
      lossName: 'barrier',
      problem: logBarrier,
      trace: runAdam(logBarrier, { lr: 0.05, steps: 300, start: [0.1, -1] }),
      optimizer: 'adam lr=0.05',
    }),
  wide: () =>
    scenario({
      id: 'wide',
      lossName: 'bowlOfManyDimensionsWithALongName',
      problem: bowl(500),
      trace: runAdam(bowl(500), { lr: 0.05, steps: 300 }),
      optimizer: 'adam lr=0.05',
    }),
  long: () =>
    scenario({
      id: 'long',
      lossName: 'bowl',
      problem: bowl(4),
      trace: runAdam(bowl(4), {
        lr: 0.01,
        steps: 200_000,
        keep: [
          'loss',
          'best',
          'gradNorm',
          'lr',
          'grad',
          'mHat',
          'vHat',
          'effectiveLr',
          'absUpdate',
          'updateOverBound',
        ],
      }),
      optimizer: 'adam lr=0.01',
    }),
} as const satisfies Record<string, () => Scenario>;

export type ScenarioName = keyof typeof scenarios | ReportName | 'empty' | 'silent';
