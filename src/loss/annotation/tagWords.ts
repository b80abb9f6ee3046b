import type { RunConfigPatch } from '../../core/config/runConfig';
import type { Language } from '../source';
import type { TagName } from './annotationTags';
import { formatConfig } from './configText';
import { styleOf } from './styles';

/** A message that mentions tags and option keys as JSDoc has them (`@samples N`), in the notation of a language (`samples=N`). */
export function inTagsOf(language: Language, message: string): string {
  return styleOf(language).reworded(message);
}

/** What to write above a function so that it has a tag: `@start [0, 0]`, `# adamscope: start=[0, 0]`. */
export function tagAbove(language: Language, tag: TagName, value: string): string {
  const written = styleOf(language).written(tag, value);
  return language === 'python' ? `# adamscope: ${written}` : written;
}

/** A configuration as the annotation of a language writes it: [["optimizer", "adam weight_decay=0.1"]]. Keys that are null are omitted. */
export function configIn(language: Language, patch: RunConfigPatch): [name: string, text: string][] {
  const notation = styleOf(language).notationIn(null);
  return formatConfig(patch, notation).map(([tag, text]) => [notation.key(tag), text]);
}

/** The tags for a patch, in the notation of a language: `@steps 5`, `steps=5`. */
export function tagsFor(language: Language, patch: RunConfigPatch): string[] {
  const style = styleOf(language);
  return formatConfig(patch, style.notationIn(null)).map(([tag, value]) => style.written(tag, value));
}
