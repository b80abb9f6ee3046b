import type { Node } from '@babel/types';
import type { Binding } from '../../syntax/scopes';
import type { Slot } from '../ir';
import type { Lowering } from './lowering';
import type { CallFrame } from './values';

/**
 * Every slot that a loop may write: variables assigned in its source text, variables that a nested function
 * assigns (also of calls that have returned), and the flags and results of the enclosing regions.
 */
export function changingSlots(low: Lowering, loop: Node): Set<Slot> {
  const slots = new Set<Slot>();
  for (const active of low.frames)
    for (let frame: CallFrame | null = active; frame; frame = frame.parent)
      for (const [binding, cell] of frame.cells)
        if (cell.type === 'slot' && (binding.isAssignedBelow || isAssignedIn(binding, loop)))
          slots.add(cell.slot);
  for (const { cells } of low.finished)
    for (const [binding, cell] of cells)
      if (cell.type === 'slot' && binding.isAssignedBelow) slots.add(cell.slot);
  for (const region of low.regions) {
    if (region.type === 'rest') slots.add(region.left);
    if (region.type === 'loop' && region.exit) slots.add(region.exit);
    if (region.type === 'function' && region.result) slots.add(region.result);
  }
  return slots;
}

function isAssignedIn({ assignments }: Binding, { start, end }: Node): boolean {
  return assignments.some((each) => each.start! >= start! && each.end! <= end!);
}
