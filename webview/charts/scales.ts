import { Chart, LinearScale, LogarithmicScale, type Scale } from 'chart.js';
import { symlogPlace, symlogValue } from './symlog';

/** The kinds of scale, by their names in chart.js. */
export type ScaleKind = 'linear' | 'logarithmic' | 'symlog';

/** A linear scale whose values are placed by `symlogPlace`. */
class SymlogScale extends LinearScale {
  static override readonly id = 'symlog';
  static override readonly defaults = LinearScale.defaults ?? {};

  get threshold(): number {
    return (this.options as unknown as { threshold: number }).threshold;
  }

  override getPixelForValue(value: number): number {
    const [low, high] = this.#ends();
    return this.getPixelForDecimal((symlogPlace(value, this.threshold) - low) / (high - low));
  }

  override getValueForPixel(pixel: number): number {
    const [low, high] = this.#ends();
    return symlogValue(low + this.getDecimalForPixel(pixel) * (high - low), this.threshold);
  }

  #ends(): [number, number] {
    return [symlogPlace(this.min, this.threshold), symlogPlace(this.max, this.threshold)];
  }
}

/** The transform of the value in which the scale is affine. */
export function transformOf(scale: Scale): (value: number) => number {
  if (scale instanceof SymlogScale) {
    const { threshold } = scale;
    return (value) => symlogPlace(value, threshold);
  }
  return scale.type === 'logarithmic' ? Math.log10 : (value) => value;
}

Chart.register(LinearScale, LogarithmicScale, SymlogScale);
