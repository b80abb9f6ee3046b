import { bestCell, hasLoss, type SweptCell } from '../../core/analysis/sweep/sweptCell';
import { lossWord } from '../../core/ascent';
import { textOfValue } from '../../core/config/optionPath';
import type { RunConfig } from '../../core/config/runConfig';
import { formatNumber } from '../../core/numerics/format';
import type { SweepAxis } from '../../runs/sweep/axis';
import { tableText } from '../tableText';

interface Sweep {
  readonly name: string;
  readonly config: RunConfig;
  readonly x: SweepAxis;
  readonly y: SweepAxis | null;
  /** Row by row. */
  readonly cells: readonly SweptCell[];
}

/** The sweep as a table, with a row for each y and a column for each x. */
export function sweepText({ name, config, x, y, cells }: Sweep): string {
  const columns = x.values.length;
  const rows = (y?.values ?? [null]).map((value, i) => ({
    cells: [
      y ? textOfValue(value) : '',
      ...cells.slice(i * columns, (i + 1) * columns).map((cell) => cellText(cell)),
    ],
    verdict: null,
    patch: null,
  }));
  const word = lossWord(config);
  const title = `${name}: final ${word} or verdict, by ${x.path} (columns)${y ? ` and ${y.path} (rows)` : ''}`;
  const heads = ['', ...x.values.map(textOfValue)].map((head) => ({ title: head, isNumber: true }));
  const best = bestCell(cells, config);
  const missing = cells.filter(({ result }) => result === null).length;
  return [
    tableText({ title, columns: heads, rows }),
    ...(best
      ? [
          `best: final ${word} ${formatNumber(best.result!.loss, 6)} at ${x.path} = ${textOfValue(best.x)}${y ? `, ${y.path} = ${textOfValue(best.y)}` : ''} (${best.result!.verdict})`,
        ]
      : []),
    ...(cells.some(({ result }) => result?.crossing) ? ['*: the run passed its stability limit'] : []),
    ...(missing > 0
      ? [`${missing} of ${cells.length} runs were not made, because the sweep was stopped`]
      : []),
  ].join('\n');
}

/** The final loss, or the verdict where the loss is no result. */
function cellText({ result }: SweptCell): string {
  if (result === null) return '-';
  return `${hasLoss(result) ? formatNumber(result.loss, 4) : result.verdict}${result.crossing ? '*' : ''}`;
}
