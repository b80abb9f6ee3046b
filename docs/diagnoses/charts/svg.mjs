const [width, left, right, titleHeight, headHeight, footHeight] = [640, 64, 16, 26, 22, 36];
const heights = [190, 110];
// Colours of middle lightness, and no background: legible on dark and on light.
const [ink, mark] = ['#808080', '#d9730d'];
export const colours = ['#3d8fd1', '#2f9e6b', '#b06fc4'];

/**
 * A chart over the steps of a run: panels below one another, with the steps of the finding marked.
 *
 * @param panels  `{ name, log, limit, curves: [{ name, values, dash, colour }] }`; a curve has a value for each step, and
 *                NaN where there is none; `limit` is a line across, `{ value, name }`
 * @param marked  first and last step of the finding
 * @param steps   first and last step that are drawn; absent: all
 */
export function svg({ title, panels, marked, steps = allSteps(panels) }) {
  const [first, last] = steps;
  const x = (t) => round(left + ((t - first) / Math.max(1, last - first)) * (width - left - right));
  const parts = [`<text x="${left}" y="18" fill="${ink}">${escaped(title)}</text>`];
  let top = titleHeight;
  panels.forEach((panel, i) => {
    const hasHead = panel.name !== undefined || panel.curves.some(({ name }) => name !== undefined);
    if (hasHead) parts.push(...head(panel, top + 15));
    top += hasHead ? headHeight : 8;
    const bottom = top + heights[Math.min(i, heights.length - 1)];
    parts.push(...band(marked, steps, x, top, bottom), ...drawn(panel, steps, x, top, bottom));
    top = bottom + (i < panels.length - 1 ? 10 : 0);
  });
  for (const t of [...new Set([first === 1 ? 1 : [], linearTicks(first, last, 6)].flat())])
    parts.push(`<text x="${x(t)}" y="${top + 18}" fill="${ink}" text-anchor="middle">${t}</text>`);
  const height = top + footHeight;
  parts.push(`<text x="${width - right}" y="${height - 4}" fill="${ink}" text-anchor="end">step</text>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}" font-family="sans-serif" font-size="12">`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function allSteps(panels) {
  return [1, Math.max(...panels.flatMap(({ curves }) => curves.map(({ values }) => values.length)))];
}

/** What is drawn, in a line above the panel: its name, and its curves where they have names. */
function head({ name, curves }, y) {
  const parts = [];
  let at = left;
  const say = (text) => {
    parts.push(`<text x="${at}" y="${y}" fill="${ink}">${escaped(text)}</text>`);
    // There is no measuring here: a letter of a sans-serif is 6 to 7 wide at this size.
    at += Math.round(text.length * 6.5) + 14;
  };
  if (name) say(name);
  for (const curve of curves) {
    if (!curve.name) continue;
    parts.push(`<path d="M${at} ${y - 4}h24" ${stroke(curve)}/>`);
    at += 30;
    say(curve.name);
  }
  return parts;
}

function band([from, to], [first, last], x, top, bottom) {
  if (to < first || from > last) return [];
  const at = x(Math.max(from, first));
  const size = Math.max(3, round(x(Math.min(to, last)) - at));
  return [
    `<rect x="${at}" y="${top}" width="${size}" height="${bottom - top}" fill="${mark}" fill-opacity="0.18"/>`,
  ];
}

function drawn({ log, limit, curves }, [first, last], x, top, bottom) {
  const scale = log ? Math.log10 : (value) => value;
  const inside = curves.map(({ values }) => values.slice(first - 1, last).map(scale));
  const shown = [...inside.flat(), ...(limit ? [scale(limit.value)] : [])].filter(Number.isFinite);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const y = (scaled) => round(top + ((high - scaled) / (high - low)) * (bottom - top));
  const parts = [
    `<path d="M${left} ${top}V${bottom}H${width - right}" fill="none" stroke="${ink}"/>`,
    ...(log ? logTicks(low, high) : linearTicks(low, high, 5)).map(
      (value) =>
        `<text x="${left - 8}" y="${y(scale(value)) + 4}" fill="${ink}" text-anchor="end">${short(value)}</text>`,
    ),
  ];
  if (limit) {
    const at = y(scale(limit.value));
    // Above its line where there is room, else below.
    const text = at - top > 16 ? at - 4 : at + 13;
    parts.push(
      `<path d="M${left} ${at}H${width - right}" stroke="${ink}" stroke-dasharray="2 3"/>`,
      `<text x="${limit.isLeft ? left + 6 : width - right - 4}" y="${text}" fill="${ink}" text-anchor="${limit.isLeft ? 'start' : 'end'}">${escaped(limit.name)}</text>`,
    );
  }
  inside.forEach((scaled, i) => {
    const points = scaled.flatMap((value, k) =>
      Number.isFinite(value) ? [`${x(first + k)} ${y(value)}`] : [],
    );
    parts.push(`<polyline points="${points.join(', ')}" fill="none" ${stroke(curves[i])}/>`);
  });
  return parts;
}

function stroke({ colour, dash, thin }) {
  const dashes = dash ? ' stroke-dasharray="5 4"' : '';
  return `stroke="${colour}" stroke-width="${dash || thin ? 1.5 : 2}"${dashes}`;
}

/** Multiples of 1, 2 or 5 times a power of ten from low to high, about as many as wished. */
function linearTicks(low, high, count) {
  const power = 10 ** Math.floor(Math.log10((high - low) / count));
  const gap = [1, 2, 5, 10].map((each) => each * power).find((each) => (high - low) / each <= count);
  const first = Math.ceil(low / gap);
  return Array.from({ length: Math.floor(high / gap) - first + 1 }, (_, k) => (first + k) * gap);
}

/** Powers of ten, with twice and five times them where there are few; low and high are logarithms. */
function logTicks(low, high) {
  const [first, last] = [Math.ceil(low), Math.floor(high)];
  if (high - low > 2.5) {
    const powers = linearTicks(first, last, 4).filter(Number.isInteger);
    return powers.map((power) => 10 ** power);
  }
  const ticks = Array.from({ length: last - first + 2 }, (_, k) => 10 ** (first - 1 + k))
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((value) => value >= 10 ** low && value <= 10 ** high);
  return ticks.length > 1 ? ticks : linearTicks(10 ** low, 10 ** high, 4);
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function short(value) {
  return value !== 0 && (Math.abs(value) < 0.01 || Math.abs(value) >= 1e4)
    ? value.toExponential(0).replace('e+', 'e').replace(/^-/, '−')
    : `${Number(value.toPrecision(2))}`.replace('-', '−');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
