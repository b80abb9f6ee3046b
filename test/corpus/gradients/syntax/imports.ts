import old from './old.cjs';
import * as shapes from './lib/shapes.cjs';

export function areaLoss([r]: number[]): number {
  return (old.area(r!) - 8) ** 2 + shapes.square(r!);
}
