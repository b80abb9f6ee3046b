import path from 'node:path';
import { Source, StackFrame } from '@vscode/debugadapter';
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { SourceLocation } from '../core/sourceLocation';
import type { DebuggedRun } from './debugHost';

const stepFrame = 1;
export const evaluationFrame = 2;

/** The frames of a place in a run: the step of the optimizer, then the evaluation of the loss. @param t  0: before the first step */
export function framesOf(
  { run, places, order, shownFile }: DebuggedRun,
  t: number,
): DebugProtocol.StackFrame[] {
  const { record } = run;
  const frame = (id: number, name: string, { file, line, column }: SourceLocation) => {
    if (order !== null) return new StackFrame(id, name, new Source(path.basename(file), file), line, column);
    // The source of a stored run may have changed. VS Code shows the variables of a frame only if it has some source.
    const source = shownFile === undefined ? undefined : new Source(path.basename(shownFile), shownFile);
    return new StackFrame(id, name, source, 1, 1);
  };
  const name = places?.name ?? record.source.location;
  const optimizer = places?.optimizer ?? name;
  const where = t === 0 ? 'before the first step' : `step ${t}`;
  return [
    frame(stepFrame, `${run.title}, ${where}`, optimizer),
    ...(t > 0 ? [frame(evaluationFrame, `${record.source.lossName}, evaluation of step ${t}`, name)] : []),
  ];
}
