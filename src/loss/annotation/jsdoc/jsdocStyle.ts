import { nearest } from '../../../core/config/nearest';
import { ordinaryTags, tagNamesOf } from '../annotationTags';
import { readTags } from '../annotationText';
import type { CommentStyle } from '../commentStyle';

export const jsdocStyle: CommentStyle = {
  language: 'javascript',
  readTags,
  nearestTag: (name) => (ordinaryTags.has(name) ? undefined : nearest(name, tagNamesOf('javascript'))),
  mention: (tag) => `@${tag}`,
  writtenKey: (key) => key,
  reworded: (text) => text,
};
