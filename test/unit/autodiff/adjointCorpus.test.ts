import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type AdjointModule, generateAdjoint } from '../../../src/autodiff/adjoint/generateAdjoint';
import { DiskSources } from '../../../src/loss/diskSources';
import { vectorCall } from '../../../src/loss/providers/javascript/callArguments';
import { hasDerivativeTags } from '../../../src/loss/providers/javascript/load/derivativeTags';
import { link } from '../../../src/loss/providers/javascript/load/link';
import {
  type CodeNode,
  type ModuleGraph,
  readGraph,
} from '../../../src/loss/providers/javascript/load/moduleGraph';
import { noMorePasses } from '../../../src/loss/providers/javascript/load/morePasses';
import type { Pass } from '../../../src/loss/providers/javascript/load/pass';
import type { GradientCase } from '../../corpus/gradients/case';
import { calledForm } from '../../support/corpus/calledForm';
import { contextOf, importFunction } from '../../support/corpus/program';
import { gradientCases, gradientsFolder } from '../../support/corpus/tables';
import type { Gradient } from './support/generated';
import { distance } from './support/generated';

const cases = await gradientCases();
/** The gradient may depend on how a tie is decided where the loss is smooth, too. */
const hasTies = ({ file, name }: GradientCase) => file === 'ties/ties.ts' || /^a stable logistic/.test(name);
const generatedCases: string[] = [];

function moduleOf(node: CodeNode, graph: ModuleGraph): AdjointModule {
  const { file, text, program } = node.module;
  const imported = (specifier: string) => {
    for (const [request, resolution] of node.resolutions) {
      if (request.literal.value !== specifier || resolution.kind !== 'user') continue;
      const target = graph.nodes.get(resolution.file);
      return target?.kind === 'code' ? moduleOf(target, graph) : null;
    }
    return null;
  };
  return { file, text, program, imported };
}

describe('the programs of the corpus for which a gradient can be generated', () => {
  test.each(cases)('$name', async (gradientCase) => {
    const { file, loss, dim, points, name } = gradientCase;
    const form = calledForm(gradientsFolder, gradientCase);
    const entry = path.join(gradientsFolder, file);
    const graph = await readGraph(entry, new DiskSources());
    const node = graph.nodes.get(entry);
    if (node?.kind !== 'code') throw new Error(`${file} cannot be read`);
    // The loader generates nothing for a program with derivatives of its own.
    if (hasDerivativeTags(graph)) return;
    for (const mode of dim <= 3 ? (['reverse', 'forward'] as const) : (['reverse'] as const)) {
      const generated = generateAdjoint(moduleOf(node, graph), loss, dim, mode, form);
      if (generated.unsupported) {
        expect(generated.unsupported.length).toBeGreaterThan(0);
        continue;
      }
      generatedCases.push(name);
      const { exportName, text } = generated;
      const exported =
        node.format === 'esm' ? `export { ${exportName} };` : `exports.${exportName} = ${exportName};`;
      const directory = mkdtempSync(path.join(tmpdir(), 'adamscope-adjoint-'));
      try {
        const passes = (each: CodeNode): Pass[] =>
          each.file === entry ? [({ edits }) => edits.append(`${text}\n${exported}\n`)] : [];
        const linked = await link(entry, new DiskSources(), directory, { ...noMorePasses, passes });
        const gradient = (await importFunction(linked, exportName)) as unknown as Gradient;
        const plain = vectorCall(await importFunction(linked, loss), form, globalThis);
        for (const { at, gradient: expected, context, rough } of points) {
          const grad = new Float64Array(dim);
          const value = gradient(Float64Array.from(at), grad, contextOf(context));
          // The tape decides ties.
          if (value === null && (rough || hasTies(gradientCase))) continue;
          expect(value).toBe(plain([...at], contextOf(context)));
          expect(
            distance(grad, expected),
            `${mode}, at [${at}]: [${grad}], not [${expected}]\n${text}`,
          ).toBeLessThan(1e-10);
        }
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    }
  });

  afterAll(() => {
    if (process.env.ADJOINT_LIST)
      console.log(new Set(generatedCases).size, cases.length, [...new Set(generatedCases)].join('\n'));
  });
});
