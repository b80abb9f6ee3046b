import type { Identifier, Node, OptionalCallExpression, OptionalMemberExpression } from '@babel/types';
import { bare } from '../syntax/nodes';
import { visitArguments } from './callArguments';
import { asFirstArgument, type Callee, hideMethod, valueMethod } from './methods';
import type { Rewrite } from './rewrite';
import { endOf, startOf } from './source';

type Link = OptionalCallExpression | OptionalMemberExpression;

/**
 * `a?.b.c(d)`. It stays native, unless it contains a call of a method that inspects values. In that case the
 * chain is split at the last `?.` before each such method. A method that is called by `?.(` is bound first:
 *
 *     a?.b.some(f).c      ((t = a) == null ? void 0 : $.m.some(t.b, f).c)
 *     a.some?.(f)         $.bound(a, "some")?.(f)
 *     a.b?.(c).some(f)    ((t = $.bound(a, "b")) == null ? void 0 : $.m.some(t(c), f))
 */
export function optionalChain(rewrite: Rewrite, node: Link): void {
  const links = linksOf(node);
  visitLinks(rewrite, links);
  const cuts = new Set<Link>();
  const bound = new Set<OptionalCallExpression>();
  const cut = (link: Link) => {
    cuts.add(link);
    if (link.type === 'OptionalCallExpression' && /Member/.test(bare(link.callee).type)) bind(link);
  };
  const bind = (call: OptionalCallExpression) => {
    bound.add(call);
    const before = links.slice(0, links.indexOf(call)).findLast((each) => each.optional);
    if (before) cut(before);
  };
  const methods: OptionalCallExpression[] = [];
  for (const [index, link] of links.entries()) {
    if (link.type !== 'OptionalCallExpression' || !valueMethod(rewrite, link)) continue;
    const own = links.slice(0, index + 1).findLast((each) => each.optional)!;
    if (own === link) bind(link);
    else {
      cut(own);
      methods.push(link);
    }
  }
  if ([...bound].some(({ callee }) => !canBeBound(bare(callee)))) {
    rewrite.refuse(
      node,
      'this optional chain cannot be differentiated; assign the result of the optional call to a variable first',
    );
    return;
  }
  for (const call of bound) bindCallee(rewrite, call, links);
  for (const link of methods)
    methodAfterCut(rewrite, link, links.slice(0, links.indexOf(link)).findLast((each) => each.optional)!);
  const inOrder = links.filter((each) => cuts.has(each));
  for (const [index, each] of inOrder.entries()) {
    // Each part ends at the next split.
    const next = inOrder[index + 1];
    cutAt(rewrite, each, links, next ? endOf(baseOf(next)) : endOf(node), bound);
  }
}

/** Private names and `super` cannot be passed on. */
function canBeBound(callee: Node): boolean {
  return (
    (callee.type === 'MemberExpression' || callee.type === 'OptionalMemberExpression') &&
    callee.object.type !== 'Super' &&
    callee.property.type !== 'PrivateName'
  );
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
  if (first.type === 'OptionalCallExpression') rewrite.called.add(bare(first.callee));
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
function cutAt(
  rewrite: Rewrite,
  cut: Link,
  links: readonly Link[],
  to: number,
  bound: ReadonlySet<OptionalCallExpression>,
): void {
  const held = rewrite.names.helper('temporary');
  const question = rewrite.tokenAt(endOf(baseOf(cut)), '?.');
  const needsDot = cut.type === 'OptionalMemberExpression' && !cut.computed;
  rewrite.edits.replace(question, question + 1, ') == null ? void 0 : ');
  if (!isHidden(rewrite, cut, links, bound))
    rewrite.edits.replace(question + 1, question + 2, needsDot ? `${held}.` : held);
  rewrite.wrapStretch(startOf(links[0]!), to, `((${held} = `, ')');
}

/** Whether the member at a split is the called method itself, whose dot has been replaced. */
function isHidden(
  rewrite: Rewrite,
  cut: Link,
  links: readonly Link[],
  bound: ReadonlySet<OptionalCallExpression>,
): boolean {
  return links.some(
    (each) =>
      each.type === 'OptionalCallExpression' &&
      bare(each.callee) === cut &&
      (bound.has(each) || valueMethod(rewrite, each) !== null),
  );
}

/** `X.f` becomes `$.bound(X, "f")`, from the last `?.` before it. */
function bindCallee(rewrite: Rewrite, call: OptionalCallExpression, links: readonly Link[]): void {
  const callee = bare(call.callee) as Callee;
  const { object, property, computed } = callee;
  const { runtime } = rewrite;
  const before = links.slice(0, links.indexOf(call)).findLast((each) => each.optional);
  let from = endOf(object);
  if (before === callee) {
    const question = rewrite.tokenAt(from, '?.');
    rewrite.edits.replace(
      question + 1,
      question + 2,
      `${runtime}.bound(${rewrite.names.helper('temporary')},`,
    );
    from = question + 2;
    if (computed) rewrite.token(from, '[', ' ');
  } else {
    const start = before ? rewrite.tokenAt(endOf(baseOf(before)), '?.') + 1 : startOf(links[0]!);
    rewrite.wrapStretch(start, endOf(callee), `${runtime}.bound(`, '');
    rewrite.token(from, computed ? '[' : '.', ',');
  }
  if (computed) rewrite.token(endOf(property), ']', ')');
  else rewrite.replace(property, `${JSON.stringify((property as Identifier).name)})`);
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
