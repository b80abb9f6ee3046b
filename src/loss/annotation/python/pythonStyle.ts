import type { CommentStyle } from '../commentStyle';
import { pythonEdit } from './pythonEdit';
import { pythonWording } from './pythonWording';
import { nearestPythonTag, readPythonTags } from './readTags';

export const pythonStyle: CommentStyle = {
  language: 'python',
  readTags: readPythonTags,
  nearestTag: nearestPythonTag,
  ...pythonEdit,
  ...pythonWording,
};
