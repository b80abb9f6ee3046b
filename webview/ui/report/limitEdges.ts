import type { ReportHeatmap } from '../../../src/protocol/panel';

/**
 * The sides of a cell at which the stability limit is drawn, as classes: those to a neighbour where it is known of both
 * whether they are beyond the limit, and only one is. Each border is drawn by its right or lower cell.
 */
export function edgesOf(cells: ReportHeatmap['cells'], columns: number, at: number): string {
  const isApart = (other: number) => {
    const [here, there] = [cells[at]!.isBeyondLimit, cells[other]!.isBeyondLimit];
    return here !== null && there !== null && here !== there;
  };
  return [
    at % columns > 0 && isApart(at - 1) ? 'limitLeft' : '',
    at >= columns && isApart(at - columns) ? 'limitTop' : '',
  ]
    .filter((name) => name !== '')
    .join(' ');
}
