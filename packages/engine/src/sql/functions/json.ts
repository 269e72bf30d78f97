import { scalar, type Entry } from './signature.ts';

/** The same function for a json value and for its text. */
const both = (name: string, rest: string, result: string, emit: string): readonly Entry[] => [
  [`${name}(json${rest}) -> ${result}`, emit],
  [`${name}(varchar${rest}) -> ${result}`, emit],
];

/** JSON functions; the standard's JSON_VALUE and its like are the analyser's own. */
export const JSONS = scalar(
  ['json_parse(varchar) -> json', 'ergane_json_parse($1)'],
  ['json_format(json) -> varchar', '$1'],
  ...both('json_extract', ', varchar', 'json', 'ergane_json_extract($1, $2)'),
  ['json_extract_scalar(json, varchar) -> varchar', 'ergane_json_extract_scalar($1, $2)'],
  ['json_extract_scalar(varchar(x), varchar) -> varchar(x)', 'ergane_json_extract_scalar($1, $2)'],
  ...both('json_size', ', varchar', 'bigint', 'ergane_json_size($1, $2)'),
  ...both('json_array_length', '', 'bigint', 'ergane_json_array_length($1)'),
  ...both('json_array_get', ', bigint', 'json', 'ergane_json_array_get($1, $2)'),
  ...['boolean', 'bigint', 'double', 'varchar'].flatMap((type) =>
    both('json_array_contains', `, ${type}`, 'boolean', `ergane_json_array_has_${type}($1, $2)`),
  ),
  ...both('is_json_scalar', '', 'boolean', 'ergane_is_json_scalar($1)'),
);
