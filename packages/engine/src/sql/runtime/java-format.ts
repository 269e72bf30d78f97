import { functionError } from './errors.ts';
import { MONTHS, WEEKDAYS, pad } from './date-names.ts';
import { fieldsOf } from './calendar.ts';
import { jsNullFunction, type JsFunction } from './js-function.ts';
import { parseTimestamp } from './instant-text.ts';
import { printDouble } from './number-text.ts';

/** What an argument of format() is in Java: its letter stands before its text. */
type Kind = 'b' | 'i' | 'd' | 'f' | 's' | 't';
interface Argument {
  readonly kind: Kind;
  readonly text: string;
}

const SPECIFIER = /%(?:(\d+)\$|(<))?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?(t)?([a-zA-Z%])/g;

class Formatter {
  readonly #format: string;
  readonly #arguments: readonly (Argument | null)[];

  constructor(format: string, values: readonly (Argument | null)[]) {
    this.#format = format;
    this.#arguments = values;
  }

  run(): string {
    let next = 0;
    let last = -1;
    const out = this.#format.replaceAll(
      SPECIFIER,
      (
        whole,
        position: string | undefined,
        previous: string | undefined,
        flags: string,
        width: string | undefined,
        precision: string | undefined,
        date: string | undefined,
        letter: string,
      ) => {
        if (letter === 'n' && !date) return '\n';
        if (letter === '%' && !date) return this.#fit('%', flags, width);
        if (!date && !/[bBhHsScCdoxXeEfgGaA]/.test(letter))
          throw this.#wrong(`UnknownFormatConversion: Conversion = '${letter}'`);
        last = previous ? last : position === undefined ? next++ : Number(position) - 1;
        if (last >= this.#arguments.length || last < 0)
          throw this.#wrong(`MissingFormatArgument: Format specifier '${whole}'`);
        const value = this.#arguments[last] ?? null;
        const text = this.#convert(value, date === undefined ? letter : `t${letter}`, flags, width, precision);
        const isUpper = date === undefined && /[A-Z]/.test(letter);
        return this.#fit(isUpper ? text.toUpperCase() : text, flags, width);
      },
    );
    if (/%(?!%)/.test(this.#format.replaceAll(SPECIFIER, ''))) throw this.#wrong('UnknownFormatConversion');
    return out;
  }

  #wrong(detail: string): Error {
    return functionError('INVALID_FUNCTION_ARGUMENT', `Invalid format string: ${this.#format} (${detail})`);
  }

  #fit(text: string, flags: string, width: string | undefined): string {
    const size = Number(width ?? 0);
    return flags.includes('-') ? text.padEnd(size) : text.padStart(size);
  }

  #convert(
    value: Argument | null,
    letter: string,
    flags: string,
    width: string | undefined,
    precision: string | undefined,
  ): string {
    const lower = letter.toLowerCase();
    if (lower === 'b') return value === null ? 'false' : value.kind === 'b' ? value.text : 'true';
    if (value === null) return precision === undefined ? 'null' : 'null'.slice(0, Number(precision));
    if (letter.startsWith('t')) return this.#date(value, letter);
    if (lower === 's') return precision === undefined ? value.text : value.text.slice(0, Number(precision));
    if (lower === 'h') return (javaHash(value) >>> 0).toString(16);
    if (lower === 'd' || lower === 'x' || lower === 'o') return this.#integer(value, lower, flags, width);
    if (lower === 'e' || lower === 'f' || lower === 'g') return this.#floating(value, lower, flags, width, precision);
    throw this.#wrong(`IllegalFormatConversion: ${letter} != ${javaClass(value)}`);
  }

  #integer(value: Argument, letter: string, flags: string, width: string | undefined): string {
    if (value.kind !== 'i') throw this.#wrong(`IllegalFormatConversion: ${letter} != ${javaClass(value)}`);
    const number = BigInt(value.text);
    if (letter !== 'd') return BigInt.asUintN(64, number).toString(letter === 'x' ? 16 : 8);
    return this.#signed(number < 0n, (number < 0n ? -number : number).toString(), flags, width);
  }

  #floating(
    value: Argument,
    letter: string,
    flags: string,
    width: string | undefined,
    precision: string | undefined,
  ): string {
    if (value.kind !== 'f' && value.kind !== 'd')
      throw this.#wrong(`IllegalFormatConversion: ${letter} != ${javaClass(value)}`);
    const number = Number(value.text);
    if (!Number.isFinite(number)) return value.text;
    const digits = Number(precision ?? 6);
    const negative = value.text.startsWith('-');
    const exact = value.text.replace(/^-/, '');
    if (letter === 'f') return this.#signed(negative, fixed(exact, digits), flags, width);
    const scientific = (places: number) =>
      Math.abs(number)
        .toExponential(places)
        .replace(/e([+-])(\d)$/, 'e$10$2');
    if (letter === 'e') return this.#signed(negative, scientific(digits), flags, width);
    const places = Math.max(1, digits);
    const size = Math.abs(number);
    const text =
      size === 0 || (size >= 1e-4 && size < 10 ** places)
        ? fixed(exact, Math.max(0, places - 1 - Math.floor(Math.log10(size || 1))))
        : scientific(places - 1);
    return this.#signed(negative, text, flags, width);
  }

  #signed(negative: boolean, digits: string, flags: string, width: string | undefined): string {
    const [whole = '', ...rest] = digits.split(/(?=[.e])/);
    const grouped = flags.includes(',') ? whole.replaceAll(/\B(?=(\d{3})+$)/g, ',') : whole;
    const body = `${grouped}${rest.join('')}`;
    if (negative && flags.includes('(')) return `(${body})`;
    const sign = negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
    return flags.includes('0') ? `${sign}${body.padStart(Number(width ?? 0) - sign.length, '0')}` : `${sign}${body}`;
  }

  #date(value: Argument, letter: string): string {
    const parsed = value.kind === 't' ? parseTimestamp(value.text.replace('T', ' ')) : undefined;
    if (!parsed) throw this.#wrong(`IllegalFormatConversion: ${letter} != ${javaClass(value)}`);
    const f = fieldsOf(parsed.picos);
    const half = f.hour % 12 === 0 ? 12 : f.hour % 12;
    const clock = `${pad(f.hour, 2)}:${pad(f.minute, 2)}`;
    const table: Readonly<Record<string, string>> = {
      tA: WEEKDAYS[f.weekday - 1] ?? '',
      ta: (WEEKDAYS[f.weekday - 1] ?? '').slice(0, 3),
      tB: MONTHS[f.month - 1] ?? '',
      tb: (MONTHS[f.month - 1] ?? '').slice(0, 3),
      th: (MONTHS[f.month - 1] ?? '').slice(0, 3),
      tY: pad(f.year, 4),
      ty: pad(f.year % 100, 2),
      tm: pad(f.month, 2),
      td: pad(f.day, 2),
      te: String(f.day),
      tj: pad(f.dayOfYear, 3),
      tH: pad(f.hour, 2),
      tI: pad(half, 2),
      tk: String(f.hour),
      tl: String(half),
      tM: pad(f.minute, 2),
      tS: pad(f.second, 2),
      tL: pad(Number(f.picos / 1_000_000_000n), 3),
      tp: f.hour < 12 ? 'am' : 'pm',
      tR: clock,
      tT: `${clock}:${pad(f.second, 2)}`,
      tD: `${pad(f.month, 2)}/${pad(f.day, 2)}/${pad(f.year % 100, 2)}`,
      tF: `${pad(f.year, 4)}-${pad(f.month, 2)}-${pad(f.day, 2)}`,
    };
    const text = table[letter];
    if (text === undefined) throw this.#wrong(`UnknownFormatConversion: Conversion = '${letter}'`);
    return text;
  }
}

/** A decimal text with so many digits after the point, rounded half up. */
function fixed(text: string, digits: number): string {
  const plain = /e/i.test(text) ? expand(text) : text;
  const [whole = '0', fraction = ''] = plain.split('.');
  const padded = fraction.padEnd(digits + 1, '0');
  const scaled = BigInt(whole + padded.slice(0, digits)) + (Number(padded[digits] ?? 0) >= 5 ? 1n : 0n);
  const all = scaled.toString().padStart(digits + 1, '0');
  return digits === 0 ? all : `${all.slice(0, -digits)}.${all.slice(-digits)}`;
}

function expand(text: string): string {
  const [mantissa = '0', power = '0'] = text.toLowerCase().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const exponent = Number(power);
  if (exponent >= 0) {
    const digits = fraction.padEnd(exponent, '0');
    return `${whole}${digits.slice(0, exponent)}.${digits.slice(exponent)}`;
  }
  const digits = whole.padStart(-exponent + 1, '0');
  return `${digits.slice(0, digits.length + exponent)}.${digits.slice(digits.length + exponent)}${fraction}`;
}

function javaHash(value: Argument): number {
  if (value.kind === 'i') {
    const number = BigInt(value.text);
    return Number(BigInt.asIntN(32, number ^ (number >> 32n)));
  }
  let hash = 0;
  for (let index = 0; index < value.text.length; index++)
    hash = (Math.imul(hash, 31) + value.text.charCodeAt(index)) | 0;
  return hash;
}

function javaClass({ kind }: Argument): string {
  const names: Readonly<Record<Kind, string>> = {
    b: 'java.lang.Boolean',
    i: 'java.lang.Long',
    d: 'java.math.BigDecimal',
    f: 'java.lang.Double',
    s: 'java.lang.String',
    t: 'java.time.LocalDateTime',
  };
  return names[kind];
}

const isKind = (letter: string): letter is Kind => /^[bidfst]$/.test(letter);

/** `values` are texts that begin with the letter of their kind. */
function format(text: string | null, values: readonly (string | null)[] | null): string | null {
  if (text === null) return null;
  const parsed = (values ?? []).map((value) => {
    if (value === null) return null;
    const kind = value.slice(0, 1);
    return { kind: isKind(kind) ? kind : ('s' as const), text: value.slice(1) };
  });
  return new Formatter(text, parsed).run();
}

const UNITS = ['', 'K', 'M', 'B', 'T', 'Q'];

/** format_number: three significant digits and a unit. */
function formatNumber(value: number): string {
  const size = Math.abs(value);
  let power = 0;
  let scaled = size;
  while (scaled >= 1000 && power < UNITS.length - 1) {
    scaled /= 1000;
    power++;
  }
  const digits = power === 0 ? 0 : scaled < 10 ? 2 : scaled < 100 ? 1 : 0;
  const rounded = halfEven(scaled, power === 0 ? 0 : digits);
  const text = power === 0 ? String(rounded) : String(Number(rounded.toFixed(digits)));
  return `${value < 0 ? '-' : ''}${text}${UNITS[power] ?? ''}`;
}

function halfEven(value: number, digits: number): number {
  const unit = 10 ** digits;
  const scaled = value * unit;
  const floor = Math.floor(scaled);
  const rest = scaled - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 === 1);
  return (up ? floor + 1 : floor) / unit;
}

/** format, as java.util.Formatter has it, and format_number. */
export const FORMAT_FUNCTIONS: readonly JsFunction[] = [
  jsNullFunction('format', ['VARCHAR', 'VARCHAR[]'], 'VARCHAR', format),
  jsNullFunction('format_number', ['DOUBLE'], 'VARCHAR', (value) => (value === null ? null : formatNumber(value))),
  jsNullFunction('java_double', ['DOUBLE'], 'VARCHAR', (value) => (value === null ? null : printDouble(value))),
];
