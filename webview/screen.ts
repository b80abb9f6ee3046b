import type { Screen } from './state/paintLoop';

/** The browser's animation frames and clock, and the observation of elements that are visible or nearly visible. */
export const browserScreen: Screen = {
  nextFrame: (paint) => requestAnimationFrame(paint),
  now: () => performance.now(),
  watch: (element, changed) => {
    const observer = new IntersectionObserver(
      (entries) => changed(entries.at(-1)?.isIntersecting !== false),
      { rootMargin: '300px' },
    );
    observer.observe(element as Element);
    return () => observer.disconnect();
  },
};
