import { ErganeError } from '@ergane/protocol';
import type { Field } from 'apache-arrow';

/** What becomes of a value that the Arrow type cannot hold: infinite dates, NaN of a DECIMAL. */
export type SpecialValues = 'error' | 'null';

const ADVICE: Readonly<Record<string, string>> = {
  DECIMAL:
    'which DECIMAL cannot hold: set ergane_special_values=null to read it as NULL, or cast the column to text in a native query',
  infinity:
    'which Athena has no value for: set ergane_special_values=null to read it as NULL, or leave the rows out with a condition',
  default_scale: 'raise default_scale, or leave it out to read the exact text',
  packed: 'which TIMESTAMP WITH TIME ZONE cannot hold: read the column as text in a native query',
  microseconds: 'set ergane_microseconds to truncate or text',
  dimensions: 'which is not how the column is declared: cast it to text in a native query',
};

/** @throws ErganeError SOURCE_DATA_INVALID that names the column */
export function failOnCell(field: Field, found: string, advice: keyof typeof ADVICE): never {
  throw new ErganeError('SOURCE_DATA_INVALID', `column "${field.name}" holds ${found}: ${ADVICE[advice]}`, {
    where: { column: field.name },
  });
}
