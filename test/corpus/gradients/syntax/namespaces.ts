namespace Geometry {
  export interface Point {
    x: number;
    y: number;
  }
  export const origin: Point = { x: 0, y: 0 };
  export function distance(a: Point, b: Point): number {
    return Math.hypot(a.x - b.x, a.y - b.y);
  }
  export namespace Shapes {
    export const circle = (r: number) => Math.PI * r * r;
    export class Box {
      constructor(
        readonly width: number,
        readonly height: number,
      ) {}
      get area(): number {
        return this.width * this.height;
      }
    }
  }
}

namespace Geometry {
  export const fromOrigin = (p: Point) => distance(p, origin);
}

namespace Scale.Factors {
  export enum Unit {
    Metre = 1,
    Kilometre = 1000,
  }
  export let half = 0.5;
}

import Box = Geometry.Shapes.Box;

export function distanceLoss([x, y]: number[]): number {
  return Geometry.distance({ x: x!, y: y! }, { x: 1, y: -1 });
}

export function mergedLoss([x, y]: number[]): number {
  return Geometry.fromOrigin({ x: x!, y: y! });
}

export function circleLoss([r]: number[]): number {
  return (Geometry.Shapes.circle(r!) - Math.PI) ** 2;
}

export function boxLoss([w, h]: number[]): number {
  return new Box(w!, h!).area + new Geometry.Shapes.Box(h!, 2).area;
}

export function unitLoss([x]: number[]): number {
  const { Unit, half } = Scale.Factors;
  return half * (x! * Unit.Kilometre - Unit.Metre) ** 2 * 1e-6;
}
