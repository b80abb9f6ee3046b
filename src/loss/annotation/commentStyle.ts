import type { Language } from '../source';
import type { TagName } from './annotationTags';
import type { RawTag } from './placedText';

/** How the comments of a language hold the tags of an annotation. */
export interface CommentStyle {
  readonly language: Language;
  /** The tags of the comment `text[from, to)`, which includes its delimiters, in order. */
  readTags(text: string, from: number, to: number): RawTag[];
  /** The tag that an unknown one is likely meant to be; undefined if there is none. */
  nearestTag(name: string): TagName | undefined;
  /** A tag in a message: `@start`, `start=`. */
  mention(tag: string): string;
  /** An option key as it is written: `weightDecay`, `weight_decay`. */
  writtenKey(key: string): string;
  /** A text for the user that mentions tags and option keys as JSDoc has them, in the notation of the language. */
  reworded(text: string): string;
}
