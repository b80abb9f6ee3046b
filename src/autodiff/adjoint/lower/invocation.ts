import type { Node } from '@babel/types';
import type { InlinedFunction } from '../../syntax/nodes';
import { setField } from './fields';
import type { InvokeOptions, Lowering } from './lowering';
import { declare, destructure } from './patterns';
import { type CallFrame, runtimeValue, scalarOf, type Value } from './values';

/** Inlines the body of a function at its call. */
export function invoke(
  low: Lowering,
  called: InlinedFunction,
  outer: CallFrame,
  args: readonly Value[],
  node: Node,
  { rest = null, self }: InvokeOptions = {},
): Value {
  if (called.async) low.refuse(node, 'an asynchronous function is called');
  if (called.generator) low.refuse(node, 'a generator is called');
  if (low.calls.includes(called)) low.refuse(node, 'the function calls itself');
  const isArrow = called.type === 'ArrowFunctionExpression';
  const frame: CallFrame = {
    module: outer.module,
    parent: outer,
    cells: new Map(),
    self: isArrow ? undefined : (self ?? null),
  };
  low.calls.push(called);
  try {
    return low.within(frame, () => {
      for (const [k, parameter] of called.params.entries()) {
        if (parameter.type === 'RestElement') {
          if (rest && k > 0) low.refuse(parameter, 'rest parameters cannot be generated');
          const others = rest ?? restOf(low, args.slice(k), parameter);
          destructure(low, parameter.argument, others, (name, part) => declare(low, name, part));
          continue;
        }
        const value = args[k] ?? scalarOf(low.text('(void 0)'));
        const pattern = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
        destructure(low, pattern, value, (name, part) => {
          declare(low, name, part);
          // `constructor(public x: number)` sets the field first.
          if (parameter.type === 'TSParameterProperty' && self && name.type === 'Identifier')
            setField(low, self, name.name, low.evaluate(name), name);
        });
      }
      return low.functionBody(called);
    });
  } finally {
    low.calls.pop();
  }
}

function restOf(low: Lowering, args: readonly Value[], node: Node): Value {
  const items = args.map((value) => low.held(value, node));
  return runtimeValue(low.builder.make({ type: 'list', items }, node, low.site(node)));
}
