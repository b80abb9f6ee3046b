import type { Frame, RunView } from '../../src/protocol/panel';
import { divergenceByLoss, lossMultiple } from '../charts/contourBox';
import { shortNumber, stepText } from '../numberText';
import { nameIn } from '../state/coordinateNames';

/** Where the path of a run with two coordinates begins and ends. */
export function pathSummary(run: RunView, frame: Frame | null): string {
  const path = frame?.path ?? new Float64Array();
  const [x, y] = [nameIn(run, 0), nameIn(run, 1)];
  if (path.length < 2) return 'Waiting for the first step';
  const point = (at: number) =>
    `(${shortNumber(path[at] ?? Number.NaN)}, ${shortNumber(path[at + 1] ?? Number.NaN)})`;
  let last = path.length - 2;
  while (last > 0 && !(Number.isFinite(path[last]!) && Number.isFinite(path[last + 1]!))) last -= 2;
  const end = last < path.length - 2 ? ', then not finite' : '';
  return `(${x}, ${y}) from ${point(0)} to ${point(last)}${end}${cutWords(run, frame)}`;
}

/** Says that the picture does not show the whole path. */
export function cutWords(run: RunView, frame: Pick<Frame, 'pathSteps' | 'pathLosses'> | null): string {
  if (frame === null) return '';
  const shown = divergenceByLoss(frame.pathLosses, run.maximizes);
  if (shown >= frame.pathLosses.length) return '';
  const what = run.maximizes ? 'objective' : 'loss';
  return `. Shown up to step ${stepText(frame.pathSteps[shown - 1]!)}, where the ${what} has passed ${lossMultiple} times that of the start`;
}
