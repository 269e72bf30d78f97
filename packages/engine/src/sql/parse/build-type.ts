import type { TypeContext, TypeParameterContext } from 'dt-sql-parser/dist/lib/trino/TrinoSqlParser.js';
import { Dispatch, nameOf, need, positionOf } from './cst.ts';
import { loadGrammar } from './grammar.ts';
import type { TypeNode, TypeParameterNode } from './syntax-tree.ts';

let table: Dispatch<TypeNode> | undefined;

export function buildType(node: TypeContext | null | undefined): TypeNode {
  table ??= makeTable();
  return table.build(node);
}

function makeTable(): Dispatch<TypeNode> {
  const c = loadGrammar().contexts;
  return new Dispatch<TypeNode>()
    .on(c.RowTypeContext, (node) => ({
      name: 'row',
      at: positionOf(node),
      parameters: node.rowField().map((field) => {
        const name = field.identifier();
        return { kind: 'type', type: buildType(field.type()), ...(name ? { field: nameOf(name).text } : {}) };
      }),
    }))
    .on(c.IntervalTypeContext, (node) => ({
      name: `interval ${need(node._from_).getText().toLowerCase()} to ${(node._to ?? need(node._from_)).getText().toLowerCase()}`,
      at: positionOf(node),
      parameters: [],
    }))
    .on(c.ArrayTypeContext, (node) => ({
      name: 'array',
      at: positionOf(node),
      parameters: [{ kind: 'type', type: buildType(node.type()) }],
    }))
    .on(c.LegacyArrayTypeContext, (node) => ({
      name: 'array',
      at: positionOf(node),
      parameters: [{ kind: 'type', type: buildType(node.type()) }],
    }))
    .on(c.LegacyMapTypeContext, (node) => ({
      name: 'map',
      at: positionOf(node),
      parameters: [
        { kind: 'type', type: buildType(node._keyType) },
        { kind: 'type', type: buildType(node._valueType) },
      ],
    }))
    .on(c.DoublePrecisionTypeContext, (node) => ({ name: 'double', at: positionOf(node), parameters: [] }))
    .on(c.TimeTypeContext, (node) => ({
      name: node.KW_WITH() ? 'time with time zone' : 'time',
      at: positionOf(node),
      parameters: node._precision ? [buildParameter(node._precision)] : [],
    }))
    .on(c.DateTimeTypeContext, (node) => ({
      name: node.KW_WITH() ? 'timestamp with time zone' : 'timestamp',
      at: positionOf(node),
      parameters: node._precision ? [buildParameter(node._precision)] : [],
    }))
    .on(c.GenericTypeContext, (node) => ({
      name: nameOf(node.identifier()).text.toLowerCase(),
      at: positionOf(node),
      parameters: node.typeParameter().map(buildParameter),
    }));
}

function buildParameter(node: TypeParameterContext): TypeParameterNode {
  const number = node.INTEGER_VALUE();
  return number ? { kind: 'number', value: Number(number.getText()) } : { kind: 'type', type: buildType(node.type()) };
}
