import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Command, Option } from 'commander';
import type { PythonInterpreter } from '../loss/source';
import { BadInput } from './badInput';

/** Chooses the interpreter for Python losses. Without it, the one of the project is searched for. */
export const pythonOption = () =>
  new Option('--python <path>', 'interpreter for Python losses (default: that of the project)').env(
    'ADAMSCOPE_PYTHON',
  );

let chosen: PythonInterpreter | null = null;

/** The interpreter that the command line names; null if it names none. */
export function chosenPython(): PythonInterpreter | null {
  return chosen;
}

/**
 * Keeps the interpreter that a command names.
 *
 * @throws BadInput if there is no such file
 */
export function choosePython(command: Command): void {
  const { python } = command.opts<{ python?: string }>();
  if (python === undefined) return;
  const isPath = python.includes('/') || python.includes(path.sep);
  if (isPath && !existsSync(python)) throw new BadInput(`there is no Python interpreter ${python}`);
  const isFlag = command.getOptionValueSource('python') === 'cli';
  chosen = {
    path: isPath ? path.resolve(python) : python,
    foundBy: isFlag ? '--python' : 'ADAMSCOPE_PYTHON',
  };
}
