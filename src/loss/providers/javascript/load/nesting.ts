import type { Program } from '@babel/types';
import type { SourceProblem } from '../../../problem';
import type { ModuleText } from './moduleText';

/** Whether an error is a stack overflow, which deeply nested code causes. */
export function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && /call stack/i.test(error.message);
}

/**
 * The problem of a module that is nested too deeply. Its place is the longest statement, which is the most
 * likely one, or the start of the module if it was not parsed.
 */
export function nestingProblem(
  { source, program }: { readonly source: ModuleText; readonly program: Program | null },
  code: 'too-deep' | 'no-exact-gradient',
): SourceProblem {
  let [from, to] = [0, 0];
  for (const { start, end } of program?.body ?? [])
    if (end! - start! > to - from) [from, to] = [start!, end!];
  const location = source.location(from, Math.min(to, endOfLine(source.text, from)));
  return code === 'too-deep'
    ? { code, severity: 'error', message: 'this is nested too deeply to be loaded', location }
    : { code, severity: 'warning', message: 'this is nested too deeply to be differentiated', location };
}

function endOfLine(text: string, from: number): number {
  const at = text.slice(from).search(/[\r\n]/);
  return at < 0 ? text.length : from + at;
}
