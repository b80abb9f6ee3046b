import type { CallForm } from '../../src/core/callForm';
import type { LossSource } from '../../src/loss/source';

/**
 * The source of a benchmark's file of JavaScript, which exports `loss` and its `gradient`.
 *
 * @param start  the export with the start, if the configuration has none
 */
export function sourceIn(file: string, form: CallForm, start: string | null = null): LossSource {
  return {
    language: 'javascript',
    file,
    exportName: 'loss',
    lossName: 'loss',
    location: { file, line: 1, column: 1, endLine: 1, endColumn: 2 },
    parameterName: null,
    form,
    startExport: start,
    gradient: { exportName: 'gradient', form },
    validation: null,
    texts: [],
  };
}
