import type { Node, OptionalCallExpression, OptionalMemberExpression } from '@babel/types';
import { visitArguments } from './callArguments';
import { asFirstArgument, type Callee, hideMethod, valueMethod } from './methods';
import type { Rewrite } from './rewrite';
import { endOf, startOf } from './source';

type Link = OptionalCallExpression | OptionalMemberExpression;

/**
 * `a?.b.c(d)`. It stays native, unless it contains a call of a method that inspects values. In that case the
 * chain is split at the last `?.` before each such method:
 *
 *     a?.b.some(f).c     ((t = a) == null ? void 0 : $.m.some(t.b, f).c)
 */
export function optionalChain(rewrite: Rewrite, node: Link): void {
  const links = linksOf(node);
  visitLinks(rewrite, links);
  const cuts: Link[] = [];
  for (const [index, link] of links.entries()) {
    if (link.type !== 'OptionalCallExpression' || !valueMethod(rewrite, link)) continue;
    const own = links.slice(0, index + 1).findLast((each) => each.optional)!;
    if (own !== link) methodAfterCut(rewrite, link, own);
    if (!cuts.includes(own)) cuts.push(own);
  }
  for (const [index, cut] of cuts.entries()) {
    // Each part ends at the next split.
    const next = cuts[index + 1];
    const to = next ? endOf(baseOf(next)) : endOf(node);
    const isMethod = cut.type === 'OptionalCallExpression' && valueMethod(rewrite, cut) !== null;
    if (isMethod) methodThatMayMiss(rewrite, cut, to);
    else cutAt(rewrite, cut, links, to);
  }
}

/** The links of a chain, from the first to the last. */
function linksOf(top: Link): Link[] {
  const links: Link[] = [];
  for (let at: Node = top; ; ) {
    if (at.type === 'OptionalCallExpression') {
      links.unshift(at);
      at = at.callee;
    } else if (at.type === 'OptionalMemberExpression') {
      links.unshift(at);
      at = at.object;
    } else if (at.type === 'TSNonNullExpression') at = at.expression;
    else return links;
  }
}

function visitLinks(rewrite: Rewrite, links: readonly Link[]): void {
  const [first] = links;
  if (!first) return;
  rewrite.visit(baseOf(first));
  for (const link of links) {
    if (link.type === 'OptionalCallExpression') visitArguments(rewrite, link);
    else if (link.computed) rewrite.visit(link.property);
  }
}

function baseOf(link: Link): Node {
  return link.type === 'OptionalCallExpression' ? link.callee : link.object;
}

/** `X?.` becomes `((t = X) == null ? void 0 : t.`. */
function cutAt(rewrite: Rewrite, cut: Link, links: readonly Link[], to: number): void {
  const held = rewrite.names.helper('temporary');
  const base = baseOf(cut);
  if (cut.type === 'OptionalCallExpression' && /Member/.test(base.type)) {
    rewrite.refuse(
      cut,
      'the rest of this optional chain cannot be differentiated; assign the result of the call to a variable first',
    );
    return;
  }
  const question = rewrite.tokenAt(endOf(base), '?.');
  const needsDot = cut.type === 'OptionalMemberExpression' && !cut.computed;
  rewrite.edits.replace(question, question + 1, ') == null ? void 0 : ');
  if (!isHidden(rewrite, cut, links))
    rewrite.edits.replace(question + 1, question + 2, needsDot ? `${held}.` : held);
  rewrite.wrapStretch(startOf(links[0]!), to, `((${held} = `, ')');
}

/** Whether the member at a split is the called method itself, whose dot has been removed. */
function isHidden(rewrite: Rewrite, cut: Link, links: readonly Link[]): boolean {
  return links.some(
    (each) => each.type === 'OptionalCallExpression' && valueMethod(rewrite, each)?.callee === cut,
  );
}

function methodAfterCut(rewrite: Rewrite, node: OptionalCallExpression, cut: Link): void {
  const { callee, name } = valueMethod(rewrite, node)!;
  const question = rewrite.tokenAt(endOf(baseOf(cut)), '?.');
  if (callee === cut) {
    rewrite.edits.replace(question + 1, question + 2, rewrite.names.helper('temporary'));
    hideName(rewrite, callee, question + 2);
  } else hideMethod(rewrite, callee, ' ');
  asFirstArgument(rewrite, node);
  rewrite.wrapStretch(question + 1, endOf(node), `${rewrite.runtime}.m.${name}(`, '');
}

function hideName(rewrite: Rewrite, { property, computed }: Callee, from: number): void {
  if (computed) rewrite.token(from, '[', ' ');
  rewrite.replace(property, ' ');
  if (computed) rewrite.token(endOf(property), ']', ' ');
}

/** `X.some?.(f)` becomes `((t = X).some == null ? void 0 : $.m.some(t, f))`. */
function methodThatMayMiss(rewrite: Rewrite, node: OptionalCallExpression, to: number): void {
  const { callee, name } = valueMethod(rewrite, node)!;
  const { object } = callee;
  if (callee.type === 'OptionalMemberExpression' || object.type === 'Super') {
    rewrite.refuse(node, 'this optional call cannot be differentiated; test for the method first');
    return;
  }
  const held = rewrite.names.helper('temporary');
  const question = rewrite.tokenAt(endOf(node.callee), '?.');
  rewrite.edits.replace(question, question + 1, ` == null ? void 0 : ${rewrite.runtime}.m.${name}(${held}`);
  rewrite.edits.replace(question + 1, question + 2, ' ');
  rewrite.token(question + 2, '(', node.arguments.length > 0 ? ',' : ' ');
  rewrite.wrap(object, `(${held} = `, ')');
  rewrite.wrapStretch(startOf(node), to, '(', ')');
}
