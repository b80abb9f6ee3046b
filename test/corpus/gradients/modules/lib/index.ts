export { line } from './line';
export const enum Axis {
  X,
  Y,
}
