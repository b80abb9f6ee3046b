import type { DatumOrigin, FindingReport } from '../finding';

/** A non-finite loss whose cause is a value of the data. No change of the configuration can help. */
export function withDatum(
  { evidence }: Pick<FindingReport, 'evidence'>,
  origin: DatumOrigin,
): Pick<FindingReport, 'detail' | 'advice' | 'evidence' | 'fixes'> {
  const { others, sample, role } = origin;
  const datum = datumName(origin);
  const sampleWords = sample === null ? '' : ` It belongs to sample ${sample}.`;
  return {
    detail: `${causeOf(origin)}${sampleWords}`,
    advice:
      role === 'made-by'
        ? 'Correct the expression or its data, or leave these values out of the loss.'
        : `Correct ${datum}${others > 0 ? ' and the others' : ''}, or leave ${others > 0 ? 'them' : 'it'} out of the loss.`,
    evidence: { ...evidence, datum: origin.datum, data: others + 1, ...(sample === null ? {} : { sample }) },
    fixes: [],
  };
}

/** "rows[17].price", or "rows[17].price of data.ts" if the finding is shown in another file. */
function datumName({ datum, variable, location }: DatumOrigin): string {
  return variable.file === location.file ? datum : `${datum} of ${variable.file.split(/[\\/]/).pop()}`;
}

function causeOf(origin: DatumOrigin): string {
  const { datum, value, others, isCounted } = origin;
  const name = datumName(origin);
  if (Number.isFinite(Number(value))) {
    const so = 'so the loss is not finite at any parameters near these.';
    if (others === 0) return `In the data, ${name} is ${value}, ${so}`;
    return `In the data, ${name} is ${value} and ${isCounted ? others : `at least ${others}`} more are alike, ${so}`;
  }
  if (others === 0 && isCounted) return `In the data, ${name} is ${value}, and the loss depends on it.`;
  const more = others === 0 ? 'possibly more' : isCounted ? `${others} more` : `at least ${others} more`;
  return `In the data, ${name} and ${more} are not finite numbers (${datum} is ${value}), and the loss depends on them.`;
}
