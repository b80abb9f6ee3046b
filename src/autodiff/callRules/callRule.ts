import { Refusal, refuseWith } from '../refusal';

/**
 * The derivative of one function as a rule. A call with traced arguments evaluates the function on plain
 * numbers and records the result with the derivatives of the rule.
 */
export interface CallRule {
  /** The function and the rule in messages: `the derivative dErf of erf`. */
  readonly title: string;
  /** The function as the program, or the documentation of its package, names it. */
  readonly functionName: string;
  /** The place of the rule; −1 if it is not in the program. */
  readonly site: number;
  /** Whether the rule has derivatives with respect to all traced arguments. */
  covers(args: readonly unknown[]): boolean;
  /** Records the nodes of the result, which has the shape of `call.value`. */
  record(call: RuledCall): unknown;
}

/** One call of a function that has a rule. */
export interface RuledCall {
  /** As the program passes them, with traced values. */
  readonly args: readonly unknown[];
  /** The same arguments as plain numbers. */
  readonly plain: readonly unknown[];
  /** What the function returned for `plain`. */
  readonly value: unknown;
  /** The number of arguments of which derivatives are needed: `map` passes more than the function reads. */
  readonly needed: number;
  /** The place of the call. */
  readonly site: number;
}

/** @throws Refusal at the rule, or at the call if the rule is not in the program */
export function refuseRule({ site }: Pick<CallRule, 'site'>, callSite: number, message: string): never {
  refuseWith(new Refusal('derivative-rule', message, site >= 0 ? site : callSite));
}
