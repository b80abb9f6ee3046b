import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

interface Contributions {
  readonly commands: readonly { readonly command: string }[];
  readonly keybindings: readonly { readonly command: string; readonly when?: string }[];
}

const root = path.resolve(import.meta.dirname, '../../..');
const { contributes } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly contributes: Contributions;
};

test('a run has a default key, which applies only in the text of a language with losses', () => {
  const [run] = contributes.keybindings.filter(({ command }) => command === 'adamscope.run');
  expect(run?.when).toContain('editorTextFocus');
  const languages = new RegExp(/\/(.*)\//.exec(run!.when!)![1]!);
  for (const language of ['typescript', 'typescriptreact', 'javascript', 'javascriptreact', 'python'])
    expect(language).toMatch(languages);
  for (const language of ['json', 'markdown', 'plaintext']) expect(language).not.toMatch(languages);
});

test('every key is for a command that exists', () => {
  const commands = contributes.commands.map(({ command }) => command);
  for (const { command } of contributes.keybindings) expect(commands).toContain(command);
});
