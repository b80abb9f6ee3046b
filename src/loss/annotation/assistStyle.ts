import type { TagName } from './annotationTags';
import type { Span } from './annotationValue';
import type { TaggedComment } from './commentStyle';
import type { RawTag } from './placedText';

/** What can be typed at an offset of a comment. */
export interface TypedPlace {
  /** Where the name of a tag begins; null if none can stand here. */
  readonly newTag: number | null;
  /** The tag whose value continues here; null if there is none. */
  readonly tag: RawTag | null;
}

/** How completion and hover read and show the tags of a language. */
export interface AssistStyle {
  /** The comment around an offset, if tags may stand there. */
  commentAt(text: string, file: string, offset: number): Span | null;
  /** An offset at which the function of a comment is found. */
  functionOf(text: string, comment: Span): number;
  placeAt(comment: TaggedComment, offset: number): TypedPlace;
  /** The part of a word before an offset, at which names of tags and options are completed. */
  wordStart(text: string, offset: number): number;
  wordEnd(text: string, offset: number): number;
  /** A part of the value of a tag, in the notation that `ValueReader` reads. */
  canonical(text: string, tag: TagName): string;
  /** The name of a tag as it is offered. */
  label(tag: TagName): string;
  /** The text that begins a tag after another one, up to its value. */
  opening(tag: TagName, preceding: RawTag | null): string;
  doc(tag: TagName): string;
  /** A tag with an example of its value. */
  example(tag: TagName): string;
}
