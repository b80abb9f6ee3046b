import type { Node } from '@babel/types';
import type { Lowering } from './lowering';
import type { Value } from './values';

/** Sets a field of an object that is being constructed. */
export function setField(low: Lowering, self: Value, name: string, value: Value, node: Node): void {
  if (self.type === 'instance') self.fields.set(name, value);
  else if (self.type === 'object')
    low.builder.store({
      object: self.temp,
      key: name,
      index: null,
      value: low.held(value, node),
      operator: '=',
      isInitial: false,
      site: low.site(node),
    });
}
