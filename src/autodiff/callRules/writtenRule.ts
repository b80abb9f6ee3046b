import { checking } from '../checking';
import { holdsTraced } from '../runtime/foreign';
import { tape } from '../tape';
import { closed, edge, Traced } from '../traced';
import { type CallRule, type RuledCall, refuseRule } from './callRule';
import { isList, leavesOf } from './leaves';

/**
 * The rule that the user wrote as a function (`@derivative erf`). For the arguments of the function it returns the partial
 * derivatives: a list with one entry for each argument, which has the shape of the argument. For a single argument, the
 * entry itself will do.
 *
 * @param site  of the tag
 */
export function writtenRule(
  functionName: string,
  derivativeName: string,
  partials: (...args: readonly unknown[]) => unknown,
  site: number,
): CallRule {
  const rule: CallRule = {
    title: `the derivative ${derivativeName} of ${functionName}`,
    functionName,
    site,
    covers: () => true,
    record(call) {
      const { args, value } = call;
      const refuse = (message: string) => refuseRule(rule, call.site, message);
      if (value instanceof Traced || holdsTraced(value))
        refuse(
          `${functionName} depends on parameters that are not among its arguments, so ${rule.title} is not complete; pass them as arguments`,
        );
      if (typeof value !== 'number')
        refuse(`${functionName} does not return a number, so ${derivativeName} cannot be its derivative`);
      const given = partials(...call.plain);
      if (holdsTraced(given))
        refuse(
          `${derivativeName} depends on parameters that are not among its arguments; compute the partial derivatives from the arguments of ${functionName}`,
        );
      const list = args.length === 1 && fits(args[0], given) ? [given] : given;
      if (!isList(list)) refuse(shapeMessage(call, 0));
      const before = tape.edges;
      for (const [i, argument] of args.entries()) {
        if (!holdsTraced(argument)) continue;
        const partial = (list as ArrayLike<unknown>)[i];
        if (partial === undefined && i >= call.needed) continue;
        if (!fits(argument, partial)) refuse(shapeMessage(call, i));
        addEdges(argument, partial);
      }
      return recorded(call, before);
    },
  };
  const shapeMessage = ({ args }: RuledCall, i: number) =>
    `${derivativeName} must return a list with one partial derivative for each argument of ${functionName}, in the shape of the argument; ` +
    `there is none of argument ${i + 1} of ${args.length}, ${isList(args[i]) ? `a list of ${(args[i] as ArrayLike<unknown>).length}` : 'a number'}`;
  return rule;
}

/** Completes a number whose edges were just added. A number without edges stays plain. */
export function recorded({ plain, value, site }: RuledCall, edgesBefore: number): unknown {
  const isPlain = tape.edges === edgesBefore;
  const number = value as number;
  if (checking.on) checking.operation(plain.flatMap(leavesOf), number, isPlain ? -1 : tape.length, site);
  return isPlain ? number : closed(number);
}

/** The same for a node that was recorded as a tie. */
export function atTie({ plain, value, site }: RuledCall, made: Traced): Traced {
  if (checking.on) checking.operation(plain.flatMap(leavesOf), value as number, made.tapeIndex, site);
  return made;
}

/** Whether partial derivatives have the shape of an argument. */
function fits(argument: unknown, partial: unknown): boolean {
  if (argument instanceof Traced || typeof argument === 'number') return typeof partial === 'number';
  if (!isList(argument)) return true;
  if (!isList(partial) || partial.length !== argument.length) return false;
  return Array.from(argument).every((each, i) => fits(each, partial[i]));
}

function addEdges(argument: unknown, partial: unknown): void {
  if (argument instanceof Traced) edge(argument.tapeIndex, partial as number);
  else if (isList(argument))
    for (let i = 0; i < argument.length; i++) addEdges(argument[i], (partial as ArrayLike<unknown>)[i]);
}
