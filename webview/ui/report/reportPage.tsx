import type { ReportView } from '../../../src/protocol/panel';
import { ErrorBox } from '../errorBox';
import { ReportBody } from './reportBody';
import { ReportHeader } from './reportHeader';

/** The page of an analysis, shown in place of a run: its progress, its summary and its evidence. */
export function ReportPage({ view }: { readonly view: ReportView }) {
  const { error, report } = view;
  return (
    <>
      <ReportHeader view={view} />
      {error !== null && <ErrorBox error={error} file={view.location.file} about="report" severity="error" />}
      {report === null ? <Waiting view={view} /> : <ReportBody id={view.id} report={report} />}
    </>
  );
}

/** The reason why there is no result; for a failed analysis it is in its error. */
function Waiting({ view: { status } }: { readonly view: ReportView }) {
  if (status === 'running') return <p class="waiting">The answer comes when all runs are done.</p>;
  return status === 'stopped' ? <p class="waiting">Stopped before there was an answer.</p> : null;
}
