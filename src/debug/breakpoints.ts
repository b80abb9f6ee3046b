import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { DiagnosisCode } from '../core/diagnosis/catalogue';
import { compileCondition } from '../core/expressions/compile';
import { compileLogText } from '../core/expressions/logText';
import type { ExpressionProblem } from '../core/expressions/problem';
import type { StepNames } from '../core/expressions/stepNames';
import type { SourceLocation } from '../core/sourceLocation';
import type { HitCount, Stop, Stops } from '../protocol/stops';
import type { LossPlaces } from './debugHost';

type Kind = 'source' | 'function' | 'data' | 'until';

/** A breakpoint that was set, with its stop if it can stop. */
interface SetBreakpoint {
  readonly kind: Kind;
  readonly shown: DebugProtocol.Breakpoint;
  readonly stop: Omit<Stop, 'seen'> | null;
}

/** The breakpoints of a session. Each kind is replaced as a whole, those on sources by file. */
export class Breakpoints {
  readonly #names: StepNames;
  readonly #places: LossPlaces | null;
  readonly #bySource = new Map<string, readonly SetBreakpoint[]>();
  readonly #byKind = new Map<Kind, readonly SetBreakpoint[]>();
  #codes: readonly DiagnosisCode[] = [];
  #next = 1;

  constructor(names: StepNames, places: LossPlaces | null) {
    this.#names = names;
    this.#places = places;
  }

  /** Those that stop or log, as they are now. */
  get stops(): readonly Omit<Stop, 'seen'>[] {
    return this.#all.flatMap(({ stop }) => stop ?? []);
  }

  /** @param seen  at how many steps so far the condition of a stop held; null: it is to be counted */
  asStops(seen: (stop: Omit<Stop, 'seen'>) => number | null): Stops {
    return { all: this.stops.map((stop) => ({ ...stop, seen: seen(stop) })), codes: this.#codes };
  }

  /** Only those that log, for a step that ends anyway. */
  asLogs(seen: (stop: Omit<Stop, 'seen'>) => number): Stops {
    const logs = this.stops.filter(({ log }) => log !== null);
    return { all: logs.map((stop) => ({ ...stop, seen: seen(stop) })), codes: [] };
  }

  get codes(): readonly DiagnosisCode[] {
    return this.#codes;
  }

  setCodes(codes: readonly DiagnosisCode[]): void {
    this.#codes = codes;
  }

  /** Breakpoints on the loss: on any line of its function. */
  setInSource(file: string, given: readonly DebugProtocol.SourceBreakpoint[]): DebugProtocol.Breakpoint[] {
    const places = this.#places;
    const place = placeOf(file);
    const set = given.map((each): SetBreakpoint => {
      const id = this.#next++;
      const refused = (message: string): SetBreakpoint => ({
        kind: 'source',
        shown: { id, verified: false, message, line: each.line },
        stop: null,
      });
      if (!places)
        return refused('A stored run has no lines to stop at: use a function breakpoint with a condition.');
      if (place !== placeOf(places.extent.file)) return refused('The debugged loss is not in this file.');
      if (!contains(places.extent, each.line))
        return refused(
          `No loss on this line. The debugged loss is on the lines ${places.extent.line} to ${places.extent.endLine}.`,
        );
      return this.#made('source', id, each.condition, each, { line: places.name.line });
    });
    this.#bySource.set(place, set);
    return set.map(({ shown }) => shown);
  }

  /** Breakpoints whose name is a condition over the quantities of a step. */
  setFunctions(given: readonly DebugProtocol.FunctionBreakpoint[]): DebugProtocol.Breakpoint[] {
    const set = given.map((each) => {
      const isBoth = each.condition?.trim() && each.name.trim();
      const condition = isBoth ? `(${each.name}) && (${each.condition})` : each.name;
      return this.#made('function', this.#next++, condition, each);
    });
    this.#byKind.set('function', set);
    return set.map(({ shown }) => shown);
  }

  /**
   * A condition to go on to, once.
   *
   * @returns what is wrong with it, if something is
   */
  setUntil(condition: string | null): string | null {
    const set = condition === null ? [] : [this.#made('until', this.#next++, condition, {})];
    this.#byKind.set('until', set);
    return set[0]?.shown.message ?? null;
  }

  /** Breakpoints on a quantity of a coordinate: `dataId` is their condition. */
  setData(given: readonly DebugProtocol.DataBreakpoint[]): DebugProtocol.Breakpoint[] {
    const set = given.map((each) => this.#made('data', this.#next++, each.condition || each.dataId, each));
    this.#byKind.set('data', set);
    return set.map(({ shown }) => shown);
  }

  kindOf(id: number): Kind | undefined {
    return this.#all.find(({ shown }) => shown.id === id)?.kind;
  }

  get #all(): readonly SetBreakpoint[] {
    return [...[...this.#bySource.values()].flat(), ...[...this.#byKind.values()].flat()];
  }

  #made(
    kind: Kind,
    id: number,
    text: string | undefined,
    given: { readonly hitCondition?: string; readonly logMessage?: string },
    more: Partial<DebugProtocol.Breakpoint> = {},
  ): SetBreakpoint {
    const refused = (message: string): SetBreakpoint => ({
      kind,
      shown: { id, verified: false, message, ...more },
      stop: null,
    });
    if (kind === 'function' && !text?.trim())
      return refused('A function breakpoint is a condition: write one as its name, such as loss < 1.');
    const condition = text?.trim() ? compileCondition(text, this.#names) : null;
    if (condition && 'problem' in condition) return refused(located(text!, condition.problem));
    const hits = readHitCount(given.hitCondition);
    if (typeof hits === 'string') return refused(hits);
    const log = given.logMessage ? compileLogText(given.logMessage, this.#names) : null;
    if (log && 'problem' in log) return refused(located(given.logMessage!, log.problem));
    return {
      kind,
      shown: { id, verified: true, ...more },
      stop: { id, condition: condition?.expression ?? null, hits, log: log?.log ?? null },
    };
  }
}

/** The same text for all names of a file, also for those through links. */
function placeOf(file: string): string {
  const isCaseless = process.platform === 'win32' || process.platform === 'darwin';
  const place = realPath(path.normalize(file));
  return isCaseless ? place.toLowerCase() : place;
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    // The file may have been deleted since the run started.
    return file;
  }
}

function contains({ line, endLine }: SourceLocation, wanted: number): boolean {
  return wanted >= line && wanted <= endLine;
}

/** The most characters of a text that a problem repeats. */
const mostShown = 40;

/** "unknown name lossy (at “lossy”): …" with the part of the text that is wrong. */
export function located(text: string, { message, from, to }: ExpressionProblem): string {
  const whole = text.slice(from, to);
  const part = whole.length > mostShown ? `${whole.slice(0, mostShown - 1)}…` : whole;
  return part.trim() === ''
    ? `${message} (at character ${from + 1})`
    : `${message} (at “${part}”, character ${from + 1})`;
}

/** "5", ">= 5", "% 100" */
export function readHitCount(text: string | undefined): HitCount | null | string {
  if (!text?.trim()) return null;
  const [, operator = '>=', count] = /^\s*(==|=|>=|>|<=|<|%)?\s*(\d+)\s*$/.exec(text) ?? [];
  if (count === undefined || Number(count) < 1)
    return `The hit count ${text.trim()} is wrong: write a number such as 5, or == 5, > 5, % 100.`;
  return { operator: (operator === '=' ? '==' : operator) as HitCount['operator'], count: Number(count) };
}
