import { addKind, inferColumns, makeShape } from '@ergane/schemas';
import type { Column, Sample } from '@ergane/schemas';
import type { TableFacts } from '../wire.ts';

/** All attributes of the sample, and every key whether the sample has it or not: the table's keys first, then by name. */
export function inferItemColumns(table: TableFacts, sample: Sample): readonly Column[] {
  const members = new Map(sample.members);
  for (const { AttributeName: name, AttributeType: type } of table.AttributeDefinitions) {
    if ((members.get(name)?.kinds.size ?? 0) > 0) continue;
    const unseen = makeShape();
    addKind(unseen, type === 'B' ? 'binary' : type === 'N' ? 'number' : 'text');
    // nothing was seen of its numbers: the decimal places that AWS's connector gives
    unseen.scale = 9;
    members.set(name, unseen);
  }
  const keys = table.KeySchema.map((key) => key.AttributeName);
  return inferColumns({ ...sample, members }, keys);
}
