import { DiskRunFiles } from '../../src/runs/files/diskRunFiles';
import { someVerdict } from '../support/verdicts';
import { layout, runRecord } from '../unit/runs/support/runRecord';

export const storedRuns = 50;
/** Every tenth run has so many coordinates, the others have two. */
const wideDim = 1_000_000;

/** Writes finished runs of all sizes to a folder. */
export async function writeStoredRuns(folder: string): Promise<void> {
  const files = new DiskRunFiles(folder);
  for (let k = 0; k < storedRuns; k++) {
    const dim = k % 10 === 0 ? wideDim : 2;
    const params = Float64Array.from({ length: dim }, (_, i) => Math.sin(i));
    const point = { params, loss: 1 };
    await files.writeRecord(
      runRecord(`r${k}`, {
        status: 'finished',
        start: [...params],
        layout: { ...layout, dim },
        outcome: {
          steps: 3,
          stopped: 'steps',
          final: { ...point, gradNorm: 1 },
          best: { ...point, t: 1 },
          verdict: someVerdict,
        },
      }),
    );
  }
  await files.settle();
}
