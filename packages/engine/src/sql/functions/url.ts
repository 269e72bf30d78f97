import { scalar } from './signature.ts';
import { varcharOf } from './string.ts';

/** URL functions. */
export const URLS = scalar(
  ['url_extract_protocol(varchar(x)) -> varchar(x)', `ergane_url_part($1, 'protocol')`],
  ['url_extract_host(varchar(x)) -> varchar(x)', `ergane_url_part($1, 'host')`],
  ['url_extract_port(varchar(x)) -> bigint', `CAST(ergane_url_part($1, 'port') AS BIGINT)`],
  ['url_extract_path(varchar(x)) -> varchar(x)', `ergane_url_part($1, 'path')`],
  ['url_extract_query(varchar(x)) -> varchar(x)', `ergane_url_part($1, 'query')`],
  ['url_extract_fragment(varchar(x)) -> varchar(x)', `ergane_url_part($1, 'fragment')`],
  ['url_extract_parameter(varchar(x), varchar(y)) -> varchar(x)', 'ergane_url_parameter($1, $2)'],
  ['url_encode(varchar(x)) -> varchar(x)', 'ergane_url_encode($1)', varcharOf((x = 0) => x * 12, 0)],
  ['url_decode(varchar(x)) -> varchar(x)', 'ergane_url_decode($1)'],
);
