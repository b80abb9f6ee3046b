import type { FindingView, RunStatus, RunView } from '../../../../src/protocol/panel';
import type { ReportName } from './reports';
import { scalarsAt } from './scalars';
import {
  allAdamQuantities,
  bowl,
  gaugedAdamQuantities,
  logBarrier,
  type Problem,
  rosenbrock,
  runAdam,
  runSgd,
  saddle,
  sampling,
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
  id: 'plateau-1',
  code: 'plateau',
  severity: 'warning',
  headline: 'The loss decreases too slowly to converge within this run.',
  detail:
    'The loss is 0.0031 at step 1000. At this rate, x covers 2 % of its estimated remaining distance by step 1000. lr = 1e-3 is too small for this distance.',
  advice: 'Increase lr, or run more steps.',
  origin: null,
  steps: [640, 1000],
  coordinates: [0],
  evidence: [['kind', 'lr too small']],
  location,
  fixes: [{ id: 'lr 0.2', title: 'lr 0.2', outcome: '4.1e-9 at step 900', detail: '@optimizer adam lr=0.2' }],
  now: 'ends at 0.0031',
  fixesNote: null,
};

const divergence: FindingView = {
  id: 'divergence-1',
  code: 'divergence',
  severity: 'error',
  headline: 'The loss diverges: it has grown far above its starting value.',
  detail:
    'The loss has been above its starting value of 50.5 since step 2 and grew to 1.34e302. At step 40 the numbers overflowed. The curvature along the path reached 100: gradient descent is stable only below lr = 0.02, but lr = 0.03.',
  advice: 'Decrease lr or clip the gradient norm.',
  origin: null,
  steps: [4, 40],
  coordinates: [0, 1],
  evidence: [
    ['loss at the start', '24.2'],
    ['loss', 'not a number'],
    ['learning rate', '0.03'],
    ['largest curvature on the path', '100'],
  ],
  location,
  fixes: [
    { id: 'lr 0.001', title: 'lr 0.001', outcome: '0.45 at step 40', detail: '@optimizer sgd lr=0.001' },
    { id: 'lr 3e-4', title: 'lr 3e-4', outcome: '0.49 at step 40', detail: '@optimizer sgd lr=0.0003' },
    {
      id: 'clip the gradient norm at 10',
      title: 'clip the gradient norm at 10',
      outcome: '1.79 at step 38',
      detail: '@clip norm=10',
    },
  ],
  now: 'diverges at step 4',
  fixesNote: null,
};

const edge: FindingView = {
  id: 'edge-of-stability-1',
  code: 'edge-of-stability',
  severity: 'warning',
  headline: 'The run is at the edge of stability along x and y.',
  detail:
    'Since step 2624, step size times preconditioned sharpness is 39.6; the stability limit is 38. Above it, updates along x and y grow from step to step (lr = 0.1). The loss is likely to rise by up to 2.81 within a few hundred steps, until v adapts.',
  advice: 'Decrease lr, decay it, or decrease beta2.',
  origin: null,
  steps: [2624, 2731],
  coordinates: [0, 1],
  evidence: [
    ['a·λmax(P⁻¹H)', '39.6'],
    ['limit', '38'],
    ['sharpest curvature', '882.6'],
    ['divisor P along it', '2.229'],
    ['jump to be expected', '2.814'],
    ['learning rate', '0.1'],
  ],
  location,
  fixes: [
    {
      id: 'schedule cosine',
      title: 'schedule cosine',
      outcome: '0 at step 1912',
      detail: '@schedule cosine',
    },
    {
      id: 'beta2 0.9',
      title: 'beta2 0.9',
      outcome: '1.97e-31 at step 2211',
      detail: '@optimizer adam lr=0.1 beta2=0.9',
    },
    { id: 'lr 0.03', title: 'lr 0.03', outcome: '1.1e-21 at step 3000', detail: '@optimizer adam lr=0.03' },
  ],
  now: 'at the stability limit from step 2624, ends at 2.5e-4',
  fixesNote: null,
};

const spike: FindingView = {
  id: 'loss-spike-1',
  code: 'loss-spike',
  severity: 'warning',
  headline: 'The loss spiked during the run.',
  detail:
    'The loss rose from 4.61e-16 to 0.769 at step 2738, after it had decreased from 24.2. The steps were likely too long for the local curvature: lr = 0.1.',
  advice: 'Decrease beta2, decrease lr, decay it, or clip the gradient norm.',
  origin: null,
  steps: [2737, 2738],
  coordinates: [],
  evidence: [
    ['loss at the peak', '0.7688'],
    ['loss before', '4.61e-16'],
  ],
  location,
  fixes: [
    {
      id: 'schedule cosine',
      title: 'schedule cosine',
      outcome: '0 at step 1912',
      detail: '@schedule cosine',
    },
    {
      id: 'decrease lr tenfold after step 2463',
      title: 'decrease lr tenfold after step 2463',
      outcome: '3.94e-31 at step 2463',
      detail: '@schedule multiStep milestones=2463 gamma=0.1',
    },
  ],
  now: 'rises to 0.769, ends at 2.5e-4',
  fixesNote: null,
};

const conditioned: FindingView = {
  id: 'ill-conditioned-1',
  code: 'ill-conditioned',
  severity: 'info',
  headline: 'The curvature differs too much between directions for this number of steps.',
  detail:
    'The largest curvature is 2508 times the smallest, even with the diagonal preconditioner of the optimizer.',
  advice: 'Standardize the inputs or reparametrize the loss.',
  origin: null,
  steps: [1, 3000],
  coordinates: [0, 1],
  evidence: [['largest / smallest curvature', '2508']],
  location,
  fixes: [],
  now: null,
  fixesNote: null,
};

const atSaddle: FindingView = {
  id: 'plateau-1',
  code: 'plateau',
  severity: 'warning',
  headline: 'The loss has stopped improving at a saddle point.',
  detail:
    'The loss has stayed near 0 since step 301. The gradient is close to zero, but along y the loss curves downward.',
  advice: 'Start slightly to one side of the saddle point.',
  origin: null,
  steps: [301, 1000],
  coordinates: [1],
  evidence: [
    ['kind', 'saddle'],
    ['smallest curvature', '-2'],
  ],
  location,
  fixes: [
    {
      id: 'start a little beside it',
      title: 'start a little beside it',
      outcome: '-1 at step 212',
      detail: '@start [1, 0.01]',
    },
  ],
  now: 'stops improving at 0',
  fixesNote: null,
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
      hasControl: true,
      mayEvaluate: true,
      revision: 7,
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
      verification: { status: 'done', done: 0, total: 0 },
      lrChanges: [],
      stability: trace.stability.length > 0 ? sampling : null,
      scalars: scalarsAt(trace, steps),
      ...rest,
      findings: (rest?.findings ?? []).map((finding, i) => ({ ...finding, id: `${finding.code}-${i + 1}` })),
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

/** Comes down to 1e-29, crosses its limit at 2624, and jumps up at 2738. */
const toTheEdge = (status: RunStatus, steps: number, rest?: Partial<RunView>) =>
  scenario({
    id: `edge-${status}`,
    lossName: 'rosenbrock',
    problem: rosenbrock,
    trace: runAdam(rosenbrock, { lr: 0.1, steps: 3000, start: [-1.2, 1], keep: gaugedAdamQuantities }),
    optimizer: 'adam lr=0.1',
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
        { ...divergence, fixes: [], now: null },
        { ...plateau, fixes: [], now: null },
      ],
      verification: { status: 'running', done: 3, total: 7 },
    }),
  untried: () =>
    adamOnRosenbrock('finished', 1000, {
      findings: [{ ...plateau, fixes: [{ ...plateau.fixes[0]!, outcome: null }], now: null }],
      verification: { status: 'off', done: 0, total: 0 },
    }),
  noneHelped: () =>
    adamOnRosenbrock('finished', 1000, {
      findings: [
        {
          ...plateau,
          fixes: [],
          now: null,
          fixesNote:
            'None of the 3 fixes tried helps: with 2 the final loss is not lower than now, with 1 another problem appears or becomes worse.',
        },
      ],
      verification: { status: 'done', done: 4, total: 4 },
    }),
  edge: () => toTheEdge('finished', 3000, { findings: [edge, spike, conditioned] }),
  /** Paused before the limit is passed: what is to come is foretold. */
  foretold: () => toTheEdge('paused', 2500),
  manyFixes: () =>
    toTheEdge('finished', 3000, {
      findings: [
        conditioned,
        { ...spike, steps: [900, 940] },
        edge,
        { ...spike, steps: [910, 1400] },
        { ...divergence, steps: [2000, 2100] },
        { ...plateau, steps: [930, 2000] },
        { ...conditioned, code: 'sparse-gradient', steps: [200, 3000] },
      ],
    }),
  saddle: () =>
    scenario({
      id: 'saddle',
      lossName: 'saddle',
      problem: saddle,
      trace: runAdam(saddle, { lr: 0.05, steps: 1000, start: [1, 0], keep: gaugedAdamQuantities }),
      optimizer: 'adam lr=0.05',
      rest: { findings: [atSaddle] },
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
  /** Waits for a place. */
  queued: () => adamOnRosenbrock('queued', 0, { ...notLoaded, gradientMode: '' }),
  /** Was paused, and waits for a place to go on. */
  queuedToGoOn: () => adamOnRosenbrock('queued', 312),
  /** Of an earlier window: its loss is not evaluated unasked. */
  restored: () => adamOnRosenbrock('finished', 1000, { mayEvaluate: false }),
  /** A source that can only be watched. */
  uncontrolled: () => adamOnRosenbrock('running', 312, { hasControl: false }),
  few: () => adamOnRosenbrock('paused', 3),
  /** As the host sends it: before the loss is loaded neither its gradient nor its coordinates are known. */
  loading: () => adamOnRosenbrock('loading', 0, notLoaded),
  failedAtOnce: () =>
    adamOnRosenbrock('failed', 0, {
      ...notLoaded,
      error: { code: 'unresolved-import', message: 'Cannot find module “./missing”.', location },
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
