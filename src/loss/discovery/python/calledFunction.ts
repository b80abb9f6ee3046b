import type { SyntaxNode } from '@lezer/common';
import type { Signature } from './signature';
import { itemsOf, lastNameIn, partsOf, unwrapped } from './syntaxTree';

/** The function that runs when something is called. */
export interface CalledFunction {
  /** A function definition or a lambda. */
  readonly node: SyntaxNode;
  /** Whether the first parameter is the object or class of the method. */
  readonly isBound: boolean;
  /** The arguments that `functools.partial` has given. */
  readonly given: GivenArguments;
  /** Whether it is another name of a function that is found by its own name. */
  readonly isAlias: boolean;
}

interface GivenArguments {
  readonly positional: number;
  readonly keywords: readonly string[];
}

/** Functions that return their first argument with the same parameters, except for those that `partial` gives. */
export const wrappers = [
  'jit',
  'pjit',
  'njit',
  'compile',
  'script',
  'partial',
  'checkpoint',
  'remat',
  'filter_jit',
] as const;

const wraps: ReadonlySet<string> = new Set(wrappers);
const nothing: GivenArguments = { positional: 0, keywords: [] };

/** A definition or lambda that is called as it is. */
export function plainly(node: SyntaxNode, isBound: boolean): CalledFunction {
  return { node, isBound, given: nothing, isAlias: false };
}

/**
 * The function that a value is, names or wraps: `lambda w: …`, `f`, `jax.jit(f)`, `torch.compile(mode="default")(f)`,
 * `functools.partial(f, data)`; null if this file does not say which function it is.
 *
 * @param functionNamed  the function of the module with an address, such as `f` or `model.loss`
 */
export function calledFunction(
  value: SyntaxNode,
  text: string,
  functionNamed: (address: string) => CalledFunction | null,
): CalledFunction | null {
  const node = unwrapped(value);
  if (node.name === 'LambdaExpression') return plainly(node, false);
  if (node.name === 'VariableName' || node.name === 'MemberExpression') {
    const named = functionNamed(text.slice(node.from, node.to));
    return named && { ...named, isAlias: true };
  }
  if (node.name !== 'CallExpression') return null;
  const [callee, list] = partsOf(node);
  // `torch.compile(mode="default")` is a wrapper that has its options already.
  const isConfigured = callee?.name === 'CallExpression';
  const wrapper = callee && lastNameIn(isConfigured ? callee.firstChild! : callee, text);
  if (!list || !wrapper || !wraps.has(wrapper)) return null;
  const [first, ...others] = itemsOf(partsOf(list));
  const inner = first?.length === 1 ? calledFunction(first[0]!, text, functionNamed) : null;
  if (!inner) return null;
  const own = { ...inner, isAlias: false };
  if (wrapper !== 'partial' || isConfigured) return own;
  // The number of arguments in `*data` is not known.
  if (others.some(([head]) => head?.name === '*' || head?.name === '**')) return null;
  const keywords = others.flatMap(([name, operator]) =>
    operator?.name === 'AssignOp' ? [text.slice(name!.from, name!.to)] : [],
  );
  const positional = inner.given.positional + others.length - keywords.length;
  return { ...own, given: { positional, keywords: [...inner.given.keywords, ...keywords] } };
}

/** The signature of what `functools.partial` returns: parameters from the first given keyword on take keywords only. */
export function withArguments(signature: Signature, { positional, keywords }: GivenArguments): Signature {
  const left = signature.parameters.slice(positional);
  const first = left.findIndex(({ name }) => keywords.includes(name));
  if (first < 0) return { ...signature, parameters: left };
  const parameters = left.map((parameter, index) => ({
    ...parameter,
    kind: index >= first && parameter.kind === 'plain' ? ('keywordOnly' as const) : parameter.kind,
    hasDefault: parameter.hasDefault || keywords.includes(parameter.name),
  }));
  return { ...signature, parameters };
}
