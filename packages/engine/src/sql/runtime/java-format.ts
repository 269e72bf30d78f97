import { functionError } from './errors.ts';
import { MONTHS, WEEKDAYS, pad } from './date-names.ts';
import { fieldsOf } from './calendar.ts';
import { jsFunction, jsNullFunction, type JsFunction } from './js-function.ts';
import { unpackZoned } from './cast-functions.ts';
import { PICOS_PER_MILLI, floorDivide, localOf, parseTimestamp, printTimestamp } from './instant-text.ts';
import { offsetAt, offsetText, zoneName } from './zones.ts';
import { fixed, scientific, general } from './decimal-digits.ts';
import { formatNumber } from './format-number.ts';
import { hashOfNumber, hexOfDouble } from './java-hex.ts';
import { javaText } from './java-text.ts';
import { printDouble, printReal } from './number-text.ts';

/** What an argument of format() is in Java: its letter stands before its text. */
type Kind = 'b' | 'i' | 'd' | 'f' | 'r' | 's' | 't' | 'z' | 'c';
interface Argument {
  readonly kind: Kind;
  readonly text: string;
}

const SPECIFIER = /%(?:(\d+)\$|(<))?([-#+ 0,(]*)(\d+)?(?:\.(\d+))?([tT])?([a-zA-Z%])/g;

interface Options {
  readonly flags: string;
  readonly width: string | undefined;
  readonly precision: string | undefined;
}

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
        if (!date && !/[aAbBhHsScCdoxXeEfgG]/.test(letter))
          throw this.#wrong(`UnknownFormatConversion: Conversion = '${letter}'`);
        this.#check(letter, date !== undefined, { flags, width, precision });
        last = previous ? last : position === undefined ? next++ : Number(position) - 1;
        if (last >= this.#arguments.length || last < 0)
          throw this.#wrong(`MissingFormatArgument: Format specifier '${whole}'`);
        const value = this.#arguments[last] ?? null;
        const text = this.#convert(value, date === undefined ? letter : `t${letter}`, flags, width, precision);
        const isUpper = date === undefined ? /[A-Z]/.test(letter) : date === 'T';
        return this.#fit(isUpper ? text.toUpperCase() : text, flags, width);
      },
    );
    if (/%(?!%)/.test(this.#format.replaceAll(SPECIFIER, ''))) throw this.#wrong('UnknownFormatConversion');
    return out;
  }

  /** What Java refuses in a specifier before it looks at the argument. */
  #check(letter: string, isDate: boolean, options: Options): void {
    const { flags, width, precision } = options;
    const lower = letter.toLowerCase();
    const isInteger = !isDate && /[dox]/.test(lower);
    const isNumber = !isDate && /[doxefg]/.test(lower);
    if (new Set(flags).size < flags.length) throw this.#wrong(`DuplicateFormatFlags: Flags = '${flags}'`);
    if (/[-0]/.test(flags) && width === undefined) throw this.#wrong(`MissingFormatWidth: %${flags}${letter}`);
    if ((flags.includes('-') && flags.includes('0')) || (flags.includes('+') && flags.includes(' ')))
      throw this.#wrong(`IllegalFormatFlags: Flags = '${flags}'`);
    if (precision !== undefined && (isInteger || isDate || lower === 'c'))
      throw this.#wrong(`IllegalFormatPrecision: ${precision}`);
    const allowed =
      !isNumber || lower === 'c'
        ? '-'
        : isDate
          ? '-'
          : lower === 'd'
            ? '-+ 0,('
            : isInteger
              ? '-#0'
              : lower === 'e'
                ? '-#+ 0('
                : '-#+ 0,(';
    const bad = [...flags].find((flag) => !allowed.includes(flag));
    if (bad !== undefined) throw this.#wrong(`FormatFlagsConversionMismatch: Conversion = ${letter}, Flags = ${bad}`);
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
    if (lower === 's') {
      const shown = javaText(value);
      return precision === undefined ? shown : shown.slice(0, Number(precision));
    }
    if (lower === 'h') {
      const hash = javaHash(value);
      if (hash === undefined) throw functionError('NOT_SUPPORTED', `%h of a ${javaClass(value)} is not supported`);
      return (hash >>> 0).toString(16);
    }
    if (lower === 'd' || lower === 'x' || lower === 'o') return this.#integer(value, lower, flags, width);
    if (lower === 'a' && (value.kind === 'f' || value.kind === 'r') && precision === undefined)
      return hexOfDouble(value.kind === 'r' ? Math.fround(Number(value.text)) : Number(value.text));
    if (lower === 'e' || lower === 'f' || lower === 'g') return this.#floating(value, lower, flags, width, precision);
    throw this.#wrong(`IllegalFormatConversion: ${letter} != ${javaClass(value)}`);
  }

  #integer(value: Argument, letter: string, flags: string, width: string | undefined): string {
    if (value.kind !== 'i') throw this.#wrong(`IllegalFormatConversion: ${letter} != ${javaClass(value)}`);
    const number = BigInt(value.text);
    if (letter !== 'd') {
      const digits = BigInt.asUintN(64, number).toString(letter === 'x' ? 16 : 8);
      const prefix = flags.includes('#') ? (letter === 'x' ? '0x' : '0') : '';
      const zeros = flags.includes('0') ? Number(width ?? 0) - prefix.length : 0;
      return `${prefix}${digits.padStart(zeros, '0')}`;
    }
    return this.#signed(number < 0n, (number < 0n ? -number : number).toString(), flags, width);
  }

  #floating(
    value: Argument,
    letter: string,
    flags: string,
    width: string | undefined,
    precision: string | undefined,
  ): string {
    if (value.kind !== 'f' && value.kind !== 'r' && value.kind !== 'd')
      throw this.#wrong(`IllegalFormatConversion: ${letter} != ${javaClass(value)}`);
    const isRounded = value.kind === 'r' && Number(value.text) !== 0;
    const text = isRounded ? String(Math.fround(Number(value.text))) : value.text;
    const negative = text.startsWith('-');
    const size = text.replace(/^-/, '');
    if (/^[NI]/.test(size)) {
      const sign = size === 'NaN' ? '' : negative ? '-' : flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
      return negative && flags.includes('(') ? `(${size})` : `${sign}${size}`;
    }
    const places = Number(precision ?? 6);
    const digits =
      letter === 'f' ? fixed(size, places) : letter === 'e' ? scientific(size, places) : general(size, places);
    return this.#signed(negative, digits, flags, width);
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
    const local = value.kind === 'z' ? (value.text.split('|')[0] ?? '') : value.text;
    const isTime = value.kind === 'c' && /t[HIklMSLNprRT]/.test(letter);
    const isInstant = value.kind === 't' || value.kind === 'z';
    const parsed =
      value.kind === 'i'
        ? { picos: BigInt(value.text) * PICOS_PER_MILLI }
        : isInstant || isTime
          ? parseTimestamp(isTime ? `1970-01-01 ${local}` : local.replace('T', ' '))
          : undefined;
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
      tN: pad(Number(f.picos / 1000n), 9),
      tC: pad(Math.floor(f.year / 100), 2),
      tr: `${pad(half, 2)}:${pad(f.minute, 2)}:${pad(f.second, 2)} ${f.hour < 12 ? 'AM' : 'PM'}`,
      tR: clock,
      tT: `${clock}:${pad(f.second, 2)}`,
      tD: `${pad(f.month, 2)}/${pad(f.day, 2)}/${pad(f.year % 100, 2)}`,
      tF: `${pad(f.year, 4)}-${pad(f.month, 2)}-${pad(f.day, 2)}`,
    };
    const text = letter === 'tZ' && value.kind === 'i' ? 'UTC' : table[letter];
    if (text === undefined) throw this.#wrong(`UnknownFormatConversion: Conversion = '${letter}'`);
    return text;
  }
}

function javaHash({ kind, text }: Argument): number | undefined {
  if (kind === 'b') return text === 'true' ? 1231 : 1237;
  if (kind === 'i') {
    const number = BigInt(text);
    return Number(BigInt.asIntN(32, number ^ (number >> 32n)));
  }
  if (kind === 'f' || kind === 'r') return hashOfNumber(Number(text), kind === 'r');
  if (kind !== 's') return undefined;
  let hash = 0;
  for (let index = 0; index < text.length; index++) hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
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
    z: 'java.time.ZonedDateTime',
    c: 'java.time.LocalTime',
    r: 'java.lang.Float',
  };
  return names[kind];
}

const isKind = (letter: string): letter is Kind => /^[bidfrstzc]$/.test(letter);

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

/** Local time, zone and offset of a timestamp with time zone, for the formatter. */
function zonedParts(packed: bigint, precision: number): string {
  const { picos, key } = unpackZoned(packed, precision);
  const local = printTimestamp(localOf(picos, key), precision).replace(' ', 'T');
  return `${local}|${zoneName(key)}|${offsetText(offsetAt(key, Number(floorDivide(picos, PICOS_PER_MILLI))))}`;
}

/** format, as java.util.Formatter has it, and format_number. */
export const FORMAT_FUNCTIONS: readonly JsFunction[] = [
  jsNullFunction('format', ['VARCHAR', 'VARCHAR[]'], 'VARCHAR', format),
  jsNullFunction('format_number', ['DOUBLE'], 'VARCHAR', (value) => (value === null ? null : formatNumber(value))),
  jsFunction('zoned_parts', ['HUGEINT', 'INTEGER'], 'VARCHAR', zonedParts),
  jsNullFunction('java_real', ['FLOAT'], 'VARCHAR', (value) => (value === null ? null : printReal(value))),
  jsNullFunction('java_double', ['DOUBLE'], 'VARCHAR', (value) => (value === null ? null : printDouble(value))),
];
