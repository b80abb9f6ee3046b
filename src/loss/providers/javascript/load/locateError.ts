import { fileURLToPath, pathToFileURL } from 'node:url';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { SourceLocation } from '../../../../core/sourceLocation';
import { LineMap } from '../../../places/lineMap';
import type { Linked } from './link';
import type { LinkedModule } from './linkedModule';

interface Position {
  readonly line: number;
  readonly column: number;
}

/** `file:///a/b.mjs:3:7` or `/a/b.cjs:3:7`, at any position in a stack frame. */
const framePlace = /((?:file:\/\/|\/|[A-Za-z]:[\\/])[^\n()]*?\.[cm]js):(\d+):(\d+)/g;
/**
 * The number of characters to keep at each end of a long stack. The message may have any length; frames
 * follow it.
 */
const longestPart = 20_000;
/**
 * The text with which Node begins the stack of a link error: file and line, the text of the line, and a
 * caret.
 */
const linkPlace = /^((?:file:\/\/|\/|[A-Za-z]:[\\/])[^\n]*?\.[cm]js):(\d+)\n([^\n]*)\n(\s*)(\^+)/;

/**
 * The place in the user's source where an error was thrown: the place of the first stack frame in that
 * source. null if no frame is in it.
 */
export function locateError(error: unknown, linked: Pick<Linked, 'modules'>): SourceLocation | null {
  const stack = stackOf(error);
  if (stack === null) return null;
  const atLink = linkPlace.exec(stack);
  const places = atLink
    ? [[atLink[1]!, Number(atLink[2]), atLink[4]!.length + 1] as const]
    : [...stack.matchAll(framePlace)].map(
        (match) => [match[1]!, Number(match[2]), Number(match[3])] as const,
      );
  for (const [place, line, column] of places) {
    const module = moduleAt(place, linked);
    const position = module && originalPosition(module, { line, column });
    if (position) return locationAt(module, position);
  }
  return null;
}

/** Replaces the published files, lines and columns in a stack by those of the user's source. */
export function mapStack(stack: string, linked: Pick<Linked, 'modules'>): string {
  return stack.replace(framePlace, (whole, place: string, line: string, column: string) => {
    const module = moduleAt(place, linked);
    const position = module && originalPosition(module, { line: Number(line), column: Number(column) });
    if (!position) return whole;
    const file = place.startsWith('file:') ? pathToFileURL(module.file).href : module.file;
    return `${file}:${position.line}:${position.column}`;
  });
}

/** The stack of an error; null if there is none. The middle of a very long stack is left out. */
export function stackOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  try {
    const { stack } = error as { stack?: unknown };
    if (typeof stack !== 'string') return null;
    return stack.length <= 2 * longestPart ? stack : stack.slice(0, longestPart) + stack.slice(-longestPart);
  } catch {
    return null;
  }
}

function moduleAt(place: string, { modules }: Pick<Linked, 'modules'>): LinkedModule | null {
  try {
    return modules.get(place.startsWith('file:') ? fileURLToPath(place) : place) ?? null;
  } catch {
    return null;
  }
}

function originalPosition(module: LinkedModule, position: Position): Position | null {
  if (!module.map) return position;
  const map = new TraceMap({ ...module.map, sources: [...module.map.sources] });
  const { line, column } = originalPositionFor(map, { line: position.line, column: position.column - 1 });
  return line === null ? null : { line, column: column + 1 };
}

/** The range from the position to the end of the name, call target or token that begins there. */
function locationAt(module: LinkedModule, { line, column }: Position): SourceLocation {
  const lines = new LineMap(module.file, module.text);
  const from = lines.offset(line, column);
  const token =
    /^(?:(?:new|throw|await)\s+)*(?:[\p{ID_Start}$_#][\p{ID_Continue}$]*(?:\.[\p{ID_Continue}$]+)*|.)/u.exec(
      module.text.slice(from, from + 200),
    );
  return lines.location(from, from + (token?.[0].length ?? 1));
}
