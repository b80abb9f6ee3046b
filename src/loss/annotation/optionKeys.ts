import { optimizers } from '../../core/optimizers/registry';
import { schedules } from '../../core/schedules/registry';
import type { TagName } from './annotationTags';

type Named = Readonly<Record<string, { readonly options: object }>>;

const optionsOf = (named: Named) => [
  ...new Set(Object.values(named).flatMap(({ options }) => Object.keys(options))),
];
const ofOptimizers = optionsOf(optimizers);

const keys: { readonly [N in TagName]?: readonly string[] } = {
  optimizer: [...ofOptimizers, 'own'],
  optimizerStep: ofOptimizers,
  schedule: optionsOf(schedules),
  group: ofOptimizers,
  switch: [...ofOptimizers, 'at', 'patience'],
  clip: ['norm', 'value'],
  earlyStopping: ['patience', 'minDelta'],
};

/** The keys of all options that a tag can have, with any optimizer or schedule; none if it takes no options. */
export function optionKeysOf(tag: TagName): readonly string[] {
  return keys[tag] ?? [];
}
