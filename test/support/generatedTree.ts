import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { seededRandom } from '../../src/core/numerics/random';

export interface GeneratedTree {
  readonly files: number;
  readonly bytes: number;
  readonly losses: number;
}

const losses = 200;
const largestTemplate = 60_000;
const foldersDeep = 4;

/**
 * Fills a folder with source files like those of a large workspace: real code from the installed packages and
 * from this repository (one in twenty files), and one file in a hundred with a loss, in folders of about 40
 * files.
 *
 * @param repository  the repository whose files are the templates
 */
export function generateTree(folder: string, count: number, repository: string): GeneratedTree {
  const random = seededRandom(10);
  const foreign = templatesUnder(path.join(repository, 'node_modules'), 3000);
  const own = templatesUnder(path.join(repository, 'src'), 1000);
  let bytes = 0;
  let made = 0;
  for (let i = 0; i < count; i++) {
    const templates = random() < 0.05 ? own : foreign;
    const template = templates[Math.floor(random() * templates.length)]!;
    const isLoss = i % Math.floor(count / Math.min(losses, count)) === 0;
    const text = isLoss ? `${template.text}\n${lossText(i)}` : template.text;
    if (isLoss) made++;
    const below = Array.from(
      { length: foldersDeep },
      (_, level) => `d${Math.floor(i / 40 / 5 ** level) % 5}`,
    );
    const inner = path.join(folder, ...below.reverse(), `part${Math.floor(i / 40 / 5 ** foldersDeep)}`);
    mkdirSync(inner, { recursive: true });
    writeFileSync(path.join(inner, `file${i}${template.extension}`), text);
    bytes += text.length;
  }
  return { files: count, bytes, losses: made };
}

interface Template {
  readonly text: string;
  readonly extension: string;
}

function templatesUnder(folder: string, atMost: number): Template[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|tsx|js|mjs|cjs)$/.test(file) && !/\.d\.|[.-]min\./.test(file))
    .sort();
  const every = Math.max(1, Math.floor(files.length / atMost));
  return files
    .filter((_, index) => index % every === 0)
    .map((file) => path.join(folder, file))
    .filter((file) => statSync(file).isFile() && statSync(file).size <= largestTemplate)
    .map((file) => ({ text: readFileSync(file, 'utf8'), extension: path.extname(file) }));
}

function lossText(i: number): string {
  return `/** @loss\n * @start [${i}, 1] */\nexport const fit${i} = ([x, y]) => x * x + y * y;\n`;
}
