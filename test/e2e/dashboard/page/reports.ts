import { compareOptimizers, optimizersReport } from '../../../../src/core/analysis/compare/optimizers';
import type { Report } from '../../../../src/core/analysis/report';
import { resolveConfig } from '../../../../src/core/config/resolve';
import type { ReportView } from '../../../../src/protocol/panel';
import { comparedLosses } from './comparedLosses';
import { bowl, objectiveOf } from './losses';
import { location } from './shownRun';
import { sweptGrid } from './sweptGrid';
import { sweptLosses } from './sweptLosses';

function view(id: string, title: string, rest: Partial<ReportView>): ReportView {
  return {
    id,
    title,
    lossName: 'rosenbrock',
    file: 'src/fit.ts',
    location,
    config: [
      ['optimizer', 'adam lr=0.05'],
      ['steps', '1000'],
      ['start', '-1.2, 1'],
    ],
    status: 'finished',
    progress: [70, 70],
    error: null,
    report: null,
    ...rest,
  };
}

async function comparison(): Promise<Report> {
  const losses = await comparedLosses(1000);
  const finals = losses.map(({ name, points }) => ({ name, loss: points.at(-1)! }));
  const least = Math.min(...finals.map(({ loss }) => loss));
  return {
    title: 'Compare optimizers',
    summary:
      'adabelief lr=0.05 comes furthest: 1000 steps take the loss from 24.2 to 0.00138. adam, at its own best learning ' +
      'rate, comes to 0.00231; sgd is at 0.455 after as many.',
    charts: [
      {
        title: 'Loss',
        x: { title: 'step', log: false },
        y: { title: 'loss', log: true },
        lines: losses.map(({ name, points }) => ({ name, points, band: null })),
        marks: [],
      },
    ],
    tables: [
      {
        title: 'At its best learning rate',
        columns: [
          { title: 'optimizer', isNumber: false },
          { title: 'lr', isNumber: true },
          { title: 'final loss', isNumber: true },
          { title: 'steps to 0.01', isNumber: true },
        ],
        rows: finals.map(({ name, loss }, i) => {
          const [optimizer = '', lr = ''] = name.split(/ lr=| weight/);
          return {
            cells: [optimizer, lr, loss.toPrecision(3), loss < 1e-2 ? String(412 + 37 * i) : 'never'],
            verdict: loss === least ? ('best' as const) : null,
            patch: { optimizer: { name: 'adam', lr: Number.parseFloat(lr) } },
          };
        }),
      },
    ],
    notes: [
      'Every optimizer ran at seven learning rates, a factor of √10 apart, and is shown at the one whose loss is least at the end.',
      'One start and one seed: another start may order them differently.',
    ],
  };
}

function rangeTest(): Report {
  const { points, band } = sweptLosses(200);
  return {
    title: 'Learning-rate range test',
    summary: 'Take a learning rate near 2.1e-3, where the loss falls steepest. Above 0.3 it rises again.',
    charts: [
      {
        title: 'Loss while the learning rate grows',
        x: { title: 'learning rate', log: true },
        y: { title: 'smoothed loss', log: false },
        lines: [{ name: 'mean of 5 seeds', points, band }],
        marks: [
          { name: 'steepest', x: 6.1e-4 },
          { name: 'valley', x: 2.1e-3 },
          { name: 'minimum / 10', x: 9e-3 },
          { name: 'slide', x: 1.2e-2 },
        ],
      },
    ],
    tables: [
      {
        title: 'Suggestions',
        columns: [
          { title: 'rule', isNumber: false },
          { title: 'lr', isNumber: true },
          { title: 'what it is', isNumber: false },
        ],
        rows: [
          ['valley', '0.0021', 'the middle of the longest descent'],
          ['steepest', '6.1e-4', 'where the loss falls fastest per decade'],
          ['minimum / 10', '0.009', 'a tenth of where the loss is least'],
          ['slide', '0.012', 'the last rate before the loss slides off'],
        ].map((cells, i) => ({
          cells,
          verdict: i === 0 ? ('best' as const) : null,
          patch: { optimizer: { name: 'adam' as const, lr: Number(cells[1]) } },
        })),
      },
    ],
    notes: [
      'A sweep of 200 steps from 1e-7 to 10 over 5 seeds; the band is from the least to the largest of them.',
    ],
  };
}

function invariances(): Report {
  return {
    title: 'Invariances',
    summary:
      'adam does not see the scale of the loss, and it does see a rotation of the coordinates. Both as theory says.',
    charts: [],
    tables: [
      {
        title: 'What changes the path',
        columns: [
          { title: 'change', isNumber: false },
          { title: 'largest difference', isNumber: true },
          { title: 'tolerance', isNumber: true },
          { title: 'why', isNumber: false },
        ],
        rows: [
          {
            cells: [
              'loss × 1000',
              '3.1e-13',
              '1e-9',
              'mHat and √vHat scale alike; eps = 1e-8 is negligible here',
            ],
            verdict: 'pass',
            patch: null,
          },
          {
            cells: ['loss + 5', '0', '1e-9', 'the gradient is the same'],
            verdict: 'pass',
            patch: null,
          },
          {
            cells: [
              'rotation by 30°',
              '0.412',
              '1e-9',
              'the preconditioner is diagonal in these coordinates',
            ],
            verdict: 'fail',
            patch: { optimizer: { name: 'sgd', lr: 0.001 } },
          },
          {
            cells: ['order of the samples', '—', '—', 'the loss has no samples'],
            verdict: 'not applicable',
            patch: null,
          },
        ],
      },
    ],
    notes: ['Two runs of 200 steps each, compared after the change is undone.'],
  };
}

/** Two losses that are partly negative, so that a log axis is impossible, and one that ends early. */
function signed(): Report {
  return {
    title: 'Signed',
    summary: 'Some of these values are negative.',
    charts: [
      {
        title: 'Gain',
        x: { title: 'share', log: false },
        y: { title: 'gain', log: true },
        lines: [
          { name: 'a', points: Float64Array.of(0, -1, 0.5, 2, 1, Number.NaN), band: null },
          { name: 'b', points: Float64Array.of(0, 1, 0.25, 3), band: null },
        ],
        marks: [],
      },
    ],
    tables: [],
    notes: [],
  };
}

/** A real comparison on a loss on which gradient descent diverges at most learning rates. */
async function divergingComparison(): Promise<Report> {
  const setting = {
    objective: objectiveOf(bowl(2)),
    start: Float64Array.of(1, 1),
    validation: null,
    progress: { went: () => true },
  };
  const { config } = resolveConfig([{ optimizer: { name: 'adam', lr: 0.01 }, steps: 100, start: [1, 1] }]);
  return optimizersReport(await compareOptimizers(setting, config, ['sgd', 'rmsprop', 'adam', 'adagrad']));
}

/** All states of a report that the page must show, by the name in the address. */
export const reports = {
  compare: async () => view('compare', 'Compare optimizers', { report: await comparison() }),
  compareDiverging: async () =>
    view('compareDiverging', 'Compare optimizers', {
      progress: [41, 41],
      report: await divergingComparison(),
    }),
  rangeTest: async () =>
    view('rangeTest', 'Learning-rate range test', { progress: [5, 5], report: rangeTest() }),
  invariances: async () => view('invariances', 'Invariances', { progress: [9, 9], report: invariances() }),
  sweep: async () => view('sweep', 'Sweep two options', { progress: [33, 36], report: sweptGrid() }),
  signed: async () => view('signed', 'Signed', { progress: [2, 2], report: signed() }),
  reportRunning: async () =>
    view('reportRunning', 'Compare optimizers', { status: 'running', progress: [7, 70] }),
  reportStopped: async () =>
    view('reportStopped', 'Compare optimizers', { status: 'stopped', progress: [7, 70] }),
  reportFailed: async () =>
    view('reportFailed', 'Compare optimizers', {
      status: 'failed',
      progress: [0, 70],
      error: {
        code: 'loss-threw',
        message: 'The loss threw: Cannot read properties of undefined (reading “length”).',
        location: { ...location, line: 19 },
      },
    }),
} as const satisfies Record<string, () => Promise<ReportView>>;

export type ReportName = keyof typeof reports;
