import type { Report } from '../../../../src/core/analysis/report';
import { type ShownCell, sweepReport } from '../../../../src/core/analysis/sweep/sweepReport';
import type { CellResult } from '../../../../src/core/analysis/sweep/sweptCell';
import { resolveConfig } from '../../../../src/core/config/resolve';

const lrs = [0.0005, 0.0016, 0.005, 0.016, 0.05, 0.16, 0.5, 1.6, 5];
const beta2s = [0.9, 0.99, 0.999, 0.9999];
/** The last cells of an unfinished sweep. */
const notRun = 3;

/** A sweep whose results have the pattern of Adam on an ill-conditioned loss. */
export function sweptGrid(): Report {
  const { config } = resolveConfig([{ optimizer: { lr: 0.05, beta2: 0.999 } }]);
  const cells = beta2s.flatMap((beta2, row) =>
    lrs.map((lr, column): ShownCell => {
      const isMade = row * lrs.length + column < lrs.length * beta2s.length - notRun;
      return {
        x: lr,
        y: beta2,
        patch: { optimizer: { lr, beta2 } },
        run: isMade ? `run-${row}-${column}` : null,
        result: isMade ? resultOf(column, row) : null,
      };
    }),
  );
  return sweepReport({
    config,
    x: { path: 'optimizer.lr', values: lrs },
    y: { path: 'optimizer.beta2', values: beta2s },
    cells,
  });
}

function resultOf(column: number, row: number): CellResult {
  const isBeyond = column + row >= 8;
  const exponent = Math.abs(column - 5 + 0.5 * row) * 2.2 - 9 + row * 0.4;
  const loss = isBeyond ? 1e40 : 10 ** exponent;
  const verdict = isBeyond
    ? row === 3
      ? 'broken'
      : 'diverged'
    : exponent < -7
      ? 'converged'
      : column > 6
        ? 'unstable'
        : column < 2
          ? 'still-improving'
          : 'stalled';
  return {
    loss: verdict === 'broken' ? Number.NaN : loss,
    verdict,
    steps: verdict === 'broken' ? 60 : 1000,
    stopped: verdict === 'broken' ? 'nonFinite' : 'steps',
    crossing: isBeyond ? { step: 12, stability: 3.1, limit: 2 } : null,
  };
}
