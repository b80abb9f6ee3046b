import { isPromise, type MaybePromise, type Objective } from './objective';

/**
 * A run that maximizes is a run that minimizes the negated objective, as torch's maximize=True, which negates the
 * gradient before all else. Everything in the core, from the loop to the rules and searches, sees the negated objective.
 * The functions of this file are the border: what the user gives is negated once when it is loaded, and values are
 * turned back where they are recorded or put into words.
 */
export type Direction = 1 | -1;

export function directionOf({ maximize }: { readonly maximize: boolean }): Direction {
  return maximize ? -1 : 1;
}

/** A value of the minimized function as a value of the user's function, and the reverse. Gives no −0. */
export function turned(value: number, direction: Direction): number {
  return direction === 1 ? value : 0 - value;
}

/** Whether a value of the user's function is better than another one. False if one of them is NaN. */
export function isBetter(value: number, than: number, direction: Direction): boolean {
  return direction === 1 ? value < than : value > than;
}

/** The user's objective, negated: its values and gradients. */
export function negated(objective: Objective): Objective {
  const turnGradient = (value: number, grad: Float64Array): number => {
    for (let i = 0; i < grad.length; i++) grad[i] = 0 - grad[i]!;
    return 0 - value;
  };
  return {
    dim: objective.dim,
    get gradientMode() {
      return objective.gradientMode;
    },
    value: negatedValue((params, open) => objective.value(params, open)),
    valueAndGradient(params, grad, open) {
      const value = objective.valueAndGradient(params, grad, open);
      return isPromise(value)
        ? value.then((settled) => turnGradient(settled, grad))
        : turnGradient(value, grad);
    },
  };
}

export function negatedValue(value: Objective['value']): Objective['value'] {
  return (params, open) => {
    const given: MaybePromise<number> = value(params, open);
    return isPromise(given) ? given.then((settled) => 0 - settled) : 0 - given;
  };
}

/** The outcome of a run in values of the user's function. */
export function turnedOutcome<
  O extends { readonly final: { readonly loss: number }; readonly best: { readonly loss: number } },
>(outcome: O, direction: Direction): O {
  const { final, best } = outcome;
  return {
    ...outcome,
    final: { ...final, loss: turned(final.loss, direction) },
    best: { ...best, loss: turned(best.loss, direction) },
  };
}

/** The name of the user's function in texts. */
export function lossWord({ maximize }: { readonly maximize: boolean }): 'loss' | 'objective' {
  return maximize ? 'objective' : 'loss';
}

/**
 * A text about the minimized function, for a run that maximizes: its losses are called negated objectives, so that
 * each of its statements and numbers remains true.
 */
export function ofNegated(text: string): string {
  return text.replace(
    /\b(validation |training |watched |batch )?(l|L)oss(es)?\b(?! scale)/g,
    (_, kind = '', letter: string, plural?: string) =>
      `${letter === 'L' ? 'Negated' : 'negated'} ${kind}objective${plural ? 's' : ''}`,
  );
}
