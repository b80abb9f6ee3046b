export let scale = 0.5;
export const setScale = (k: number): void => {
  scale = k;
};
export const half = (x: number): number => x * scale;
