import { shownText } from '../../../core/shownText';
import { type LossProblem, type ProblemCode, problemCodes } from '../../problem';
import type { PythonInterpreter, PythonSource } from '../../source';
import { problemOf, type ThrownPlace } from '../thrown';
import { installing } from './installing';
import { BridgeError } from './process/bridgeProcess';

/** The Python process ended during a call. Its message is a sentence for the user. */
export class ProcessEnded extends Error {
  readonly code: ProblemCode;
  readonly place: ThrownPlace;
  constructor(code: ProblemCode, message: string, place: ThrownPlace) {
    super(message);
    this.code = code;
    this.place = place;
  }
}

/** The place in the user's source that an error of the bridge names; null if it names none. */
export function placeOfError(error: unknown): ThrownPlace {
  if (error instanceof ProcessEnded) return error.place;
  if (!(error instanceof BridgeError)) return null;
  const { place, stack } = error.failure;
  return place && { location: place, ...(stack === '' ? {} : { stack: shownText(stack) }) };
}

/** Converts an error of an evaluation to a problem at its place. @param step  the step in progress, if any */
export function problemOfError(error: unknown, source: PythonSource, step?: number): LossProblem {
  const place = placeOfError(error);
  if (error instanceof ProcessEnded)
    return { code: error.code, severity: 'error', message: error.message, ...(place ?? source) };
  if (!(error instanceof BridgeError)) return problemOf(error, source, place, step);
  const { code, message, stack } = error.failure;
  const at = step === undefined ? '' : ` at step ${step}`;
  const shown = shownText(message);
  return {
    severity: 'error',
    ...(isProblemCode(code)
      ? { code, message: `${shown}${at && ` (${at.trim()})`}` }
      : { code: 'loss-threw', message: `${source.lossName} failed${at}: ${shown}` }),
    location: place?.location ?? source.location,
    ...(stack === '' ? {} : { stack: shownText(stack) }),
  };
}

/** Converts an error of the import of the user's modules to a problem at its place. */
export function problemOfImport(
  error: BridgeError,
  source: PythonSource,
  { path, foundBy }: PythonInterpreter,
): LossProblem {
  const { code, message, stack, missing } = error.failure;
  const place = placeOfError(error);
  const hint = missing
    ? `; to install it for this interpreter (${foundBy}), run ${installing(missing.module, missing.executable || path)}, or select an interpreter that has it`
    : '';
  return {
    severity: 'error',
    ...(isProblemCode(code)
      ? { code, message: `${shownText(message)}${hint}` }
      : {
          code: 'import-threw' as const,
          message: `the module could not be loaded: ${shownText(message)}${hint}`,
        }),
    location: place?.location ?? source.location,
    ...(stack === '' ? {} : { stack: shownText(stack) }),
  };
}

/** Waits until a process that answers no more has ended, and says why. */
export async function processEnded(
  source: PythonSource,
  causeOfEnd: () => Promise<{ words: string; report: string; isKilled: boolean }>,
): Promise<ProcessEnded> {
  const { words, report, isKilled } = await causeOfEnd();
  if (isKilled)
    return new ProcessEnded(
      'out-of-memory',
      `the Python process of ${source.lossName} was ended by the system, likely because the machine ran out of memory`,
      null,
    );
  return new ProcessEnded(
    'worker-crashed',
    `the Python process that runs ${source.lossName} ended: ${words}`,
    placeInReport(report, source),
  );
}

/** The innermost line of the loss's file in the report of a crash. */
function placeInReport(report: string, source: PythonSource): ThrownPlace {
  for (const [, file, cell, line] of report.matchAll(/^ {2}File "(.*?)(?::cell (\d+))?", line (\d+)/gm)) {
    if (file !== source.file) continue;
    const at = Number(line);
    const inCell = cell === undefined ? {} : { cell: Number(cell) };
    return {
      location: { file, ...inCell, line: at, column: 1, endLine: at, endColumn: 1000 },
      stack: shownText(report),
    };
  }
  return null;
}

function isProblemCode(code: string | null): code is ProblemCode {
  return code !== null && (problemCodes as readonly string[]).includes(code);
}

export function isRefusal(error: unknown): error is BridgeError {
  return error instanceof BridgeError && error.failure.code === 'no-exact-gradient';
}
