import { describe, expect, it } from 'vitest';
import { discover } from '../../../src/loss/discovery/discover';
import { lossInText } from '../../../src/loss/discovery/lossInText';
import { isSameLoss } from '../../../src/loss/discovery/sameLoss';
import { LineMap } from '../../../src/loss/places/lineMap';
import { movedPlace } from '../../../src/loss/places/movedPlace';
import { declarationNow, type LossThen, placeNow } from '../../../src/loss/places/placesNow';

const file = '/w/fit.ts';

function unmarked(marked: string, name = file) {
  const from = marked.indexOf('«');
  const to = marked.indexOf('»') - 1;
  const text = marked.replace('«', '').replace('»', '');
  const lines = new LineMap(name, text);
  return { text, location: from < 0 ? null : lines.location(from, to) };
}

function lossOf(text: string): LossThen {
  const [{ name, location, extent }] = discover(text, file, 'named') as [ReturnType<typeof discover>[number]];
  const { from, to } = new LineMap(file, text).range(extent);
  return { source: { file, lossName: name, location }, lossText: text.slice(from, to) };
}

/**
 * Expects that the place between « and » in `before` is now between « and » in `after`, or has no place
 * without them.
 */
function moves(before: string, after: string): void {
  const then = unmarked(before);
  const now = unmarked(after);
  const loss = lossOf(then.text);
  const declaration = declarationNow(loss, now.text);
  expect(declaration).not.toBeNull();
  const texts = { before: () => then.text, now: () => now.text };
  expect(placeNow(then.location!, loss, declaration!, texts)).toEqual(now.location);
}

const helper = 'function root(z: number) { return Math.sqrt(z); }\n';
const loss = '/** @loss @start [1] */\nexport function f([x]: number[]) { return «Math.log(x)»; }\n';
const plain = loss.replace(/[«»]/g, '');
const marked = helper.replace('Math.sqrt(z)', '«Math.sqrt(z)»');

describe('a place in the loss', () => {
  it.each<[what: string, before: string, after: string]>([
    ['stays where it was', loss, loss],
    ['follows lines above', loss, `const a = 1;\n\n${loss}`],
    ['follows lines above that go', `const a = 1;\n${loss}`, loss],
    ['follows what is typed before it in its lines', loss, loss.replace('/**', 'const ω = 1; /**')],
    ['follows a comment of another length', loss, loss.replace('*/', 'A steep one,\n of two lines. */')],
    ['follows a comment after which the function begins in the same line', loss, loss.replace('*/\n', '*/ ')],
    ['follows other line ends', loss, `const a = 1;\r\n${loss.replaceAll('\n', '\r\n')}`],
    ['follows edits above and below at once', `${helper}${loss}const z = 1;\n`, `${loss}const z = 12;\n`],
  ])('%s', (_, before, after) => moves(before, after));
});

describe('a place outside the loss', () => {
  it.each<[what: string, before: string, after: string]>([
    ['follows edits of the loss’s comment', marked + plain, marked + plain.replace('*/', 'Steep. */')],
    ['follows edits between', marked + plain, `${marked}const a = 1;\n${plain}`],
    ['follows edits above and below', marked + plain, `const a = 1;\n${marked}const b = 1;\n${plain}`],
    ['follows edits before it in its line', marked + plain, `const a = 1; ${marked}${plain}`],
    ['follows when the order changes', marked + plain, plain + marked],
    ['is gone when its statement has changed', marked + plain, helper.replace('sqrt', 'cbrt') + plain],
    ['is gone when its statement is', marked + plain, plain],
    ['is gone when it cannot be told from a copy', marked + plain, helper + helper + plain],
    ['is the second of two equals still', helper + marked + plain, `// new\n${helper}\n${marked}${plain}`],
    ['stays while nothing changes where there is no statement', `« »\n${plain}`, `« »\n${plain}`],
    ['is gone with the first change where there is none', `« »\n${plain}`, `\nconst a = 1;\n${plain}`],
  ])('%s', (_, before, after) => moves(before, after));

  it('in another file follows that file', () => {
    const then = unmarked(`export ${marked}`, '/w/lib.ts');
    const now = unmarked(`import './a';\nexport ${marked}`, '/w/lib.ts');
    const known = lossOf(plain);
    const declaration = declarationNow(known, plain)!;
    const place = (texts: { before: string | undefined; now: string | undefined }) =>
      placeNow(then.location!, known, declaration, {
        before: (name) => (name === '/w/lib.ts' ? texts.before : plain),
        now: (name) => (name === '/w/lib.ts' ? texts.now : plain),
      });
    expect(place({ before: then.text, now: now.text })).toEqual(now.location);
    expect(place({ before: then.text, now: 'export function root() {}' })).toBeNull();
    // A place in a deleted file does not exist. A file whose text was not kept is assumed to be unchanged.
    expect(place({ before: then.text, now: undefined })).toBeNull();
    expect(place({ before: undefined, now: now.text })).toEqual(then.location);
  });
});

describe('whether a loss is still the same', () => {
  const code = 'export function f([x]: number[]) {\n  return x; // so\n}';
  const text = `/**\n * Steep.\n * @loss\n * @optimizer sgd lr=0.1 momentum=0.9\n * @steps 3\n */\n${code}`;
  it.each<[what: string, now: string, same: boolean]>([
    ['without a change', text, true],
    ['with other line ends', text.replaceAll('\n', '\r\n'), true],
    ['with other words in its comment', text.replace('Steep.', 'Very steep,\n * and long.'), true],
    ['with its tags in another order', text.replace(' * @loss\n', '').replace('*/', '* @loss\n */'), true],
    ['with its options in another order', text.replace('lr=0.1 momentum=0.9', 'momentum=0.9  lr=.1'), true],
    ['not with another value', text.replace('0.1', '0.2'), false],
    ['not with an additional tag', text.replace(' */', ' * @seed 1\n */'), false],
    ['not with another gradient', text.replace(' */', ' * @gradient g\n */'), false],
    ['not with an invalid tag', text.replace('lr=0.1', 'lr=fast'), false],
    ['not with other code', text.replace('return x', 'return 2 * x'), false],
    ['not with another comment in its code', text.replace('so', 'thus'), false],
    ['not without its comment', code, false],
  ])('%s', (_, now, same) => {
    expect(isSameLoss(text, now, file, 'f')).toBe(same);
    expect(isSameLoss(now, text, file, 'f')).toBe(same);
  });

  it('requires an identical text if the text cannot be parsed on its own', () => {
    const method = 'loss([x]) { return x }';
    expect(isSameLoss(method, method, file, 'loss')).toBe(true);
    expect(isSameLoss(method, `/** So. */ ${method}`, file, 'loss')).toBe(false);
  });
});

describe('the current declaration of a loss', () => {
  it('is null if the loss has changed, has another name or was deleted', () => {
    const known = lossOf(plain);
    expect(declarationNow(known, `\n\n${plain}`)?.location.line).toBe(4);
    expect(declarationNow(known, plain.replace('log', 'exp'))).toBeNull();
    expect(declarationNow(known, plain.replace('function f', 'function g'))).toBeNull();
    expect(declarationNow(known, '')).toBeNull();
  });

  it('is found by name, but not inside other words', () => {
    const text = 'const buff = 1;\nexport function uff(p: number[]) { return p[0]; }';
    expect(lossInText(text, file, 'uff')?.location).toMatchObject({ line: 2, column: 17 });
    expect(lossInText(text, file, 'ff')).toBeNull();
    expect(lossInText(text, file, '')).toBeNull();
    expect(lossInText('export const größe = (p) => p[0]', file, 'größe')?.name).toBe('größe');
  });
});

it('a place beyond the end of a shorter text does not exist', () => {
  const { text, location } = unmarked(`${plain}\n\n\n« »`);
  expect(movedPlace(location!, text, plain)).toBeNull();
});
