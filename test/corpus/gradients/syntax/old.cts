import shapes = require('./lib/shapes.cjs');

namespace Sizes {
  export const unit = 2;
}

const area = (r: number) => shapes.square(r) * Sizes.unit;
export = { area, cubeLoss: ([x]: number[]) => shapes.square(x) * x! };
