import type { Quantity, QuantityView } from '../../src/protocol/panel';

/** The groups of the chart menu. */
export const chartGroups = {
  progress: 'Progress',
  step: 'Step',
  moments: 'Moments',
  divisor: 'Divisor',
  settings: 'Settings during the run',
  point: 'Point and gradient',
} as const;
export type ChartGroup = keyof typeof chartGroups;

/** `symlog` is the log axis of a quantity that may be negative. */
export type LogKind = 'log' | 'symlog';

interface Rule {
  readonly group: ChartGroup;
  /** The log axis that the chart offers; absent for none. */
  readonly log?: LogKind;
  /** Positive quantities over several decades initially have a log axis; shares and settings do not. */
  readonly startsLog?: true;
  /** Hidden by default. */
  readonly startsHidden?: true;
  /** The quantity is drawn in the chart of this other quantity, if the run has both. */
  readonly lineOf?: Quantity;
  /** The title of a chart that contains such a line. */
  readonly joint?: { readonly title: string; readonly symbol: string };
  /** The same quantity without bias correction, which the chart can also draw. */
  readonly uncorrected?: Quantity;
}

/**
 * In the order of a reader's questions: does the run converge, how does the gradient behave, what does the
 * optimizer do with it.
 */
const rules: { readonly [Q in Quantity]: Rule } = {
  // The loss has a log axis although it may be negative, because that shows more while all its values are
  // positive.
  loss: { group: 'progress', log: 'log', startsLog: true },
  best: { group: 'progress', lineOf: 'loss' },
  watched: { group: 'progress', log: 'log', startsLog: true, lineOf: 'loss' },
  gradNorm: { group: 'progress', log: 'log', startsLog: true },
  stability: {
    group: 'step',
    log: 'log',
    startsLog: true,
    joint: { title: 'Stability', symbol: 'a·λmax(P⁻¹H)' },
  },
  stabilityLimit: { group: 'step', log: 'log', startsLog: true, lineOf: 'stability' },
  effectiveLr: { group: 'step', log: 'log', startsLog: true },
  updateOverBound: { group: 'step', log: 'log' },
  absUpdate: { group: 'step', log: 'log', startsLog: true, uncorrected: 'uncorrectedUpdate' },
  mHat: { group: 'moments', log: 'symlog', uncorrected: 'm' },
  vHat: { group: 'moments', log: 'log', startsLog: true, uncorrected: 'v' },
  snr: { group: 'moments', log: 'log' },
  predictedChange: {
    group: 'progress',
    log: 'symlog',
    startsLog: true,
    joint: { title: 'Predicted and actual change', symbol: 'q(Δ), Δf' },
  },
  actualChange: { group: 'progress', log: 'symlog', startsLog: true, lineOf: 'predictedChange' },
  updateNorm: {
    group: 'step',
    log: 'log',
    startsLog: true,
    joint: { title: 'Update norm', symbol: '‖Δθ‖, ‖Δθ‖_P' },
  },
  updateNormP: { group: 'step', log: 'log', startsLog: true, lineOf: 'updateNorm' },
  lr: { group: 'settings', log: 'log' },
  beta: { group: 'settings' },
  clipFactor: { group: 'settings', log: 'log' },
  lossScale: { group: 'settings', log: 'log', startsLog: true },
  underflow: { group: 'settings' },
  overflow: { group: 'settings' },
  params: { group: 'point' },
  grad: { group: 'point', log: 'symlog' },
  m: { group: 'moments', log: 'symlog' },
  momentum: { group: 'moments', log: 'symlog' },
  v: { group: 'moments', log: 'log', startsLog: true },
  vMax: { group: 'moments', log: 'log', startsLog: true },
  update: { group: 'step', log: 'symlog' },
  updateRatio: { group: 'step', log: 'log', startsLog: true, startsHidden: true },
  uncorrectedUpdate: { group: 'step', log: 'log', startsLog: true, startsHidden: true },
  rms: { group: 'moments', log: 'log', startsHidden: true },
  u: { group: 'moments', log: 'log', startsLog: true, startsHidden: true },
  sum: { group: 'moments', log: 'log', startsLog: true, startsHidden: true },
  gAvg: { group: 'moments', log: 'symlog', startsHidden: true },
  muProduct: { group: 'moments', log: 'log', startsLog: true, startsHidden: true },
  preconditioner: { group: 'divisor', log: 'log', startsLog: true, startsHidden: true },
  epsShare: { group: 'divisor', log: 'log', startsLog: true, startsHidden: true },
  fisher: { group: 'divisor', log: 'log', startsLog: true, startsHidden: true },
};

const order = Object.keys(rules) as readonly Quantity[];

/** A chart of a run: one quantity, or two that are compared. */
export interface RunChart {
  /** The quantity under which the settings of the chart are stored. */
  readonly id: Quantity;
  readonly title: string;
  readonly symbol: string;
  /** The meaning of every quantity in the chart. */
  readonly formula: string;
  /** The heading of the glossary that explains it. */
  readonly term: string;
  readonly group: ChartGroup;
  /** The first quantity is the chart's own; the others are additional lines. */
  readonly views: readonly QuantityView[];
  readonly log: LogKind | null;
  readonly startsLog: boolean;
  readonly startsHidden: boolean;
  /** The quantity that the toggle “uncorrected” adds; null for none. */
  readonly uncorrected: Quantity | null;
}

/** The charts of a run, for the quantities of its optimizers. */
export function chartsOf(quantities: readonly QuantityView[]): RunChart[] {
  const offered = new Map(quantities.map((view) => [view.quantity, view]));
  const homeOf = (quantity: Quantity): Quantity => {
    const { lineOf } = rules[quantity];
    return lineOf !== undefined && offered.has(lineOf) ? lineOf : quantity;
  };
  return order
    .filter((quantity) => offered.has(quantity) && homeOf(quantity) === quantity)
    .map((quantity) => {
      const lines = order.filter(
        (other) => other !== quantity && homeOf(other) === quantity && offered.has(other),
      );
      return chartOf(
        [quantity, ...lines].map((each) => offered.get(each)!),
        offered,
      );
    });
}

function chartOf(views: readonly QuantityView[], offered: ReadonlyMap<Quantity, QuantityView>): RunChart {
  const own = views[0]!;
  const rule = rules[own.quantity];
  const { title, symbol } = views.length > 1 && rule.joint !== undefined ? rule.joint : own;
  const { uncorrected } = rule;
  return {
    id: own.quantity,
    title,
    symbol,
    formula:
      views.length > 1 && rule.joint !== undefined
        ? views.map((view) => `${view.title} ${view.symbol}: ${view.formula}`).join('\n')
        : `${own.title} ${own.symbol}: ${own.formula}`,
    term: own.term,
    group: rule.group,
    views,
    log: rule.log ?? null,
    startsLog: rule.startsLog === true,
    startsHidden: rule.startsHidden === true,
    uncorrected: uncorrected !== undefined && offered.has(uncorrected) ? uncorrected : null,
  };
}
