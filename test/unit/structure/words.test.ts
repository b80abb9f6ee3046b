import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../../..');

/** Phrases that are hard to understand, and their replacements. */
const replaced: readonly (readonly [phrase: RegExp, instead: string])[] = [
  [/\bto and fro\b/i, 'oscillate'],
  [/\bwon since\b|\bhad won\b/i, 'improvement since the start'],
  [/another one from step to step/i, 'the loss function changes between steps'],
  [/holds for the training data alone/i, 'the model is overfitting'],
  [/where chance points/i, 'dominated by mini-batch noise'],
  [/of what lr allows/i, 'steps are 3 % of lr because eps is larger than sqrt(vHat)'],
  [/came back below/i, 'returned below'],
  [/\bparameters of then\b|\bas of then\b/i, 'in an earlier evaluation'],
  [/\bwhat of (it|them) that\b/i, 'name the thing'],
  [/\btwin run|\btwin of a run|\bits twin\b/i, 'baseline run'],
  [/\bnot the loss[’']s\b/i, 'differs from the gradient of the loss'],
  [/\bswing/i, 'oscillate'],
  [/\b(is|are) told\b/i, 'is reported'],
  [/\b(held|holds) against\b/i, 'is compared with'],
  [/\bstands for itself\b/i, 'is plain, or is unchanged'],
  [/\bof it that\b/i, 'name the thing'],
  [/\bwhat of\b/i, 'name the thing'],
  [/\bthe way of (the )?(data|a run|the run)\b/i, 'distance travelled, or the steps of the data'],
  [/\bat rest\b/i, 'idle, or converged'],
  [/\bnow and then\b/i, 'occasionally'],
  [/\bas text reads\b/i, 'name the text'],
];

const files = execFileSync(
  'git',
  ['ls-files', 'src', 'webview', 'test', 'docs', 'media/walkthrough', '*.md', 'package.json'],
  {
    cwd: root,
    encoding: 'utf8',
  },
)
  .split('\n')
  .filter((file) => /\.(tsx?|md|json)$/.test(file) && path.join(root, file) !== import.meta.filename);

test.each(replaced)('%s is not used', (phrase, instead) => {
  expect(files.length).toBeGreaterThan(500);
  const found = files.flatMap((file) =>
    readFileSync(path.join(root, file), 'utf8')
      .split('\n')
      .flatMap((line, i) =>
        phrase.test(line) ? [`${file}:${i + 1}: ${line.trim()} (write: ${instead})`] : [],
      ),
  );
  expect(found).toEqual([]);
});
