import { failureAtName } from '../../../../src/loss/providers/lossFailure';
import type { LoadedLoss, LossProvider } from '../../../../src/loss/providers/lossProvider';
import { problemOf } from '../../../../src/loss/providers/thrown';
import type { SourceBase } from '../../../../src/loss/source';

/** A loss in an invented language, with one row of coefficients per coordinate: "1 -4 4" for x^2 - 4x + 4. */
export interface TableSource extends SourceBase {
  readonly language: 'table';
}

export const tableProvider: LossProvider<TableSource> = {
  open: (source, context) => ({
    async load(config): Promise<LoadedLoss> {
      const rows = source.texts[0]![1].trim().split('\n');
      const polynomials = rows.map((row) => row.split(' ').map(Number));
      if (polynomials.flat().some(Number.isNaN))
        throw failureAtName(source, 'syntax', 'a coefficient is no number');
      return {
        texts: source.texts,
        isContextual: false,
        start: () => Float64Array.from(config.start ?? polynomials.map(() => 0)),
        startNames: () => null,
        objective: (dim) => ({
          dim,
          gradientMode: 'exact',
          value: (params) => valueAndGradient(params, new Float64Array(dim)),
          valueAndGradient,
        }),
        validation: () => null,
        cutDerivative: () => null,
        secondOpinion: () => null,
        originOfNonFinite: async () => null,
        originOfZeroGradient: async () => null,
        editsFor: () => [],
        editsAgainst: () => [],
        saturationAt: async () => null,
        originOfLostDerivative: async () => null,
        roundingAt: async () => null,
        cutLoss: () => null,
      };

      function valueAndGradient(params: Float64Array, grad: Float64Array) {
        context.enter();
        let sum = 0;
        polynomials.forEach((coefficients, i) => {
          let [value, slope] = [0, 0];
          for (const c of coefficients) [value, slope] = [value * params[i]! + c, slope * params[i]! + value];
          sum += value;
          grad[i] = slope;
        });
        context.leave();
        return sum;
      }
    },
    async loadOptimizer() {
      throw failureAtName(source, 'missing-export', 'a table holds no optimizer');
    },
    placeOf: () => null,
    problemOf: (error, step) => problemOf(error, source, null, step),
  }),
};
