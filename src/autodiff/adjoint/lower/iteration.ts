import type { Node } from '@babel/types';
import type { Loop, Slot, Temp } from '../ir';
import { rootOf } from '../shapes';
import { changingSlots } from './changingSlots';
import type { Lowering } from './lowering';
import { asList } from './members';
import { scalarOf, type Value } from './values';

/** The object that is iterated over: a list that the loss makes, or data. */
export type Source =
  | { readonly type: 'object'; readonly temp: Temp }
  | { readonly type: 'data'; readonly list: Temp };

/**
 * @param of  'any': any iterable; 'array': an object with the methods of arrays, checked at run time
 */
export function sourceOf(low: Lowering, value: Value, node: Node, of: 'any' | 'array'): Source {
  if (value.type === 'object') {
    low.listShape(value.temp, node);
    return value;
  }
  if (value.type === 'record' && value.isList) return { type: 'object', temp: low.held(value, node) };
  if (value.type !== 'scalar') return low.refuse(node, 'this value cannot be iterated over');
  if (of === 'any') return { type: 'data', list: asList(low, value.temp, node) };
  return { type: 'data', list: low.plain([`${low.prefix}array(`, ')'], [value.temp], node) };
}

export function lengthOfSource(low: Lowering, source: Source, node: Node): Temp {
  return source.type === 'object'
    ? low.lengthOf(source.temp, node)
    : low.plain(['', '.length'], [source.list], node, 'int');
}

export function itemOf(low: Lowering, source: Source, index: Temp, node: Node): Value {
  return source.type === 'object'
    ? low.element(source.temp, index, node)
    : scalarOf(low.plain(['', '[', ']'], [source.list, index], node));
}

export interface Item {
  readonly item: Value;
  readonly index: Temp;
}

/**
 * A loop over all elements, whose body is written by `body`.
 *
 * @param from        the number of elements that are skipped
 * @param isBackward  whether it begins at the last element; the length is then that before the loop
 */
export function overElements(
  low: Lowering,
  source: Source,
  node: Node,
  body: (item: Item) => void,
  {
    from = 0,
    exit = null,
    changing = [],
    isBackward = false,
  }: { from?: number; exit?: Slot | null; changing?: Slot[]; isBackward?: boolean } = {},
): Loop {
  // A plain array may grow during the iteration, which then continues to its new end.
  const shape = source.type === 'object' ? rootOf(source.temp.shape!) : null;
  const mayGrow = shape !== null && shape.typed === null && !shape.isParameters;
  const isFixed = isBackward || !mayGrow;
  const length = isFixed ? lengthOfSource(low, source, node) : null;
  const loop = low.builder.loop(
    { start: low.builder.number(from), step: 1, exit, changing: [...changing, ...changingSlots(low, node)] },
    {
      test: (index) =>
        low.question(['(', ' < ', ')'], [index, length ?? lengthOfSource(low, source, node)], node),
      body: (counter) => {
        const index =
          isBackward && length ? low.plain(['(', ' - 1 - ', ')'], [length, counter], node, 'int') : counter;
        body({ item: itemOf(low, source, index, node), index });
      },
    },
    low.site(node),
  );
  if (length && !exit) loop.end = endBefore(low, loop, length, node);
  return loop;
}

/** The counter after `for (i = start; i < bound; i++)`, whose last value is the bound, rounded up. */
export function endBefore(low: Lowering, { start }: Loop, bound: Temp, node: Node): Temp {
  const last = bound.kind === 'int' ? '' : 'Math.ceil';
  return low.plain(['Math.max(', `, ${last}(`, '))'], [start, bound], node, 'int');
}
