import type { LineMap } from '../places/lineMap';
import type { Language } from '../source';
import type { TagName } from './annotationTags';
import type { Notation } from './notation';
import type { RawTag } from './placedText';
import type { TextEdits } from './textEdits';

/** A comment with its delimiters, `lines.text[from, to)`, and its tags. */
export interface TaggedComment {
  readonly lines: LineMap;
  readonly from: number;
  readonly to: number;
  readonly tags: readonly RawTag[];
}

/** A tag to write, with the text of its value. */
export type NewTag = readonly [name: TagName, value: string];

/** How the comments of a language hold the tags of an annotation. */
export interface CommentStyle {
  readonly language: Language;
  /** The tags of the comment `text[from, to)`, which includes its delimiters, in order. */
  readTags(text: string, from: number, to: number): RawTag[];
  /** Whether tags can be added to the comment `text[from, to)`. */
  takesTags(text: string, from: number, to: number): boolean;
  /** The notation of values in a comment; null: in a new one. */
  notationIn(comment: TaggedComment | null): Notation;
  /** Writes a comment with the tags for a declaration that begins at an offset. */
  newComment(lines: LineMap, declaration: number, tags: readonly NewTag[], edits: TextEdits): void;
  /** Removes some tags of a comment and adds others. */
  changeTags(
    comment: TaggedComment,
    removed: ReadonlySet<RawTag>,
    added: readonly NewTag[],
    edits: TextEdits,
  ): void;
  /** What precedes the value of a tag that has none yet. */
  beforeValue(text: string, tag: RawTag): string;
  /** The tag that an unknown one is likely meant to be; undefined if there is none. */
  nearestTag(name: string): TagName | undefined;
  /** A tag with its value. */
  written(tag: TagName, value: string): string;
  /** A tag in a message: `@start`, `start=`. */
  mention(tag: string): string;
  /** A text for the user that mentions tags and option keys as JSDoc has them, in the notation of the language. */
  reworded(text: string): string;
}
