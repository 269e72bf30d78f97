import { functionError } from './errors.ts';
import { jsFunction, type JsFunction } from './js-function.ts';

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];
const RESET = '\u001b[0m';
const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);

type Rgb = readonly [red: number, green: number, blue: number];

/** `#f0a` as `#ff00aa`; one of the eight names of a terminal as it is. */
function parse(text: string): string {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  if (short)
    return `#${short
      .slice(1)
      .map((digit) => digit.repeat(2))
      .join('')
      .toLowerCase()}`;
  const name = text.toLowerCase();
  if (!NAMES.includes(name)) throw invalid(`Invalid color: '${text}'`);
  return name;
}

function rgb(red: bigint, green: bigint, blue: bigint): string {
  for (const [name, value] of Object.entries({ red, green, blue }))
    if (value < 0n || value > 255n) throw invalid(`${name} must be between 0 and 255`);
  return write([Number(red), Number(green), Number(blue)]);
}

const write = (parts: Rgb) => `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

function read(color: string): Rgb | undefined {
  const [red, green, blue] = (color.match(/[0-9a-f]{2}/g) ?? []).map((part) => Number.parseInt(part, 16));
  return color.startsWith('#') && red !== undefined && green !== undefined && blue !== undefined
    ? [red, green, blue]
    : undefined;
}

/** The escape sequence of a color in a terminal of 256: the names come first, then a cube of 6 × 6 × 6. */
function escape(color: string): string {
  const parts = read(color);
  const index = parts
    ? parts.reduce((sum, part) => sum * 6 + Math.floor((part * 6) / 256), 0) + 16
    : NAMES.indexOf(color);
  return `\u001b[38;5;${index}m`;
}

const render = (text: string, color: string) => `${escape(color)}${text}${RESET}`;

const { fround } = Math;

/** java.awt.Color.RGBtoHSB, in floats as there. */
function toHsb([red, green, blue]: Rgb): Rgb {
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  const spread = most - least;
  if (spread === 0) return [0, 0, fround(most / 255)];
  const share = (part: number) => fround(fround(most - part) / fround(spread));
  const [r, g, b] = [share(red), share(green), share(blue)];
  const hue = red === most ? fround(b - g) : green === most ? fround(fround(2 + r) - b) : fround(fround(4 + g) - r);
  const turn = fround(hue / 6);
  return [turn < 0 ? fround(turn + 1) : turn, fround(spread / most), fround(most / 255)];
}

/** java.awt.Color.HSBtoRGB. */
function fromHsb([hue, saturation, brightness]: Rgb): Rgb {
  const part = (value: number) => Math.trunc(fround(fround(value * 255) + 0.5));
  if (saturation === 0) return [part(brightness), part(brightness), part(brightness)];
  const h = fround(fround(hue - Math.floor(hue)) * 6);
  const f = fround(h - Math.floor(h));
  const v = part(brightness);
  const p = part(fround(brightness * fround(1 - saturation)));
  const q = part(fround(brightness * fround(1 - fround(saturation * f))));
  const t = part(fround(brightness * fround(1 - fround(saturation * fround(1 - f)))));
  const choices: readonly Rgb[] = [
    [v, t, p],
    [q, v, p],
    [p, v, t],
    [p, q, v],
    [t, p, v],
    [v, p, q],
  ];
  return choices[Math.trunc(h)] ?? [0, 0, 0];
}

function blend(share: number, low: Rgb, high: Rgb): string {
  const [a, b] = [toHsb(low), toHsb(high)];
  const mix = (index: 0 | 1 | 2) => fround(fround(fround(share) * fround(b[index] - a[index])) + a[index]);
  return write(fromHsb([mix(0), mix(1), mix(2)]));
}

function between(share: number, lowColor: string, highColor: string): string {
  const [low, high] = [read(lowColor), read(highColor)];
  if (!low) throw invalid('lowColor not a valid RGB color');
  if (!high) throw invalid('highColor not a valid RGB color');
  return blend(Math.max(0, Math.min(1, share)), low, high);
}

/** A bar of blocks whose color goes from one to the other, padded to its width. */
function bar(share: number, width: bigint, lowColor: string, highColor: string): string {
  const size = Number(width);
  const count = Math.max(0, Math.min(size, Math.trunc(share * size)));
  const blocks = Array.from({ length: Number.isNaN(count) ? 0 : count }, (_unused, index) => {
    const [low, high] = [read(lowColor), read(highColor)];
    if (!low || !high) throw invalid('color is not a valid rgb value');
    return `${escape(blend(size === 1 ? NaN : index / (size - 1), low, high))}\u2588`;
  });
  return `${blocks.join('')}${RESET}${' '.repeat(Math.max(0, size - blocks.length))}`;
}

/** Colors for a terminal, as Trino's ColorFunctions has them. */
export const COLOR_FUNCTIONS: readonly JsFunction[] = [
  jsFunction('color', ['VARCHAR'], 'VARCHAR', parse),
  jsFunction('color_rgb', ['BIGINT', 'BIGINT', 'BIGINT'], 'VARCHAR', rgb),
  jsFunction('color_between', ['DOUBLE', 'VARCHAR', 'VARCHAR'], 'VARCHAR', between),
  jsFunction('color_render', ['VARCHAR', 'VARCHAR'], 'VARCHAR', render),
  jsFunction('color_bar', ['DOUBLE', 'BIGINT', 'VARCHAR', 'VARCHAR'], 'VARCHAR', bar),
];
