import { Fragment } from 'preact';
import type { ReportRow, ReportTable as Table } from '../../../src/protocol/panel';
import { useDashboard } from '../context';
import { ScrollTable } from '../scrollTable';
import { VerdictMark } from './verdictMark';

interface ReportTableProps {
  /** The id of the report. */
  readonly report: string;
  readonly table: Table;
  /** Its index among the report's tables, by which the host identifies it. */
  readonly index: number;
}

/** A table of a report: texts left-aligned, numbers right-aligned, the verdict beside the name, the actions at the end. */
export function ReportTable({ report, table, index }: ReportTableProps) {
  const hasVerdicts = table.rows.some(({ verdict }) => verdict !== null);
  const hasPatches = table.rows.some(({ patch }) => patch !== null);
  const classOf = (column: number) => (table.columns[column]?.isNumber === true ? 'number' : 'words');
  return (
    <section class="card reportTable" aria-label={table.title}>
      <h2>{table.title}</h2>
      <ScrollTable class="reportTableView" label={`${table.title}, values`}>
        <table>
          <thead>
            <tr>
              {table.columns.map(({ title }, column) => (
                <Fragment key={title}>
                  <th scope="col" class={classOf(column)}>
                    {title}
                  </th>
                  {column === 0 && hasVerdicts && (
                    <th scope="col" class="words">
                      verdict
                    </th>
                  )}
                </Fragment>
              ))}
              {hasPatches && (
                <th scope="col" class="actions">
                  <span class="unseen">What to do with it</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {table.rows.map((row, at) => (
              // The rows have no key, and their order never changes.
              <tr key={`${at} ${row.cells[0]}`} class={classOfRow(row)}>
                {row.cells.map((cell, column) =>
                  column === 0 ? (
                    <Fragment key="name">
                      <th scope="row" class={classOf(0)}>
                        {cell}
                      </th>
                      {hasVerdicts && (
                        <td class="words verdictCell">
                          {row.verdict !== null && <VerdictMark verdict={row.verdict} />}
                        </td>
                      )}
                    </Fragment>
                  ) : (
                    <td key={`${column} ${cell}`} class={classOf(column)}>
                      {cell}
                    </td>
                  ),
                )}
                {hasPatches && (
                  <td class="actions">
                    {row.patch !== null && (
                      <RowActions report={report} table={index} row={at} name={nameOf(row)} />
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollTable>
    </section>
  );
}

function classOfRow({ verdict, patch }: ReportRow): string {
  return `${verdict === 'best' ? 'bestRow' : ''} ${patch === null ? '' : 'withActions'}`.trim();
}

function nameOf({ cells }: ReportRow): string {
  return cells[0] ?? '';
}

interface RowActionsProps {
  /** Its id. */
  readonly report: string;
  readonly table: number;
  readonly row: number;
  readonly name: string;
}

/**
 * The buttons at the end of the row. In a narrow panel, where the end may not be visible, they are below the
 * name of the row, and the second half of their text is hidden but remains their accessible name.
 */
function RowActions({ report, table, row, name }: RowActionsProps) {
  const { host } = useDashboard();
  return (
    <span class="rowActions">
      <button
        type="button"
        class="smallButton"
        aria-label={`Run with this: ${name}`}
        title={`Run the loss with ${name}; the source is not changed`}
        onClick={() => host.runRow(report, table, row)}
      >
        Run <span class="buttonRest">with this</span>
      </button>
      <button
        type="button"
        class="smallButton"
        aria-label={`Write to annotation: ${name}`}
        title={`Write ${name} above the loss`}
        onClick={() => host.applyRow(report, table, row)}
      >
        Write <span class="buttonRest">to annotation</span>
      </button>
    </span>
  );
}
