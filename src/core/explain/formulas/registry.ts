import type { OptimizerName } from '../../optimizers/registry';
import type { FormulaOf } from '../formula';
import { adamConstants, adamFormula, constantsOf, decoupledDecay, noDecoupling } from './adamFormula';
import { adagradFormula, rmspropFormula, sgdFormula, signsgdFormula } from './gradientMethods';
import { adabeliefFormula, adamaxFormula, nadamFormula, radamFormula } from './variants';

/** The formula of every optimizer, with the operations of its implementation in the same order up to its state. */
export const formulas: { readonly [N in OptimizerName]: FormulaOf } = {
  adam: (options) => {
    const weightDecay = Number(options.weightDecay);
    const decay = options.dialect === 'keras' ? decoupledDecay(weightDecay) : noDecoupling(weightDecay);
    return adamFormula(options, decay, constantsOf(options, adamConstants));
  },
  adamw: (options) => {
    const decay = decoupledDecay(Number(options.weightDecay));
    const ofSchedule = options.lr === 0 ? '1 - lambda' : '1 - lr / lrSet * lambda';
    const form =
      options.dialect === 'paper' && decay.factor !== null ? { ...decay, factor: ofSchedule } : decay;
    return adamFormula(options, form, constantsOf(options, adamConstants));
  },
  sgd: sgdFormula,
  adagrad: adagradFormula,
  rmsprop: rmspropFormula,
  adamax: adamaxFormula,
  nadam: nadamFormula,
  radam: radamFormula,
  adabelief: adabeliefFormula,
  signsgd: signsgdFormula,
};
