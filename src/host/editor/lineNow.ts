import type { SourceLocation } from '../../core/sourceLocation';

/**
 * Finds a line of an earlier text in the current one: at its place, or where lines above it were added or removed. The range covers the
 * line without its indentation.
 *
 * @returns null if the line has changed
 */
export function lineNow(location: SourceLocation, before: string, now: string): SourceLocation | null {
  const [old, lines] = [linesOf(before), linesOf(now)];
  const wanted = old[location.line - 1];
  if (wanted === undefined || wanted.trim() === '') return null;
  const index = indexNow(location.line - 1, old, lines);
  if (index === null) return null;
  const text = lines[index]!;
  const column = text.length - text.trimStart().length + 1;
  return {
    file: location.file,
    line: index + 1,
    column,
    endLine: index + 1,
    endColumn: text.trimEnd().length + 1,
  };
}

function linesOf(text: string): string[] {
  return text.split(/\r?\n/);
}

/** Where equal lines occur several times, it is the one with the same number of them before it, as long as their number is the same. */
function indexNow(index: number, old: readonly string[], now: readonly string[]): number | null {
  const wanted = old[index]!.trim();
  const places = (lines: readonly string[]) => [...lines.keys()].filter((i) => lines[i]!.trim() === wanted);
  const [then, today] = [places(old), places(now)];
  if (then.length === today.length) return today[then.indexOf(index)]!;
  return now[index]?.trim() === wanted ? index : null;
}
