import { isSound, type NonFiniteOperation } from '../../../../../autodiff/checking';
import type { DatumOrigin } from '../../../../../core/diagnosis/finding';
import type { OpenContext } from '../../../../../core/objective';
import { atBorders, type DataCell, type Suspects } from './dataCells';
import type { DataProgram, LoadProgram } from './dataProgram';
import { FaultySearch } from './faultySearch';

/** The maximum number of times that the program is loaded. */
const mostLoads = 16;
/** The maximum number of evaluations with changed data of one loaded program. */
const mostEvaluations = 400;
/** The maximum number of samples that are evaluated alone. */
const mostSamples = 512;
/** The expressions of one statement that are tried as the cause of a value that it computed. */
const mostExpressions = 4;
/** How far parameters are displaced, relative to their size, or to 1. */
const displacements = [1e-3, -1e-3, 0.1, -0.1];

/**
 * Finds out by experiments whether a loss is not finite because of its data. In a program whose faulty data are replaced by
 * finite numbers, the loss must be finite. A datum is to blame if the loss is not finite with this one left as it is.
 * A value that was computed from a faulty one is finite in such a program, so only first causes remain.
 *
 * @param load  loads a new instance of the program
 * @returns null if the data are not the cause, or the cause is out of reach
 */
export async function dataCause(
  load: LoadProgram,
  params: Float64Array,
  open: OpenContext,
): Promise<DatumOrigin | null> {
  return new Inquiry(load, params, open, 'not-finite').run();
}

/**
 * The same for a loss that divides by 0 or leaves a domain: whether it does so because of a finite datum (an exposure of 0, a
 * weight 1/0, log(0) of a count), whatever the parameters are. That is proved at displaced parameters: where the loss is finite at one of
 * them, the parameters are to blame, too.
 *
 * @returns null if the data are not the cause, or the cause is out of reach
 */
export async function borderCause(
  load: LoadProgram,
  params: Float64Array,
  open: OpenContext,
): Promise<DatumOrigin | null> {
  for (const suspects of atBorders) {
    const cause = await new Inquiry(load, params, open, suspects).run();
    if (cause) return cause;
  }
  return null;
}

class Inquiry {
  readonly #load: LoadProgram;
  readonly #params: Float64Array;
  readonly #open: OpenContext;
  readonly #suspects: Suspects;
  #loads = 0;

  constructor(load: LoadProgram, params: Float64Array, open: OpenContext, suspects: Suspects) {
    this.#load = load;
    this.#params = params;
    this.#open = open;
    this.#suspects = suspects;
  }

  get #isAtBorder(): boolean {
    return this.#suspects !== 'not-finite';
  }

  async run(): Promise<DatumOrigin | null> {
    const repaired =
      (await this.#finiteProgram(false)) ?? (this.#isAtBorder ? null : await this.#finiteProgram(true));
    if (!repaired) return null;
    const { program, roots } = repaired;
    if (this.#isAtBorder && !(await this.#isAtAllParameters())) return null;
    const direct = new FaultySearch<DataCell>(mostEvaluations, async (cells) => {
      for (const cell of cells) cell.restore();
      try {
        return !Number.isFinite(await this.#valueOf(program));
      } finally {
        for (const cell of cells) cell.repair();
      }
    });
    const read = await direct.search(roots);
    const isRoot = keysOf(roots);
    const rest = roots.filter((cell) => !read.includes(cell));
    // Used only by code that ran at load: each experiment needs a new instance.
    const atLoad = new FaultySearch<DataCell>(mostLoads - this.#loads, async (cells) => {
      const left = new Set(cells.map(({ key }) => key));
      const other = await this.#start(({ key }) => !left.has(key) && isRoot(key));
      return !Number.isFinite(await this.#valueOf(other));
    });
    const used = await atLoad.search(rest);
    const all = roots.filter((cell) => read.includes(cell) || used.includes(cell));
    const first = all[0];
    if (!first) return null;
    const isCounted = direct.isComplete && atLoad.isComplete;
    const isRead = read.includes(first);
    const made = await this.#maker(first, repaired);
    const entry = made ?? (await this.#entry(first, repaired, isRead));
    if (entry === 'other-cause') return null;
    const place = entry && program.placeOf(entry.site);
    const variable = program.placeOf(first.site);
    if (!variable) return null;
    return {
      kind: 'non-finite-datum',
      ...(place ?? variable),
      role: place ? (made ? 'made-by' : 'enters-in') : 'variable',
      inputs:
        place && made ? made.inputs.map((input) => (typeof input === 'number' ? input : String(input))) : [],
      datum: first.name,
      variable: variable.location,
      value: first.value,
      others: all.length - 1,
      isCounted,
      sample: await this.#sample(first, repaired, isRead),
    };
  }

  /** Whether the loss with its own data is not finite at displaced parameters either. */
  async #isAtAllParameters(): Promise<boolean> {
    const program = await this.#start(() => false);
    for (const by of displacements) {
      const displaced = this.#params.map((theta) => theta + by * Math.max(Math.abs(theta), 1));
      if (Number.isFinite(await this.#valueOf(program, this.#open, displaced))) return false;
    }
    return true;
  }

  /** An instance whose faulty data are repaired, if its loss is finite then. */
  async #finiteProgram(withInfinite: boolean): Promise<Repaired | null> {
    const program = await this.#start(({ fault }) => withInfinite || fault !== 'infinite');
    const roots = program.repaired;
    if (roots.length === 0) return null;
    const { value, nonFinite } = await program.checkedValue(this.#params, this.#open);
    if (!Number.isFinite(value)) return null;
    return { program, roots, usual: new Set([...program.atLoad, ...nonFinite].map(({ site }) => site)) };
  }

  /** The expression that computed the value of a datum at load; null if it was not computed. */
  async #maker(first: DataCell, { program, roots }: Repaired): Promise<NonFiniteOperation | null> {
    const step = program.stepOf(first);
    const isSibling = keysOf(roots.filter((cell) => program.stepOf(cell) === step));
    const isRoot = keysOf(roots);
    const seen = new Set<number>();
    for (const operation of step.operations) {
      const { site, inputs } = operation;
      if (inputs.length === 0 || !inputs.every(isSound) || seen.has(site) || !program.placeOf(site)) continue;
      seen.add(site);
      if (seen.size > mostExpressions || this.#loads >= mostLoads + mostExpressions) return null;
      // With this expression repaired instead of what the statement computed, the datum must be finite.
      const other = await this.#start(({ key }) => !isSibling(key) && isRoot(key), site);
      if (!other.faulty.has(first.key) && Number.isFinite(await this.#valueOf(other))) return operation;
    }
    return null;
  }

  /**
   * The first operation that is not finite because of a datum; null if no operation is recorded.
   *
   * @returns other-cause if the datum is not one of its operands. The number that replaced the datum then only kept the
   *   loss from a point where it is not finite: an infinite limit did not.
   */
  async #entry(
    first: DataCell,
    repaired: Repaired,
    isRead: boolean,
  ): Promise<NonFiniteOperation | null | 'other-cause'> {
    const { program, usual } = repaired;
    const operations = await this.#operationsWith(first, repaired, isRead);
    const unusual = operations.filter(({ site }) => !usual.has(site) && program.placeOf(site) !== null);
    if (unusual.length === 0) return first.fault === 'not-a-number' ? null : 'other-cause';
    const { site } = unusual[0]!;
    if (this.#isAtBorder) return unusual[0]!;
    const takes = ({ inputs }: NonFiniteOperation) => inputs.some((input) => Object.is(input, first.content));
    return unusual.find((operation) => operation.site === site && takes(operation)) ?? 'other-cause';
  }

  /** The operations with non-finite results if one datum is left as it is. */
  async #operationsWith(
    first: DataCell,
    { program, roots }: Repaired,
    isRead: boolean,
  ): Promise<readonly NonFiniteOperation[]> {
    if (!isRead) {
      const isRoot = keysOf(roots);
      const other = await this.#start(({ key }) => key !== first.key && isRoot(key));
      const { nonFinite } = await other.checkedValue(this.#params, this.#open);
      return [...other.atLoad, ...nonFinite];
    }
    first.restore();
    try {
      return (await program.checkedValue(this.#params, this.#open)).nonFinite;
    } finally {
      first.repair();
    }
  }

  /** The sample that contains a datum: the loss of this sample alone is not finite. */
  async #sample(first: DataCell, { program }: Repaired, isRead: boolean): Promise<number | null> {
    const { indices } = this.#open();
    if (indices.length === 0 || indices.length > mostSamples || !isRead) return null;
    first.restore();
    try {
      for (const index of indices) {
        const alone = () => ({ ...this.#open(), indices: Object.freeze([index]) });
        if (!Number.isFinite(await this.#valueOf(program, alone))) return index;
      }
      return null;
    } finally {
      first.repair();
    }
  }

  #start(isRepaired: (cell: DataCell) => boolean, repairedSite: number | null = null): Promise<DataProgram> {
    this.#loads++;
    return this.#load(isRepaired, repairedSite, this.#suspects);
  }

  async #valueOf(program: DataProgram, open = this.#open, params = this.#params): Promise<number> {
    try {
      return await program.value(params, open);
    } catch {
      return Number.NaN;
    }
  }
}

interface Repaired {
  readonly program: DataProgram;
  /** The faulty data that were not computed from others, in the order in which they were found. */
  readonly roots: readonly DataCell[];
  /** The places with non-finite results that do no harm. */
  readonly usual: ReadonlySet<number>;
}

function keysOf(cells: readonly DataCell[]): (key: string) => boolean {
  const keys = new Set(cells.map(({ key }) => key));
  return (key) => keys.has(key);
}
