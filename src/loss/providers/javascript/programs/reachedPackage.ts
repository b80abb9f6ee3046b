import { fileURLToPath } from 'node:url';
import type { Refusal } from '../../../../autodiff/refusal';
import { stackOf } from '../load/locateError';
import { type InstalledPackage, installedPackageOf, realPath } from '../load/packages/installedPackage';
import { functionFile } from './functionFile';

/**
 * The package whose code a traced value reached, so that the evaluation was refused: that of the function
 * that was called. If no function was called, that whose code used the value. null if the refusal has another
 * cause.
 */
export function reachedPackage(refusal: Refusal): InstalledPackage | null {
  const file = refusal.callee ? functionFile(refusal.callee) : usingFile(refusal);
  return file === null ? null : installedPackageOf(realPath(file));
}

const framePlace = /((?:file:\/\/|\/|[A-Za-z]:[\\/])[^\n()]*?):(\d+):\d+\)?$/;

interface Frame {
  readonly file: string;
  readonly line: number;
}

/** The file of the innermost stack frame that is not ours. */
function usingFile(refusal: Refusal): string | null {
  // An error that only the rewritten program throws may come from code that got a traced value.
  const { cause } = refusal;
  return framesBelowOurs(cause instanceof Error ? cause : refusal)[0]?.file ?? null;
}

/** The stack frames of the user's code and of packages, innermost first. */
export function framesBelowOurs(error: Error): readonly Frame[] {
  const own = framesOf(new Error('own'))[0]?.file;
  const frames = framesOf(error);
  const first = frames.findIndex(({ file }) => file !== own);
  return first < 0 ? [] : frames.slice(first);
}

function framesOf(error: Error): Frame[] {
  const lines = stackOf(error)?.split('\n') ?? [];
  return lines.flatMap((text) => {
    const [, file, line] = (/^\s+at /.test(text) && framePlace.exec(text)) || [];
    return file === undefined
      ? []
      : [{ file: file.startsWith('file:') ? fileURLToPath(file) : file, line: Number(line) }];
  });
}
