import type { ReportTable } from '../core/analysis/report';

/** A table in columns of equal width, numbers aligned to the right. */
export function tableText({ title, columns, rows }: ReportTable): string {
  const hasVerdicts = rows.some(({ verdict }) => verdict !== null);
  const heads = columns.map((column) => column.title);
  const lines = rows.map(({ cells, verdict }) => [...cells, ...(hasVerdicts ? [verdict ?? ''] : [])]);
  const all = [[...heads, ...(hasVerdicts ? [''] : [])], ...lines];
  const widths = all[0]!.map((_, i) =>
    all.reduce((width, cells) => Math.max(width, [...(cells[i] ?? '')].length), 0),
  );
  const text = all.map((cells) =>
    cells
      .map((cell, i) => {
        const space = ' '.repeat(widths[i]! - [...cell].length);
        return columns[i]?.isNumber ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd(),
  );
  return [title, ...text].join('\n');
}
