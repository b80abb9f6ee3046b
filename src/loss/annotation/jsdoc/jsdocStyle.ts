import { nearest } from '../../../core/config/nearest';
import { ordinaryTags, tagNamesOf } from '../annotationTags';
import type { CommentStyle } from '../commentStyle';
import { jsdocEdit, writtenTag } from './jsdocEdit';
import { jsdocNotation } from './jsdocNotation';
import { readTags } from './readTags';

export const jsdocStyle: CommentStyle = {
  language: 'javascript',
  readTags,
  notationIn: () => jsdocNotation,
  ...jsdocEdit,
  nearestTag: (name) => (ordinaryTags.has(name) ? undefined : nearest(name, tagNamesOf('javascript'))),
  written: writtenTag,
  mention: (tag) => `@${tag}`,
  reworded: (text) => text,
};
