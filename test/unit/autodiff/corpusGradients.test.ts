import { describe, expect, test } from 'vitest';
import { differentiate, originOf } from '../../support/corpus/differentiate';
import { faultOf, faultOfOrigin } from '../../support/corpus/judge';
import {
  gradientCases,
  gradientsFolder,
  provenanceCases,
  provenanceFolder,
} from '../../support/corpus/tables';

const gradients = await gradientCases();
const provenance = await provenanceCases();

describe('the gradients of the corpus', () => {
  test.each(gradients)('$name', async (gradientCase) => {
    for (const point of gradientCase.points) {
      const outcome = await differentiate(gradientCase, point);
      expect(faultOf(gradientCase, point, outcome, gradientsFolder), `at [${point.at}]`).toBeNull();
    }
  });
});

describe('the origins of NaN and infinity in the corpus', () => {
  test.each(provenance)('$name', async (c) => {
    expect(faultOfOrigin(c, await originOf(c), provenanceFolder)).toBeNull();
  });
});
