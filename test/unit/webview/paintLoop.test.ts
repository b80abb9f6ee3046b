import { describe, expect, test } from 'vitest';
import { PaintLoop } from '../../../webview/state/paintLoop';

/** A page whose animation frames, clock and visible elements the test decides on. */
function page() {
  let now = 0;
  const frames: (() => void)[] = [];
  const watched = new Map<object, (near: boolean) => void>();
  const painted: string[] = [];
  const loop = new PaintLoop({
    nextFrame: (paint) => void frames.push(paint),
    watch: (element, changed) => {
      watched.set(element, changed);
      return () => void watched.delete(element);
    },
    now: () => now,
  });
  return {
    loop,
    painted,
    /** A painter that takes some milliseconds. */
    add(name: string, ms: number, isNear = true) {
      const element = { name };
      const end = loop.add(() => {
        now += ms;
        if (name === 'broken') throw new Error(name);
        painted.push(name);
      }, element);
      const see = (near: boolean) => watched.get(element)!(near);
      if (isNear) see(true);
      return { end, see };
    },
    /** Lets one animation frame pass. @returns what was painted in it */
    frame(): string {
      painted.length = 0;
      frames.shift()?.();
      return painted.join(' ');
    },
    get isResting() {
      return frames.length === 0;
    },
  };
}

describe('PaintLoop', () => {
  test('paints every visible element once, however often it is requested', () => {
    const { loop, add, frame, ...rest } = page();
    add('a', 1);
    add('b', 1);
    loop.request();
    loop.request();
    expect(frame()).toBe('a b');
    expect(rest.isResting).toBe(true);
  });

  test('an element is painted when it is first seen, not before', () => {
    const { loop, add, frame } = page();
    const far = add('far', 1, false);
    loop.request();
    expect(frame()).toBe('');
    far.see(true);
    expect(frame()).toBe('far');
    far.see(false);
    loop.request();
    expect(frame()).toBe('');
  });

  test('paintings that take long are distributed over several frames', () => {
    const { add, frame, ...rest } = page();
    for (const name of 'abcd') add(name, 9);
    expect([frame(), frame()]).toEqual(['a b', 'c d']);
    expect(rest.isResting).toBe(true);
  });

  test('no element starves while paintings are requested in every frame', () => {
    const { loop, add, frame } = page();
    for (const name of 'abc') add(name, 20);
    const seen = Array.from({ length: 6 }, () => {
      loop.request();
      return frame();
    });
    expect(seen.join('')).toBe('abcabc');
  });

  test('a request is answered when everything that it asked for is painted', () => {
    const { loop, add, frame } = page();
    const answers: string[] = [];
    for (const name of 'ab') add(name, 20);
    loop.request(() => answers.push('first'));
    frame();
    loop.request(() => answers.push('second'));
    expect(answers).toEqual([]);
    frame();
    expect(answers).toEqual(['first']);
    frame();
    expect(answers).toEqual(['first', 'second']);
  });

  test('a request without visible elements is answered in the next frame', () => {
    const { loop, frame } = page();
    let isAnswered = false;
    loop.request(() => {
      isAnswered = true;
    });
    expect(isAnswered).toBe(false);
    frame();
    expect(isAnswered).toBe(true);
  });

  test('a request waits until it is known whether an element is visible', () => {
    const { loop, add, frame, ...rest } = page();
    let answers = 0;
    const [seen, far] = [add('seen', 1, false), add('far', 1, false)];
    loop.request(() => answers++);
    expect([frame(), answers]).toEqual(['', 0]);
    far.see(false);
    seen.see(true);
    expect([frame(), answers]).toEqual(['seen', 1]);
    expect(rest.isResting).toBe(true);
  });

  test('an element that is removed or hidden before its painting is not waited for', () => {
    const { loop, add, frame } = page();
    let answers = 0;
    add('a', 20);
    const removed = add('removed', 20);
    const hidden = add('hidden', 20);
    loop.request(() => answers++);
    frame();
    removed.end();
    hidden.see(false);
    frame();
    expect(answers).toBe(1);
  });

  test('a painter that throws delays neither the others nor the answers', () => {
    const { loop, add, frame, painted } = page();
    let answers = 0;
    add('broken', 1);
    add('a', 1);
    loop.request(() => answers++);
    expect(frame).toThrow('broken');
    expect(painted).toEqual(['a']);
    expect(answers).toBe(1);
  });
});
