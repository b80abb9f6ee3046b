import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { jsonSchemaOf } from '../../../src/agents/jsonSchema';
import { agentToolNames, toolNamed } from '../../../src/agents/tools/registry';
import { languageModelTools, nameInVsCode } from '../../../src/host/agents/toolNames';

const root = path.resolve(import.meta.dirname, '../../..');
const { contributes } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  readonly contributes: {
    readonly languageModelTools: readonly object[];
    readonly mcpServerDefinitionProviders: readonly object[];
  };
};

/** "run_loss" becomes "adamscopeRunLoss". */
function referenceName(name: string): string {
  return `adamscope_${name}`.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

test('package.json describes the tools to VS Code as MCP does to other clients', () => {
  const expected = agentToolNames.map((name) => {
    const { title, description, input } = toolNamed(name);
    return {
      name: `adamscope_${name}`,
      displayName: `Adamscope: ${title}`,
      modelDescription: description,
      userDescription: description.split('. ')[0]!.replace(/\.?$/, '.'),
      toolReferenceName: referenceName(name),
      canBeReferencedInPrompt: true,
      icon: '$(graph-line)',
      tags: ['adamscope', 'optimizer'],
      inputSchema: jsonSchemaOf(input),
    };
  });
  // The difference is what to write there.
  expect(contributes.languageModelTools).toEqual(expected);
});

test('the names that are registered at the activation are those of the tools', () => {
  expect([...languageModelTools].sort()).toEqual([...agentToolNames].sort());
  expect(contributes.languageModelTools.map((tool) => (tool as { name: string }).name)).toEqual(
    languageModelTools.map(nameInVsCode),
  );
});

test('the provider of the MCP server is contributed with the id that it registers', () => {
  const source = fs.readFileSync(path.join(root, 'src/host/agents/mcpServer.ts'), 'utf8');
  const [, id] = /const id = '([^']+)'/.exec(source)!;
  expect(contributes.mcpServerDefinitionProviders).toEqual([{ id, label: 'Adamscope' }]);
});
