import type { TableFacts } from '../wire.ts';
import type { ColumnType } from './column-type.ts';
import { inferType } from './infer-type.ts';
import type { Sample } from './sample.ts';
import { makeShape } from './shape.ts';
import { nameColumns } from './table-definition.ts';
import type { Column } from './table-definition.ts';

/** All attributes of the sample, and every key whether the sample has it or not: the table's keys first, then by name. */
export function inferColumns(table: TableFacts, { members, complete }: Sample): readonly Column[] {
  const tableKeys = table.KeySchema.map((key) => key.AttributeName);
  const defined = new Map(table.AttributeDefinitions.map((each) => [each.AttributeName, each.AttributeType]));
  const others = [...members.keys(), ...defined.keys()].filter((name) => !tableKeys.includes(name));
  const attributes = [...tableKeys, ...new Set(others.sort())];
  const names = nameColumns(attributes);
  const inferAttribute = (attribute: string): ColumnType => {
    const shape = members.get(attribute);
    if (shape !== undefined && shape.kinds.size > 0) return inferType(shape, complete);
    const keyType = defined.get(attribute);
    const unseen = makeShape();
    if (keyType === 'B') unseen.kinds.add('binary');
    else if (keyType === 'N') unseen.kinds.add('number');
    else unseen.kinds.add('text');
    // nothing was seen of its numbers: the decimal places that AWS's connector gives
    unseen.scale = 9;
    return inferType(unseen, complete);
  };
  return attributes.map((attribute) => ({
    name: names.get(attribute) ?? attribute,
    attribute,
    type: inferAttribute(attribute),
  }));
}
