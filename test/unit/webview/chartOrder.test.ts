import { describe, expect, test } from 'vitest';
import type { Quantity, QuantityView } from '../../../src/protocol/panel';
import { chartsOf } from '../../../webview/state/chartOrder';

function views(...quantities: Quantity[]): QuantityView[] {
  return quantities.map((quantity) => ({
    quantity,
    title: quantity,
    symbol: `${quantity}!`,
    formula: '',
    term: quantity,
    signed: false,
  }));
}

const linesOf = (quantities: readonly QuantityView[]) =>
  chartsOf(quantities).map(({ views: each }) => each.map(({ quantity }) => quantity));

describe('the charts of a run', () => {
  test('are sorted in a fixed order, whatever the order of the quantities', () => {
    expect(chartsOf(views('vHat', 'mHat', 'lr', 'gradNorm', 'loss', 'snr')).map(({ id }) => id)).toEqual([
      'loss',
      'gradNorm',
      'mHat',
      'vHat',
      'snr',
      'lr',
    ]);
  });

  test('show quantities together that are compared with each other', () => {
    expect(linesOf(views('actualChange', 'predictedChange', 'updateNormP', 'updateNorm'))).toEqual([
      ['predictedChange', 'actualChange'],
      ['updateNorm', 'updateNormP'],
    ]);
    expect(linesOf(views('watched', 'best', 'loss'))).toEqual([['loss', 'best', 'watched']]);
  });

  test('show a quantity alone if the run does not have the other one', () => {
    expect(linesOf(views('actualChange'))).toEqual([['actualChange']]);
    const [chart] = chartsOf(views('predictedChange'));
    expect(chart!.title).toBe('predictedChange');
    expect(chartsOf(views('predictedChange', 'actualChange'))[0]!.title).toBe('Predicted and actual change');
  });

  test('offer the uncorrected moments only if the run has them', () => {
    const uncorrected = (...quantities: Quantity[]) => chartsOf(views(...quantities))[0]!.uncorrected;
    expect(uncorrected('mHat', 'm')).toBe('m');
    expect(uncorrected('vHat', 'v')).toBe('v');
    expect(uncorrected('absUpdate', 'uncorrectedUpdate')).toBe('uncorrectedUpdate');
    expect(uncorrected('mHat')).toBeNull();
  });

  test('are shown at first if they answer a frequent question; the menu offers the others', () => {
    const shown = (quantity: Quantity) => !chartsOf(views(quantity))[0]!.startsHidden;
    for (const quantity of [
      'snr',
      'beta',
      'lossScale',
      'underflow',
      'overflow',
      'predictedChange',
    ] as const) {
      expect(shown(quantity), quantity).toBe(true);
    }
    for (const quantity of [
      'preconditioner',
      'epsShare',
      'fisher',
      'updateRatio',
      'rms',
      'u',
      'sum',
    ] as const) {
      expect(shown(quantity), quantity).toBe(false);
    }
  });

  test('have a log axis only for non-negative quantities', () => {
    for (const quantity of ['mHat', 'm', 'predictedChange', 'actualChange', 'grad'] as const) {
      expect(chartsOf(views(quantity))[0]!.log, quantity).toBe('symlog');
    }
    expect(chartsOf(views('vHat'))[0]!.log).toBe('log');
    expect(chartsOf(views('params'))[0]!.log).toBeNull();
  });
});
