/**
 * A source range, 1-based, end exclusive. `file` is an absolute path inside the product, and a relative path
 * in output.
 */
export interface SourceLocation {
  readonly file: string;
  /** The cell of a notebook, in whose text the lines are counted. All cells count, the first one is 1. Absent in other files. */
  readonly cell?: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Line {
  readonly cell?: number | undefined;
  readonly line: number;
}

/** The line of a place, with its cell in a notebook. */
export function lineOf({ cell, line }: SourceLocation): Pick<SourceLocation, 'cell' | 'line'> {
  return cell === undefined ? { line } : { cell, line };
}

/** A line after the name of its file, in the notation of ruff: "12", in a notebook "cell 3:2". */
export function lineAfterFile({ cell, line }: Line): string {
  return cell === undefined ? String(line) : `cell ${cell}:${line}`;
}

/** A line in a sentence: "line 12", "cell 3, line 2". */
export function lineInWords({ cell, line }: Line): string {
  return cell === undefined ? `line ${line}` : `cell ${cell}, line ${line}`;
}

/** The order of two lines of one file. */
export function compareLines(one: Line, other: Line): number {
  return (one.cell ?? 0) - (other.cell ?? 0) || one.line - other.line;
}
