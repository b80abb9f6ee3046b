import { essentials } from '../../config/resolve';
import type { RunConfig, RunConfigPatch } from '../../config/runConfig';
import type { NameOf } from '../../coordinates/coordinateNames';
import { formatNumber } from '../../numerics/format';
import { dialectsOf } from '../../optimizers/dialects';
import { optimizers } from '../../optimizers/registry';
import { layoutOf, recordLength, writeRecord } from '../../trace/layout';
import type { CoordinateQuantity } from '../../trace/names';
import { Quantities } from '../../trace/quantities';
import type { RowValue } from '../../trace/trace';
import type { StepView } from '../../update';
import { changed, type RecordedRun, type RunSetting, recordRun } from '../recordedRun';
import type { Report, ReportRow } from '../report';
import { line, lossChart } from './curves';

/**
 * In the order in which an optimizer computes them: the first one that differs causes the other differences.
 */
const compared: readonly CoordinateQuantity[] = [
  'm',
  'v',
  'vMax',
  'mHat',
  'vHat',
  'preconditioner',
  'effectiveLr',
  'update',
  'params',
];

/**
 * Two values are equal if they differ by at most this share of the quantity's largest value so far. The
 * rounding errors of one step are about 1e-15, and 1000 steps of a stable run amplify them by less than a
 * million.
 */
const tolerance = 1e-9;

/** The first difference between the run of a dialect and that of torch. */
export interface Parting {
  readonly t: number;
  readonly quantity: CoordinateQuantity;
  readonly coordinate: number;
  readonly torch: number;
  readonly dialect: number;
}

export interface DialectRun {
  readonly name: string;
  /** The options whose values differ from torch's: [option, torch's value, the dialect's value]. */
  readonly differing: readonly (readonly [option: string, torch: unknown, own: unknown])[];
  /** null if the dialect does not support the configuration; `reason` then says why. */
  readonly run: RecordedRun | null;
  readonly reason: string;
  /** null if the run is the same as torch's. */
  readonly parting: Parting | null;
  /** Pairs of t and the largest abs(params − params of torch). */
  readonly distance: Float64Array;
}

/**
 * Runs one configuration in every dialect of its optimizer. Options that the user set keep their values; an
 * option that is at torch's default takes the default of the dialect.
 */
export async function compareDialects(
  setting: RunSetting,
  config: RunConfig,
): Promise<readonly DialectRun[]> {
  const names = dialectsOf(config.optimizer.name);
  const own = essentials(config).optimizer ?? {};
  let reference: Recording | null = null;
  let torch: RunConfig | null = null;
  const runs: DialectRun[] = [];
  for (const [i, name] of names.entries()) {
    const { dialect: _, ...options } = own;
    const asked = changed(config, {
      optimizer: {
        ...blank(config),
        ...options,
        ...(names.length > 1 ? { dialect: name } : {}),
      },
    });
    if (!asked) {
      runs.push({ name, differing: [], run: null, reason: reasonOf(config, name), ...nothing });
      continue;
    }
    torch ??= asked;
    const recording: Recording = new Recording(asked, setting.start, reference);
    const run = await recordRun(setting, asked, [i, names.length], (step) => recording.take(step));
    reference ??= recording;
    const distance = Float64Array.from(recording.distance);
    const differing = differences(torch, asked);
    runs.push({ name, differing, run, reason: '', parting: recording.parting, distance });
  }
  return runs;
}

const nothing = { parting: null, distance: new Float64Array(0) };

/** A patch that resets the optimizer's options, so that the defaults of a dialect apply. */
function blank({ optimizer }: RunConfig): Record<string, null> {
  return Object.fromEntries(Object.keys(optimizer).flatMap((key) => (key === 'name' ? [] : [[key, null]])));
}

function reasonOf({ optimizer }: RunConfig, dialect: string): string {
  const definition = optimizers[optimizer.name];
  return (
    definition.conflict?.({ ...optimizer, dialect } as never)?.message ?? 'not available with these options'
  );
}

function differences(torch: RunConfig, own: RunConfig): DialectRun['differing'] {
  return Object.keys(torch.optimizer)
    .filter((key) => key !== 'dialect' && torch.optimizer[key] !== own.optimizer[key])
    .map((key) => [key, torch.optimizer[key], own.optimizer[key]] as const);
}

/**
 * Records the compared quantities of a run at every step, and compares them with those of a reference run.
 */
class Recording {
  parting: Parting | null = null;
  readonly distance: number[] = [];
  /** The values of the compared quantities, one array per step. */
  readonly steps: Float64Array[] = [];
  readonly #reference: Recording | null;
  readonly #layout;
  /** One reader for each quantity and coordinate; null if the run does not have the quantity. */
  readonly #readers: readonly (RowValue | null)[];
  readonly #row: Float64Array;
  /** The largest absolute value of each quantity and coordinate in the reference so far. */
  readonly #largest: Float64Array;

  constructor(config: RunConfig, start: Float64Array, reference: Recording | null) {
    // The budget limits the number of coordinates, so that a recording takes at most a few dozen megabytes.
    this.#layout = layoutOf(config, start.length, 2 ** 24);
    const quantities = new Quantities(this.#layout, config);
    this.#readers = compared.flatMap((quantity) =>
      this.#layout.coordinates.map((_, k) =>
        quantities.has(quantity) ? quantities.reader(quantity, k) : null,
      ),
    );
    this.#row = new Float64Array(recordLength(this.#layout));
    this.#reference = reference;
    this.#largest = new Float64Array(this.#readers.length);
  }

  take(step: StepView): void {
    writeRecord(this.#layout, step, this.#row, 0);
    const values = Float64Array.from(this.#readers, (read) => (read ? read(this.#row, 0) : Number.NaN));
    if (!this.#reference) this.steps.push(values);
    else this.#compare(step.t, values, this.#reference.steps[step.t - 1]);
  }

  #compare(t: number, own: Float64Array, torch: Float64Array | undefined): void {
    if (!torch) return;
    const { coordinates } = this.#layout;
    let furthest = 0;
    compared.forEach((quantity, q) => {
      for (let k = 0; k < coordinates.length; k++) {
        const place = q * coordinates.length + k;
        const [a, b] = [own[place]!, torch[place]!];
        const largest = Math.max(this.#largest[place]!, Math.abs(b) || 0);
        this.#largest[place] = largest;
        if (quantity === 'params') furthest = Math.max(furthest, Math.abs(a - b));
        const isSame = Math.abs(a - b) <= tolerance * largest || Object.is(a, b);
        if (!isSame && !Number.isNaN(a) && !Number.isNaN(b))
          this.parting ??= { t, quantity, coordinate: coordinates[k]!, torch: b, dialect: a };
      }
    });
    this.distance.push(t, furthest);
  }
}

/** @param nameOf  of the coordinates */
export function dialectsReport(config: RunConfig, runs: readonly DialectRun[], nameOf: NameOf): Report {
  const done = runs.flatMap((each) => (each.run ? [{ ...each, run: each.run }] : []));
  const parted = done.filter(({ parting }) => parting !== null);
  return {
    title: 'Compare dialects',
    summary: summaryOf(config, done, parted, nameOf),
    charts: [
      lossChart(done.map(({ name, run }) => ({ name, run }))),
      {
        title: 'Distance from torch',
        x: { title: 'step', log: false },
        y: { title: 'largest |θ − torch’s θ|', log: true },
        lines: parted.map(({ name, distance }) => line(name, distance)),
        marks: [],
      },
    ].filter(({ lines }) => lines.length > 0),
    tables: [
      {
        title: `Dialects of ${config.optimizer.name}`,
        columns: [
          { title: 'dialect', isNumber: false },
          { title: 'defaults of the dialect', isNumber: false },
          { title: 'differs from step', isNumber: true },
          { title: 'first in', isNumber: false },
          { title: 'value in torch', isNumber: true },
          { title: 'value in dialect', isNumber: true },
          { title: 'final loss', isNumber: true },
        ],
        rows: runs.map((each) => row(each, nameOf)),
      },
    ],
    notes: [
      `A dialect differs from torch at the first step where a value differs by more than ${formatNumber(tolerance)} times the largest value of that quantity so far. If several quantities differ at that step, the one that the optimizer computes first is named.`,
      'Options that are set apply to all dialects. Options that are at torch’s defaults take the defaults of each dialect.',
    ],
  };
}

function summaryOf(
  config: RunConfig,
  done: readonly DialectRun[],
  parted: readonly DialectRun[],
  nameOf: NameOf,
): string {
  const { name } = config.optimizer;
  if (done.length <= 1) return `${name} is the same in all dialects that Adamscope knows.`;
  if (parted.length === 0) return `All ${done.length} dialects of ${name} give the same run on this loss.`;
  const first = parted.reduce((a, b) => (b.parting!.t < a.parting!.t ? b : a));
  const { t, quantity, coordinate } = first.parting!;
  const same = done.filter((each) => each.parting === null && each.name !== 'torch').map((each) => each.name);
  const rest =
    same.length > 0
      ? ` ${same.join(' and ')} give${same.length === 1 ? 's' : ''} the same run as torch.`
      : '';
  return `${first.name} is the first to differ from torch: at step ${t}, in ${quantity} of ${nameOf(coordinate)}.${rest}`;
}

function row({ name, differing, run, reason, parting }: DialectRun, nameOf: NameOf): ReportRow {
  const options = differing.map(([option, , own]) => `${option} ${show(own)}`).join(', ');
  const blank = ['', '', '', ''];
  if (!run) return { cells: [name, reason, ...blank, ''], verdict: 'not applicable', patch: null };
  const where = parting
    ? [
        String(parting.t),
        `${parting.quantity} of ${nameOf(parting.coordinate)}`,
        ...[parting.torch, parting.dialect].map((value) => formatNumber(value, digitsApart(parting))),
      ]
    : name === 'torch'
      ? blank
      : ['never', '', '', ''];
  const patch: RunConfigPatch | null =
    name === 'torch'
      ? null
      : { optimizer: { dialect: name, ...Object.fromEntries(differing.map(([option]) => [option, null])) } };
  return { cells: [name, options, ...where, formatNumber(run.outcome.final.loss, 6)], verdict: null, patch };
}

/** The number of significant digits at which the two values look different. */
function digitsApart({ torch, dialect }: Parting): number {
  const relative = Math.abs(torch - dialect) / Math.max(Math.abs(torch), Math.abs(dialect));
  return Math.min(16, Math.max(4, 2 + Math.ceil(-Math.log10(relative))));
}

function show(value: unknown): string {
  return typeof value === 'number' ? formatNumber(value) : String(value);
}
