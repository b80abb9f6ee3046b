import { toJsonSchema } from '@valibot/to-json-schema';
import type { AgentTool } from './agentTool';

/** The JSON schema of an object, which is derived from the schema that checks it. */
export function jsonSchemaOf(schema: AgentTool['input' | 'output']): {
  readonly type: 'object';
  readonly [key: string]: unknown;
} {
  const { $schema: _, ...rest } = toJsonSchema(schema, { typeMode: 'input', errorMode: 'throw' });
  return { ...rest, type: 'object' };
}
