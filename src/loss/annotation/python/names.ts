import { isTagName, type TagGrammar, type TagName, tags } from '../annotationTags';

/** `weight_decay` and `weight-decay` as `weightDecay`. */
export function camelCase(name: string): string {
  return name.replace(/(?<=[A-Za-z0-9])[-_]+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** `weightDecay` as `weight_decay`. */
export function snakeCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The tag of a name in any of the three notations; null if there is none. */
export function tagOf(name: string): TagName | null {
  const canonical = camelCase(name);
  return isTagName(canonical, 'python') ? canonical : null;
}

const bareGrammars: ReadonlySet<TagGrammar> = new Set([
  'text',
  'flag',
  'options',
  'group',
  'switch',
  'named',
]);

/** Whether bare words in the value of a tag belong to it even if they are names of tags. */
export function takesBareWords(tag: TagName): boolean {
  const { grammar } = tags[tag];
  return grammar === 'words' || grammar === 'group';
}

/** Whether a tag may be written without `=`: `loss`, `clip norm=1`. */
export function isBare(tag: TagName): boolean {
  return bareGrammars.has(tags[tag].grammar);
}

/** Whether a tag needs no value: `loss`, `maximize`. */
export function isMark(tag: TagName): boolean {
  const { grammar } = tags[tag];
  return grammar === 'text' || grammar === 'flag';
}
