import path from 'node:path';
import { lineInWords, type SourceLocation } from '../core/sourceLocation';

export interface CommandProperties {
  readonly title: string;
  /** The place of the annotation; null for an annotation without a place. */
  readonly location: SourceLocation | null;
}

/**
 * The workflow command by which GitHub's runner creates an annotation from the output of a step:
 *
 *     ::error file=src/fit.ts,line=3,endLine=3,col=5,endColumn=9,title=divergence::The loss …
 *
 * A command is one line, so % and line breaks are escaped. In properties, `:` and `,` are escaped too.
 * Columns are allowed only if the place is within one line.
 */
export function workflowCommand(
  command: 'error' | 'warning' | 'notice',
  { title, location }: CommandProperties,
  message: string,
): string {
  const inCell = location?.cell === undefined ? '' : `, ${lineInWords(location)}`;
  const properties = Object.entries({ ...(location ? placeOf(location) : {}), title: title + inCell })
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`)
    .join(',');
  return `::${command} ${properties}::${escapeData(message)}`;
}

function placeOf({
  file,
  cell,
  line,
  column,
  endLine,
  endColumn,
}: SourceLocation): Record<string, string | number> {
  // The runner counts the lines of the file, which are not those of a cell.
  if (cell !== undefined) return { file: fromRoot(file) };
  const lines = { file: fromRoot(file), line, endLine };
  return line === endLine ? { ...lines, col: column, endColumn } : lines;
}

/**
 * The path relative to the checkout, as the runner requires. The working directory of a step may be a
 * subfolder.
 */
function fromRoot(file: string): string {
  const root = process.env.GITHUB_WORKSPACE;
  const below = path.relative(root || process.cwd(), file);
  const isBelow = !below.startsWith('..') && !path.isAbsolute(below);
  return (isBelow ? below : path.relative(process.cwd(), file)).split(path.sep).join('/');
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
