import type { RunConfigPatch } from '../../../../src/core/config/runConfig';
import type { FindingView, RunStatus } from '../../../../src/protocol/panel';
import { bowl, halfPlane, type Loss, logBarrier, rosenbrock, saddle, uneven } from './losses';
import { recordRun } from './recordedRun';
import type { ReportName } from './reports';
import { location, type Shown, ShownRun } from './shownRun';
import {
  byUnknownOptimizer,
  everyRow,
  type RecordingContent,
  repeated,
  type ShownRecording,
  ShownTraining,
  withoutGradient,
} from './shownTraining';

const plateau: FindingView = {
  id: 'plateau-1',
  code: 'plateau',
  severity: 'warning',
  headline: 'The loss decreases too slowly to converge within this run.',
  detail:
    'The loss is 0.0031 at step 1000. At this rate, the gradient of x would change by only 2 % by step 1000, and at a minimum it is 0. lr = 1e-3 is too small to reach a minimum.',
  advice: 'Increase lr, or run more steps.',
  origin: null,
  steps: [640, 1000],
  coordinates: [0],
  coordinateCount: 1,
  evidence: [['kind', 'lr too small']],
  location,
  fixes: [
    {
      id: 'lr 0.2',
      kind: 'config',
      title: 'lr 0.2',
      outcome: '4.1e-9 at step 900',
      detail: '@optimizer adam lr=0.2',
    },
  ],
  now: 'ends at 0.0031',
  replay: null,
  fixesNote: null,
};

const divergence: FindingView = {
  id: 'divergence-1',
  code: 'divergence',
  severity: 'error',
  headline: 'The loss diverges: it has grown far above its starting value.',
  detail:
    'The loss has been above its starting value of 50.5 since step 2. It grew to 1.34e302 at step 39; at step 40 it was infinite. The curvature along the path reached 100: gradient descent is stable only below lr = 0.02, but lr = 0.03.',
  advice: 'Decrease lr or clip the gradient norm.',
  origin: null,
  steps: [4, 40],
  coordinates: [0, 1],
  coordinateCount: 2,
  evidence: [
    ['loss at the start', '24.2'],
    ['loss', 'not a number'],
    ['learning rate', '0.03'],
    ['largest curvature on the path', '100'],
  ],
  location,
  fixes: [
    {
      id: 'lr 0.001',
      kind: 'config',
      title: 'lr 0.001',
      outcome: '0.45 at step 40',
      detail: '@optimizer sgd lr=0.001',
    },
    {
      id: 'lr 3e-4',
      kind: 'config',
      title: 'lr 3e-4',
      outcome: '0.49 at step 40',
      detail: '@optimizer sgd lr=0.0003',
    },
    {
      id: 'clip the gradient norm at 10',
      kind: 'config',
      title: 'clip the gradient norm at 10',
      outcome: '1.79 at step 38',
      detail: '@clip norm=10',
    },
  ],
  now: 'diverges at step 4',
  replay: null,
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
  coordinateCount: 2,
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
      kind: 'config',
      title: 'schedule cosine',
      outcome: '0 at step 1912',
      detail: '@schedule cosine',
    },
    {
      id: 'beta2 0.9',
      kind: 'config',
      title: 'beta2 0.9',
      outcome: '1.97e-31 at step 2211',
      detail: '@optimizer adam lr=0.1 beta2=0.9',
    },
    {
      id: 'lr 0.03',
      kind: 'config',
      title: 'lr 0.03',
      outcome: '1.1e-21 at step 3000',
      detail: '@optimizer adam lr=0.03',
    },
  ],
  now: 'above the stability limit at step 2624, ends at 2.5e-4',
  replay: null,
  fixesNote: null,
};

const spike: FindingView = {
  id: 'loss-spike-1',
  code: 'loss-spike',
  severity: 'warning',
  headline: 'The loss spiked during the run.',
  detail:
    'The loss rose from a median of 4.61e-16 to 0.769 at step 2738. At the start it was 24.2. The steps were likely too long for the local curvature: lr = 0.1.',
  advice: 'Decrease beta2, decrease lr, decay it, or clip the gradient norm.',
  origin: null,
  steps: [2737, 2738],
  coordinates: [],
  coordinateCount: 0,
  evidence: [
    ['loss at the peak', '0.7688'],
    ['loss before', '4.61e-16'],
  ],
  location,
  fixes: [
    {
      id: 'schedule cosine',
      kind: 'config',
      title: 'schedule cosine',
      outcome: '0 at step 1912',
      detail: '@schedule cosine',
    },
    {
      id: 'decrease lr tenfold after step 2463',
      kind: 'config',
      title: 'decrease lr tenfold after step 2463',
      outcome: '3.94e-31 at step 2463',
      detail: '@schedule multiStep milestones=2463 gamma=0.1',
    },
  ],
  now: 'rises to 0.769, ends at 2.5e-4',
  replay: null,
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
  coordinateCount: 2,
  evidence: [['largest / smallest curvature', '2508']],
  location,
  fixes: [],
  now: null,
  replay: null,
  fixesNote: null,
};

/** More findings than fit on the page. */
export const manyFindings: readonly FindingView[] = [
  conditioned,
  { ...spike, steps: [900, 940] },
  edge,
  { ...spike, steps: [910, 1400] },
  { ...divergence, steps: [2000, 2100] },
  { ...plateau, steps: [930, 2000] },
  { ...conditioned, code: 'sparse-gradient', steps: [200, 3000] },
];

/** The setting whether the diagnosis evaluates the curvature beside the path. */
type Level = 'full' | 'steps';

async function shown(loss: Loss, patch: RunConfigPatch, level: Level, rest: Shown): Promise<ShownRun> {
  const named: RunConfigPatch = loss.dim === 2 ? { names: ['x', 'y'], ...patch } : patch;
  return ShownRun.of(await recordRun(loss, named, level === 'full'), rest);
}

const adam = (lr: number, steps: number, start: readonly number[] | null): RunConfigPatch => ({
  optimizer: { name: 'adam', lr },
  steps,
  ...(start === null ? {} : { start }),
});

const adamOnRosenbrock = (status: RunStatus, steps: number, rest?: Partial<Shown>) =>
  shown(rosenbrock, adam(0.05, 1000, [-1.2, 1]), 'steps', {
    id: `adam-${status}`,
    lossName: 'rosenbrock',
    status,
    steps,
    ...rest,
  });

/** Falls to 1e-29, passes its stability limit at step 2624, and jumps at step 2738. */
const toTheEdge = (status: RunStatus, steps: number, rest?: Partial<Shown>) =>
  shown(rosenbrock, adam(0.1, 3000, [-1.2, 1]), 'full', {
    id: `edge-${status}`,
    lossName: 'rosenbrock',
    status,
    steps,
    ...rest,
  });

/** Shows these findings, numbered, instead of the findings of the run. */
const withFindings = (findings: readonly FindingView[]): Partial<Shown> => ({
  rest: {
    findings: findings.map((finding, i) => ({ ...finding, id: `${finding.code}-${i + 1}` })),
    verification: { status: 'done', done: 0, total: 0 },
  },
});

const layerNames = [
  'encoder.w[0..7][0..7]',
  'encoder.b[0..7]',
  'decoder.w[0..7][0..7]',
  'decoder.b[0..7]',
  'scale[0..5]',
];
const netNames = ['w1[0..127]', 'b1[0..21]'];

/** A real recording. Imported when it is shown: only the bundle of the page can load it. */
async function training(
  shown: Omit<ShownRecording, 'id'> = {},
  change: (content: RecordingContent) => RecordingContent = (content) => content,
): Promise<ShownTraining> {
  const { default: characters } = await import('../../../fixtures/recordings/characters.adamscope');
  return new ShownTraining(change(characters), { id: 'training', ...shown });
}

/** All states that the page must show, by the name in the address. */
export const scenarios = {
  rosenbrock: () =>
    adamOnRosenbrock('finished', 1000, { ...withFindings([plateau]), lrChanges: [[500, 0.05]] }),
  threeFixes: () =>
    adamOnRosenbrock(
      'finished',
      1000,
      withFindings([{ ...divergence, severity: 'warning', steps: [400, 1000] }]),
    ),
  trying: () =>
    adamOnRosenbrock('finished', 1000, {
      rest: {
        findings: [
          { ...divergence, fixes: [], now: null },
          { ...plateau, fixes: [], now: null },
        ],
        verification: { status: 'running', done: 3, total: 7 },
      },
    }),
  untried: () =>
    adamOnRosenbrock('finished', 1000, {
      rest: {
        findings: [{ ...plateau, fixes: [{ ...plateau.fixes[0]!, outcome: null }], now: null }],
        verification: { status: 'off', done: 0, total: 0 },
      },
    }),
  /** Fixes of both kinds, with a title and an outcome that are long. */
  editedFix: () =>
    adamOnRosenbrock('finished', 1000, {
      rest: {
        findings: [
          {
            ...plateau,
            now: 'ends at 0.38',
            fixes: [
              {
                id: 'edit',
                kind: 'edit',
                title: 'standardise area, rooms, yearOfConstruction, distanceToTheCentre',
                outcome: 'validation loss 0.334 at step 320',
                detail:
                  '[{ area: 1000 }] → ((rows) => { const standardise = (column) => { … }; })([{ area: 1000 }])',
              },
              {
                ...plateau.fixes[0]!,
                id: 'lr',
                title: 'lr 0.05',
                outcome: 'validation loss 0.371 at step 320',
              },
            ],
          },
        ],
        verification: { status: 'done', done: 4, total: 4 },
      },
    }),
  noneHelped: () =>
    adamOnRosenbrock('finished', 1000, {
      rest: {
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
      },
    }),
  edge: () => toTheEdge('finished', 3000, { diagnosed: true }),
  /** Paused before the limit is passed, so that there is a forecast. */
  foretold: () => toTheEdge('paused', 2500),
  manyFixes: () => toTheEdge('finished', 3000, withFindings(manyFindings)),
  saddle: () =>
    shown(saddle, adam(0.05, 1000, [1, 0]), 'full', { id: 'saddle', lossName: 'saddle', diagnosed: true }),
  manyFindings: () =>
    adamOnRosenbrock(
      'finished',
      1000,
      withFindings([100, 200, 300, 400].map((first) => ({ ...plateau, steps: [first, first + 50] }))),
    ),
  /** All quantities of Adam. */
  everything: () =>
    shown(rosenbrock, adam(0.05, 1000, [-1.2, 1]), 'full', { id: 'everything', lossName: 'rosenbrock' }),
  /** Two optimizers: from step 501 on there are no moments. */
  switching: () =>
    shown(
      rosenbrock,
      { ...adam(0.05, 1000, [-1.2, 1]), switch: { to: { name: 'sgd', lr: 0.001 }, at: 500 } },
      'steps',
      { id: 'switching', lossName: 'rosenbrock' },
    ),
  strided: () => adamOnRosenbrock('finished', 1000, { stride: 4 }),
  clean: () => adamOnRosenbrock('finished', 1000),
  running: () => adamOnRosenbrock('running', 312),
  paused: () => adamOnRosenbrock('paused', 312),
  /** In the queue. */
  queued: () => adamOnRosenbrock('queued', 0),
  /** Resumed after a pause, and in the queue. */
  queuedToGoOn: () => adamOnRosenbrock('queued', 312),
  /** From an earlier VS Code window, so that its loss is evaluated on request only. */
  restored: () => adamOnRosenbrock('finished', 1000, { mayEvaluate: false }),
  /** A source that cannot be controlled. */
  uncontrolled: () => adamOnRosenbrock('running', 312, { hasControl: false }),
  few: () => adamOnRosenbrock('paused', 3),
  loading: () => adamOnRosenbrock('loading', 0),
  failedAtOnce: () =>
    adamOnRosenbrock('failed', 0, {
      problems: [
        {
          code: 'unresolved-import',
          severity: 'error',
          message: 'Cannot find module “./missing”.',
          location,
        },
      ],
    }),
  interrupted: () =>
    adamOnRosenbrock('interrupted', 421, {
      problems: [
        {
          code: 'console-flood',
          severity: 'warning',
          message: 'The loss wrote 20,000 lines to the console; the rest was dropped.',
          location,
        },
      ],
    }),
  failed: () =>
    adamOnRosenbrock('failed', 17, {
      problems: [
        {
          code: 'loss-threw',
          severity: 'error',
          message: 'The loss threw at step 17: Cannot read properties of undefined (reading “length”).',
          location: { ...location, line: 19 },
        },
      ],
    }),
  diverging: () =>
    shown(rosenbrock, { optimizer: { name: 'sgd', lr: 0.01 }, steps: 40, start: [-2, 2] }, 'steps', {
      id: 'sgd-diverging',
      lossName: 'rosenbrock',
      diagnosed: true,
    }),
  /** Leaves the domain of its loss halfway. */
  leaving: () => shown(halfPlane, adam(0.05, 40, [1, 1]), 'steps', { id: 'leaving', lossName: 'halfPlane' }),
  barrier: () =>
    shown(logBarrier, adam(0.05, 300, [0.1, -1]), 'steps', { id: 'barrier', lossName: 'barrier' }),
  wide: () =>
    shown(bowl(500), adam(0.05, 300, null), 'steps', {
      id: 'wide',
      lossName: 'bowlOfManyDimensionsWithALongName',
    }),
  /** The same with nested groups, two matrices among them. */
  layers: () =>
    shown(uneven(150), { ...adam(0.02, 400, null), names: layerNames }, 'steps', {
      id: 'layers',
      lossName: 'layers',
    }),
  /** A net of 150 weights with names, of which 21 have no gradient. */
  net: () =>
    shown(uneven(150), { ...adam(0.02, 400, null), names: netNames }, 'steps', {
      id: 'net',
      lossName: 'net',
    }),
  /** The second coordinate changes its sign at every step, and decays slowly. */
  oscillating: () =>
    shown(bowl(2), { optimizer: { name: 'sgd', lr: 0.0199995 }, steps: 20_000, start: [1, 1] }, 'steps', {
      id: 'oscillating',
      lossName: 'bowl',
    }),
  /** A finding about all steps. */
  throughout: () => adamOnRosenbrock('finished', 1000, withFindings([{ ...plateau, steps: [1, 1000] }])),
  long: () => shown(bowl(4), adam(0.01, 200_000, null), 'steps', { id: 'long', lossName: 'bowl' }),
  training: () => training(),
  /** Its script is still running. */
  trainingLive: () => training({ status: 'running', rows: 20 }),
  /** Its process was killed. */
  trainingCut: () => training({ status: 'interrupted' }),
  /** More tensors than rows of a heatmap. */
  trainingLarge: () => training({}, (content) => repeated(content, 4)),
  trainingFrozen: () => training({}, withoutGradient),
  trainingSparse: () => training({}, (content) => everyRow(content, 5)),
  trainingUnknown: () => training({}, byUnknownOptimizer),
} as const satisfies Record<string, () => Promise<ShownRun | ShownTraining>>;

export type ScenarioName = keyof typeof scenarios | ReportName | 'empty' | 'silent';
