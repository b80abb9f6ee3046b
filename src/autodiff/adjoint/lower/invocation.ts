import type { Node } from '@babel/types';
import type { PlainFunction } from '../../syntax/nodes';
import type { Lowering } from './lowering';
import { declare, destructure } from './patterns';
import { type CallFrame, scalarOf, type Value } from './values';

/**
 * Inlines the body of a function at its call.
 *
 * @param rest  the value of its rest parameter; null if none is supported
 */
export function invoke(
  low: Lowering,
  called: PlainFunction,
  outer: CallFrame,
  args: readonly Value[],
  node: Node,
  rest: Value | null = null,
): Value {
  if (called.async) low.refuse(node, 'an asynchronous function is called');
  if (called.generator) low.refuse(node, 'a generator is called');
  if (low.calls.includes(called)) low.refuse(node, 'the function calls itself');
  const frame: CallFrame = { module: outer.module, parent: outer, cells: new Map() };
  low.calls.push(called);
  try {
    return low.within(frame, () => {
      for (const [k, parameter] of called.params.entries()) {
        if (parameter.type === 'RestElement') {
          if (!rest || k > 0) low.refuse(parameter, 'rest parameters cannot be generated');
          destructure(low, parameter.argument, rest, (name, part) => declare(low, name, part));
          continue;
        }
        const value = args[k] ?? scalarOf(low.text('(void 0)'));
        destructure(low, parameter, value, (name, part) => declare(low, name, part));
      }
      return low.functionBody(called);
    });
  } finally {
    low.calls.pop();
  }
}
