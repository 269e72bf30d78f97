/** A Trino type with its parameters, as `typeof()` names it. */
export type TrinoType =
  | {
      readonly kind:
        | 'unknown'
        | 'boolean'
        | 'tinyint'
        | 'smallint'
        | 'integer'
        | 'bigint'
        | 'real'
        | 'double'
        | 'date'
        | 'varbinary'
        | 'json'
        | 'uuid'
        | 'ipaddress';
    }
  | { readonly kind: 'interval day to second' | 'interval year to month' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'varchar'; readonly length?: number }
  | { readonly kind: 'char'; readonly length: number }
  | { readonly kind: 'time'; readonly precision: number }
  | { readonly kind: 'time with time zone'; readonly precision: number }
  | { readonly kind: 'timestamp'; readonly precision: number }
  | { readonly kind: 'timestamp with time zone'; readonly precision: number }
  | { readonly kind: 'array'; readonly element: TrinoType }
  | { readonly kind: 'map'; readonly key: TrinoType; readonly value: TrinoType }
  | { readonly kind: 'row'; readonly fields: readonly { readonly name?: string; readonly type: TrinoType }[] }
  | { readonly kind: 'function'; readonly parameters: readonly TrinoType[]; readonly result: TrinoType }
  | { readonly kind: 'hyperloglog' | 'tdigest' | 'setdigest' | 'color' | 'bingtile' | 'geometry' }
  | { readonly kind: 'qdigest'; readonly element: TrinoType };
