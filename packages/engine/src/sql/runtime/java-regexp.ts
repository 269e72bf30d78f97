import { functionError } from './errors.ts';

const cache = new Map<string, RegExp>();

const invalid = (message: string) => functionError('INVALID_FUNCTION_ARGUMENT', message);

/** A Java regular expression as JavaScript's; what JavaScript cannot say is an error, never another meaning. */
export function javaRegExp(pattern: string): RegExp {
  let compiled = cache.get(pattern);
  if (!compiled) {
    if (cache.size > 1000) cache.clear();
    cache.set(pattern, (compiled = compile(pattern)));
  }
  compiled.lastIndex = 0;
  return compiled;
}

function compile(pattern: string): RegExp {
  const leading = /^\(\?([imsu]+)\)/.exec(pattern);
  const flags = leading?.[1] ?? '';
  const source = translate(pattern.slice(leading?.[0].length ?? 0), flags.includes('s'), flags.includes('m'));
  try {
    return new RegExp(source, `gud${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 'm' : ''}`);
  } catch (error) {
    throw invalid(`invalid regular expression ${pattern}: ${error instanceof Error ? error.message : ''}`);
  }
}

const PROPERTIES: Readonly<Record<string, string>> = {
  Alpha: '[A-Za-z]',
  Digit: '[0-9]',
  Alnum: '[A-Za-z0-9]',
  Upper: '[A-Z]',
  Lower: '[a-z]',
  Punct: '[!-\\/:-@\\[-`{-~]',
  Space: '[ \\t\\n\\x0B\\f\\r]',
  Blank: '[ \\t]',
  XDigit: '[0-9a-fA-F]',
  ASCII: '[\\x00-\\x7F]',
  Cntrl: '[\\x00-\\x1F\\x7F]',
};

class Translator {
  readonly #pattern: string;
  readonly #dotAll: boolean;
  readonly #multiline: boolean;
  #index = 0;

  constructor(pattern: string, dotAll: boolean, multiline: boolean) {
    this.#pattern = pattern;
    this.#dotAll = dotAll;
    this.#multiline = multiline;
  }

  translate(): string {
    let out = '';
    while (this.#index < this.#pattern.length) out += this.#next();
    return out;
  }

  #rest(): string {
    return this.#pattern.slice(this.#index);
  }

  #take(text: string): string {
    this.#index += text.length;
    return text;
  }

  #next(): string {
    const rest = this.#rest();
    const character = rest[0] ?? '';
    if (character === '\\') return this.#escape(false);
    if (character === '[') return this.#characterClass();
    if (character === '.') {
      this.#index++;
      return this.#dotAll ? '[\\s\\S]' : '[^\\n]';
    }
    if (character === '$' && !this.#multiline) {
      this.#index++;
      return '(?=\\n?(?![\\s\\S]))';
    }
    if (/^\(\?>/.test(rest)) throw invalid('atomic groups are not supported in regular expressions');
    if (/^\(\?[a-z]+[:)]/.test(rest))
      throw invalid('flags inside a regular expression are supported only at its start');
    const repeat = /^(?:[*+?]|\{\d+(?:,\d*)?\})/.exec(rest)?.[0];
    if (repeat !== undefined) {
      if (rest[repeat.length] === '+') throw invalid('possessive quantifiers are not supported in regular expressions');
      return this.#take(repeat);
    }
    if (character === '{' || character === '}' || character === ']') {
      this.#index++;
      return `\\${character}`;
    }
    const point = String.fromCodePoint(rest.codePointAt(0) ?? 0);
    return this.#take(point);
  }

  #escape(inClass: boolean): string {
    const rest = this.#rest();
    const property = /^\\([pP])\{(\^?)([A-Za-z_]+)\}/.exec(rest) ?? /^\\([pP])()([A-Za-z])/.exec(rest);
    if (property) {
      this.#index += property[0].length;
      return propertyOf((property[1] === 'P') !== (property[2] === '^'), property[3] ?? '', inClass);
    }
    const quoted = /^\\Q([\s\S]*?)(?:\\E|$)/.exec(rest);
    if (quoted) {
      this.#index += quoted[0].length;
      return (quoted[1] ?? '').replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
    }
    const letter = rest[1];
    if (letter === undefined) throw invalid('end pattern at escape');
    const kept = /^\\(?:[dDwWsSbBtnrfv0]|k<[^>]+>|[1-9]\d*|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|c[A-Za-z])/.exec(rest)?.[0];
    if (kept !== undefined) {
      this.#index += kept.length;
      if (kept === '\\s') return inClass ? ' \\t\\n\\x0B\\f\\r' : '[ \\t\\n\\x0B\\f\\r]';
      if (kept === '\\S' && !inClass) return '[^ \\t\\n\\x0B\\f\\r]';
      return kept;
    }
    const wide = /^\\x\{([0-9a-fA-F]+)\}/.exec(rest);
    if (wide) {
      this.#index += wide[0].length;
      return `\\u{${wide[1]}}`;
    }
    const point = String.fromCodePoint(rest.codePointAt(1) ?? 0);
    this.#index += 1 + point.length;
    const special: Readonly<Record<string, string>> = {
      A: '(?<![\\s\\S])',
      z: '(?![\\s\\S])',
      Z: '(?=\\n?(?![\\s\\S]))',
      h: inClass ? ' \\t' : '[ \\t]',
      e: '\\x1B',
      a: '\\x07',
      R: '(?:\\r\\n|[\\n\\x0B\\f\\r\\x85\\u2028\\u2029])',
    };
    const known = special[point];
    if (known !== undefined) return known;
    if (/[A-Za-z]/.test(point)) throw invalid(`the escape \\${point} is not supported in regular expressions`);
    return /[\\^$.*+?()[\]{}|/-]/.test(point) ? `\\${point}` : point;
  }

  #characterClass(): string {
    this.#index++;
    let out = '[';
    if (this.#rest().startsWith('^')) out += this.#take('^');
    if (this.#rest().startsWith(']')) {
      this.#index++;
      out += '\\]';
    }
    for (;;) {
      const rest = this.#rest();
      const character = rest[0];
      if (character === undefined) throw invalid('premature end of char-class');
      if (character === ']') {
        this.#index++;
        return `${out}]`;
      }
      if (rest.startsWith('&&')) throw invalid('intersections of character classes are not supported');
      if (character === '\\') out += this.#escape(true);
      else if (rest.startsWith('[:')) {
        const posix = /^\[:(\^?)(\w+):\]/.exec(rest);
        const name = posix?.[2] ?? '';
        const set = PROPERTIES[`${name[0]?.toUpperCase() ?? ''}${name.slice(1)}`];
        if (!posix || set === undefined || posix[1] === '^')
          throw invalid('unknown POSIX class in a regular expression');
        this.#index += posix[0].length;
        out += set.slice(1, -1);
      } else if (character === '[') {
        throw invalid('nested character classes are not supported');
      } else {
        const point = String.fromCodePoint(rest.codePointAt(0) ?? 0);
        this.#index += point.length;
        out += /[/^$.*+?(){}|]/.test(point) ? `\\${point}` : point;
      }
    }
  }
}

function propertyOf(negated: boolean, name: string, inClass: boolean): string {
  const posix = PROPERTIES[name];
  if (posix !== undefined) {
    if (inClass && negated) throw invalid(`\\P{${name}} is not supported inside a character class`);
    const set = posix.slice(1, -1);
    return inClass ? set : `[${negated ? '^' : ''}${set}]`;
  }
  if (name.startsWith('Is') || name.startsWith('In')) throw invalid(`invalid character property name <${name}>`);
  return `\\${negated ? 'P' : 'p'}{${name}}`;
}

function translate(pattern: string, dotAll: boolean, multiline: boolean): string {
  checkParentheses(pattern);
  if (/^[*+?]/.test(pattern)) throw invalid('target of repeat operator is not specified');
  return new Translator(pattern, dotAll, multiline).translate();
}

function checkParentheses(pattern: string): void {
  const bare = pattern.replaceAll(/\\Q[\s\S]*?(?:\\E|$)|\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/g, '');
  let depth = 0;
  for (const character of bare) {
    if (character === '(') depth++;
    if (character === ')') depth--;
    if (depth < 0) throw invalid('unmatched close parenthesis');
  }
  if (depth > 0) throw invalid('end pattern with unmatched parenthesis');
}
