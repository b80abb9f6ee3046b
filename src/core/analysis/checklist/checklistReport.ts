import type { Report } from '../report';
import type { ChecklistItem } from './checklist';

/** The checklist before a run as a report. */
export function checklistReport(items: readonly ChecklistItem[]): Report {
  const failed = items.filter(({ verdict }) => verdict === 'fail');
  const passed = items.filter(({ verdict }) => verdict === 'pass').length;
  return {
    title: 'Check before the run',
    summary:
      failed.length === 0
        ? `All ${passed} checks that apply pass.`
        : `${passed} of ${passed + failed.length} checks that apply pass. Look at: ${failed.map(({ name }) => name).join(', ')}.`,
    charts: [],
    tables: [
      {
        title: 'Checklist',
        columns: [
          { title: 'check', isNumber: false },
          { title: 'result', isNumber: false },
        ],
        rows: items.map(({ name, result, verdict, patch }) => ({ cells: [name, result], verdict, patch })),
      },
    ],
    notes: [
      'Loss and gradient are evaluated at the start; the learning rate is compared with a range test from there. The other checks read the configuration.',
      'Scales of data are judged by the gradient: a column of large numbers leads to a large gradient of its weight.',
    ],
  };
}
