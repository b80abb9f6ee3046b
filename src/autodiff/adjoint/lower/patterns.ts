import type { Node } from '@babel/types';
import { bare } from '../../syntax/nodes';
import type { Binding } from '../../syntax/scopes';
import { copyOf } from './arrays';
import type { Lowering } from './lowering';
import { asList, element, property } from './members';
import { runtimeValue, type Value } from './values';

/** Receives each name of a pattern with its value. */
export type Take = (target: Node, value: Value) => void;

/** Passes each name of a pattern and its value to `take`. */
export function destructure(low: Lowering, pattern: Node, value: Value, take: Take): void {
  const target = bare(pattern);
  switch (target.type) {
    case 'AssignmentPattern':
      destructure(low, target.left, withDefault(low, value, target.right), take);
      return;
    case 'ArrayPattern': {
      for (const [k, each] of target.elements.entries()) {
        if (!each) continue;
        if (each.type === 'RestElement') {
          if (value.type !== 'object') low.refuse(each, 'a rest element is supported only for arrays');
          const rest = copyOf(low, value.temp, { from: low.builder.number(k) }, each);
          destructure(low, each.argument, runtimeValue(rest), take);
          continue;
        }
        destructure(low, each, elementOfPattern(low, value, k, each), take);
      }
      return;
    }
    case 'ObjectPattern': {
      for (const each of target.properties) {
        if (each.type === 'RestElement') low.refuse(each, 'a rest element of an object is not supported');
        if (each.computed) low.refuse(each, 'computed names in patterns are not supported');
        const { key } = each;
        if (key.type !== 'Identifier' && key.type !== 'StringLiteral')
          low.refuse(key, 'only plain names can be taken from an object');
        const name = key.type === 'Identifier' ? key.name : key.value;
        destructure(low, each.value, property(low, value, name, key), take);
      }
      return;
    }
    default:
      take(target, value);
  }
}

/** Declares a name with its first value. */
export function declare(low: Lowering, node: Node, value: Value): void {
  const binding = node.type === 'Identifier' ? low.binding(node) : null;
  if (!binding) low.refuse(node, 'only plain names can be declared');
  if (binding.assignments.length === 0) {
    low.bind(binding, { type: 'value', value });
    return;
  }
  const known = low.frame.cells.get(binding);
  // `var` again: the same variable.
  if (known?.type === 'slot' && isVar(binding)) low.builder.write(known.slot, low.held(value, node));
  else low.bind(binding, { type: 'slot', slot: low.builder.slot(low.held(value, node), binding) });
}

function elementOfPattern(low: Lowering, value: Value, k: number, node: Node): Value {
  if (value.type === 'scalar') {
    const list = asList(low, value.temp, node);
    return { type: 'scalar', temp: low.plain(['', `[${k}]`], [list], node) };
  }
  return element(low, value, low.builder.number(k), node);
}

export function withDefault(low: Lowering, value: Value, fallback: Node): Value {
  if (value.type !== 'scalar' && value.type !== 'object') return value;
  const { op } = value.temp;
  if (op.type === 'make') return value;
  if (op.type === 'text' && op.text === '(void 0)') return low.evaluate(fallback);
  if (op.type === 'rule' || (op.type === 'text' && value.temp.kind !== 'any')) return value;
  const missing = low.question(['', ' === (void 0)'], [value.temp], fallback);
  let other = value.temp;
  const branch = low.builder.branch(
    missing,
    () => {
      other = low.held(low.evaluate(fallback), fallback);
    },
    () => {},
  );
  return runtimeValue(low.builder.phi(branch, other, value.temp, low.site(fallback)));
}

/** Whether a name is declared by `var`: then it belongs to the whole function. */
function isVar({ assignments, declaration }: Binding): boolean {
  return assignments.includes(declaration) || assignments.some(({ type }) => type === 'VariableDeclarator');
}
