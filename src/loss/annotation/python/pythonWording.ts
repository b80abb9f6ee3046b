import { tagNames } from '../annotationTags';
import type { CommentStyle } from '../commentStyle';
import { optionKeysOf } from '../optionKeys';
import { isBare, isMark, snakeCase, tagOf } from './names';

const mixedCase = [...new Set([...tagNames, ...tagNames.flatMap((tag) => optionKeysOf(tag))])].filter(
  (name) => /[A-Z]/.test(name),
);
const keyPattern = new RegExp(String.raw`(?<![\w@])(?:${mixedCase.join('|')})(?!\w)`, 'g');
const tagPattern = /(?<!\w)@([A-Za-z]+)\b/g;
/** What follows a tag in a message, if it is a value of the tag and not prose. */
const valuePattern = /^ (?=N\b|[-\d[({]|[A-Za-z]+[<>=])/;
const listPattern = /^ (?=(?:[\w.]+ ){0,3}\w+=)/;

/** Where a loss in JavaScript gets its random numbers, and where one in Python does. */
const phrases: readonly (readonly [string, string])[] = [
  ['`random` of the second argument', 'a generator with the seed `seed`, a parameter of the loss'],
];

export const pythonWording: Pick<CommentStyle, 'mention' | 'reworded'> = {
  mention: (name) => {
    const tag = tagOf(name);
    return tag && isMark(tag) ? snakeCase(name) : `${snakeCase(name)}=`;
  },
  reworded: (text) => {
    const inPhrases = phrases.reduce((before, [from, to]) => before.replaceAll(from, to), text);
    const inKeys = inPhrases.replace(keyPattern, snakeCase);
    let result = '';
    let end = 0;
    for (const match of inKeys.matchAll(tagPattern)) {
      const tag = tagOf(match[1]!);
      if (!tag) continue;
      const rest = inKeys.slice(match.index + match[0].length);
      const space = (valuePattern.exec(rest) ?? (isBare(tag) ? listPattern.exec(rest) : null))?.[0] ?? '';
      result += inKeys.slice(end, match.index) + pythonWording.mention(tag);
      end = match.index + match[0].length + (isMark(tag) ? 0 : space.length);
    }
    return result + inKeys.slice(end);
  },
};
