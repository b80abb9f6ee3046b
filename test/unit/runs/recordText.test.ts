import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Finding } from '../../../src/core/diagnosis/finding';
import { readRecord, recordText } from '../../../src/runs/files/recordText';
import type { RunRecord } from '../../../src/runs/runRecord';
import { description, runRecord } from './support/runRecord';

const word = fc.oneof(
  fc.string(),
  fc.constantFrom('NaN', 'Infinity', '-Infinity', 'number', '{"number":"NaN"}'),
);
const number = fc.double();

/** The finding of a record, with other evidence. */
function finding(evidence: Finding['evidence']): Finding {
  return {
    id: 'plateau-1',
    code: 'plateau',
    severity: 'warning',
    headline: 'NaN',
    detail: 'Infinity',
    advice: 'NaN',
    steps: [1, 2],
    coordinates: [0],
    evidence,
    subject: null,
    origin: null,
    location: null,
    fixes: [],
  };
}

it('a record keeps strings as strings and numbers as numbers when it is read back', () => {
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1 }),
      fc.array(number, { minLength: 1 }),
      fc.dictionary(
        // The keys are names that the rules use.
        fc.constantFrom('loss', 'lr', 'class', 'share', 't'),
        fc.oneof(word, number),
      ),
      (names, start, evidence) => {
        const record = runRecord('run', {
          config: { ...description.config, names },
          start,
          findings: [finding(evidence)],
        });
        const read = readRecord(recordText(record));
        if (typeof read === 'string') throw new Error(read);
        const { config, findings, start: began } = read as RunRecord;
        expect(config.names).toEqual(names);
        expect(began).toEqual(start);
        expect(findings[0]!.evidence).toEqual(evidence);
      },
    ),
    { seed: 20, numRuns: 300 },
  );
});
