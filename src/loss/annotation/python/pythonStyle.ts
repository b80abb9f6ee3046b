import type { CommentStyle } from '../commentStyle';
import { pythonEdit } from './pythonEdit';
import { pythonWording } from './pythonWording';
import { nearestPythonTag, readPythonTags } from './readTags';
import { written } from './writtenTags';

export const pythonStyle: CommentStyle = {
  language: 'python',
  readTags: readPythonTags,
  nearestTag: nearestPythonTag,
  ...pythonEdit,
  written: (tag, value) => written(tag, value, null),
  ...pythonWording,
};
