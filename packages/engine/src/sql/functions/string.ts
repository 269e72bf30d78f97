import type { TrinoType } from '../trino-type.ts';
import { VARCHAR } from '../types/type-text.ts';
import { scalar, type Call, type Entry } from './signature.ts';

const LONGEST = 2_147_483_647;

/** The declared length of a varchar or char, undefined when it has none. */
export const lengthOf = (type: TrinoType | undefined) =>
  type?.kind === 'varchar' || type?.kind === 'char' ? type.length : undefined;

/** A varchar of a length computed from the arguments' lengths; one without a length makes the result have none. */
export const varcharOf =
  (compute: (...lengths: readonly number[]) => number, ...positions: readonly number[]) =>
  (types: readonly TrinoType[]): TrinoType => {
    const lengths = positions.map((position) => lengthOf(types[position]));
    if (lengths.some((length) => length === undefined)) return VARCHAR;
    const length = compute(...lengths.map((each) => each ?? 0));
    return { kind: 'varchar', length: Math.min(LONGEST, length) };
  };

/** Java's Character.isWhitespace, which trim takes away. */
const BLANKS = `' ' || chr(9) || chr(10) || chr(11) || chr(12) || chr(13) || chr(28) || chr(29) || chr(30) || chr(31) || chr(5760) || chr(8192) || chr(8193) || chr(8194) || chr(8195) || chr(8196) || chr(8197) || chr(8198) || chr(8200) || chr(8201) || chr(8202) || chr(8232) || chr(8233) || chr(8287) || chr(12288)`;

/** A char(x) argument with its padding. */
const padded = ({ args, types }: Call) => `rpad(${args[0] ?? ''}, ${lengthOf(types[0]) ?? 0}, ' ')`;

const joinTyped = (types: readonly TrinoType[]): TrinoType => ({
  kind: 'char',
  length: types.reduce((sum, type) => sum + (lengthOf(type) ?? 0), 0),
});

/** String functions. A char(x) is held without its trailing blanks. */
export const STRINGS = scalar(
  ['length(varchar) -> bigint', 'length($1)'],
  ['length(char(x)) -> bigint', (call) => `length(${padded(call)})`],
  ['length(varbinary) -> bigint', 'octet_length($1)'],
  ['lower(varchar(x)) -> varchar(x)', 'lower($1)'],
  ['lower(char(x)) -> char(x)', 'lower($1)'],
  ['upper(varchar(x)) -> varchar(x)', 'upper($1)'],
  ['upper(char(x)) -> char(x)', 'upper($1)'],
  ['reverse(varchar(x)) -> varchar(x)', 'ergane_reverse($1)'],
  ['reverse(char(x)) -> char(x)', (call) => `rtrim(ergane_reverse(${padded(call)}), ' ')`],
  ['reverse(varbinary) -> varbinary', 'ergane_reverse_bytes($1)'],
  ['concat(char(x), char(y)) -> char(x)', (call) => `rtrim(${padded(call)} || ${call.args[1] ?? ''}, ' ')`, joinTyped],
  ['concat(varchar, varchar, varchar...) -> varchar', ({ args }) => `(${args.join(' || ')})`],
  ['concat(varbinary, varbinary, varbinary...) -> varbinary', ({ args }) => `(${args.join(' || ')})`],
  ['concat_ws(varchar, array(varchar)) -> varchar', 'ergane_concat_ws($1, $2)'],
  [
    'concat_ws(varchar, varchar, varchar...) -> varchar',
    ({ args: [separator = '', ...parts] }) => `ergane_concat_ws(${separator}, [${parts.join(', ')}])`,
  ],
  ['substr(varchar(x), bigint) -> varchar(x)', 'ergane_substr($1, $2, 2147483647)'],
  ['substr(varchar(x), bigint, bigint) -> varchar(x)', 'ergane_substr($1, $2, $3)'],
  ['substring(varchar(x), bigint) -> varchar(x)', 'ergane_substr($1, $2, 2147483647)'],
  ['substring(varchar(x), bigint, bigint) -> varchar(x)', 'ergane_substr($1, $2, $3)'],
  [
    'substr(char(x), bigint) -> varchar(x)',
    (call) => `ergane_substr(${padded(call)}, ${call.args[1] ?? ''}, 2147483647)`,
  ],
  [
    'substr(char(x), bigint, bigint) -> varchar(x)',
    (call) => `ergane_substr(${padded(call)}, ${call.args.slice(1).join(', ')})`,
  ],
  [
    'substring(char(x), bigint) -> varchar(x)',
    (call) => `ergane_substr(${padded(call)}, ${call.args[1] ?? ''}, 2147483647)`,
  ],
  [
    'substring(char(x), bigint, bigint) -> varchar(x)',
    (call) => `ergane_substr(${padded(call)}, ${call.args.slice(1).join(', ')})`,
  ],
  ['substr(varbinary, bigint) -> varbinary', 'ergane_substr_bytes($1, $2, 9223372036854775807)'],
  ['substr(varbinary, bigint, bigint) -> varbinary', 'ergane_substr_bytes($1, $2, $3)'],
  ['substring(varbinary, bigint) -> varbinary', 'ergane_substr_bytes($1, $2, 9223372036854775807)'],
  ['substring(varbinary, bigint, bigint) -> varbinary', 'ergane_substr_bytes($1, $2, $3)'],
  ['strpos(varchar, varchar) -> bigint', "(CASE WHEN $2 = '' THEN 1 ELSE strpos($1, $2) END)"],
  ['strpos(varchar, varchar, bigint) -> bigint', 'ergane_strpos($1, $2, $3)'],
  ['replace(varchar(x), varchar(y)) -> varchar(x)', `ergane_replace($1, $2, '')`],
  [
    'replace(varchar(x), varchar(y), varchar(z)) -> varchar(x)',
    'ergane_replace($1, $2, $3)',
    varcharOf((x = 0, z = 0) => x + z * (x + 1), 0, 2),
  ],
  ['starts_with(varchar, varchar) -> boolean', 'starts_with($1, $2)'],
  ['ends_with(varchar, varchar) -> boolean', 'ends_with($1, $2)'],
  ['trim(varchar(x)) -> varchar(x)', `trim($1, ${BLANKS})`],
  ['ltrim(varchar(x)) -> varchar(x)', `ltrim($1, ${BLANKS})`],
  ['rtrim(varchar(x)) -> varchar(x)', `rtrim($1, ${BLANKS})`],
  ['trim(varchar(x), varchar) -> varchar(x)', 'trim($1, $2)'],
  ['ltrim(varchar(x), varchar) -> varchar(x)', 'ltrim($1, $2)'],
  ['rtrim(varchar(x), varchar) -> varchar(x)', 'rtrim($1, $2)'],
  ['trim(char(x)) -> varchar(x)', `trim($1, ${BLANKS})`],
  ['ltrim(char(x)) -> varchar(x)', (call) => `rtrim(ltrim(${padded(call)}, ${BLANKS}), ' ')`],
  ['rtrim(char(x)) -> varchar(x)', `rtrim($1, ${BLANKS})`],
  ['trim(char(x), varchar) -> varchar(x)', 'trim($1, $2)'],
  ['ltrim(char(x), varchar) -> varchar(x)', (call) => `rtrim(ltrim(${padded(call)}, ${call.args[1] ?? ''}), ' ')`],
  ['rtrim(char(x), varchar) -> varchar(x)', 'rtrim($1, $2)'],
  ['lpad(varchar, bigint, varchar) -> varchar', 'ergane_pad($1, $2, $3, true)'],
  ['rpad(varchar, bigint, varchar) -> varchar', 'ergane_pad($1, $2, $3, false)'],
  [
    'lpad(char(x), bigint, varchar) -> varchar',
    (call) => `ergane_pad(${padded(call)}, ${call.args[1] ?? ''}, ${call.args[2] ?? ''}, true)`,
  ],
  ['lpad(varbinary, bigint, varbinary) -> varbinary', 'ergane_pad_bytes($1, $2, $3, true)'],
  ['rpad(varbinary, bigint, varbinary) -> varbinary', 'ergane_pad_bytes($1, $2, $3, false)'],
  ['split(varchar(x), varchar) -> array(varchar(x))', 'ergane_split($1, $2, 2147483647)'],
  ['split(varchar(x), varchar, bigint) -> array(varchar(x))', 'ergane_split($1, $2, $3)'],
  ['split_part(varchar(x), varchar, bigint) -> varchar(x)', 'ergane_split_part($1, $2, $3)'],
  [
    'split_to_map(varchar, varchar, varchar) -> map(varchar, varchar)',
    'ergane_map(ergane_split_to_map($1, $2, $3, true), ergane_split_to_map($1, $2, $3, false))',
  ],
  [
    'split_to_multimap(varchar, varchar, varchar) -> map(varchar, array(varchar))',
    'ergane_map(ergane_split_to_multimap_keys($1, $2, $3), ergane_split_to_multimap_values($1, $2, $3))',
  ],
  ['translate(varchar, varchar, varchar) -> varchar', 'ergane_translate($1, $2, $3)'],
  ['codepoint(varchar(1)) -> integer', 'ergane_codepoint($1)'],
  ['chr(bigint) -> varchar(1)', 'ergane_chr($1)'],
  ['normalize(varchar, varchar) -> varchar', 'ergane_normalize($1, $2)'],
  ['levenshtein_distance(varchar, varchar) -> bigint', 'ergane_levenshtein($1, $2)'],
  ['hamming_distance(varchar, varchar) -> bigint', 'ergane_hamming($1, $2)'],
  ['word_stem(varchar(x)) -> varchar(x)', `ergane_word_stem($1, 'en')`],
  ['word_stem(varchar(x), varchar) -> varchar(x)', 'ergane_word_stem($1, $2)'],
  ['soundex(varchar) -> varchar(4)', 'ergane_soundex($1)'],
  ['luhn_check(varchar) -> boolean', 'ergane_luhn($1)'],
  ...['parse_data_size', 'parse_presto_data_size'].map<Entry>((name) => [
    `${name}(varchar) -> decimal(38,0)`,
    'CAST(ergane_parse_data_size($1) AS DECIMAL(38,0))',
  ]),
  ['to_utf8(varchar) -> varbinary', 'encode($1)'],
  ['to_utf8(char(x)) -> varbinary', (call) => `encode(${padded(call)})`],
  ['from_utf8(varbinary) -> varchar', `ergane_from_utf8($1, chr(65533))`],
  ['from_utf8(varbinary, varchar) -> varchar', 'ergane_from_utf8($1, $2)'],
  ['from_utf8(varbinary, bigint) -> varchar', 'ergane_from_utf8($1, ergane_chr($2))'],
);
