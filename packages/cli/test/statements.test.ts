import assert from 'node:assert/strict';
import fc from 'fast-check';
import { test } from 'node:test';
import { scanSql } from '../src/statements/scan-sql.ts';
import { firstWord, joinLines, listStatements, splitStatements } from '../src/statements/split-statements.ts';

test('semicolons in quotes and comments divide nothing', () => {
  const text = `select ';', "a;b", \`c;d\` -- not; here\n/* nor; here */ from t;\n\n  show tables ; ;-- the end;`;
  assert.deepEqual(listStatements(text), [
    { text: `select ';', "a;b", \`c;d\` -- not; here\n/* nor; here */ from t`, line: 1, col: 1 },
    { text: 'show tables', line: 4, col: 3 },
  ]);
});

test('an unfinished statement is the rest; an unfinished comment or quote is part of it', () => {
  assert.equal(splitStatements('select 1').rest?.text, 'select 1');
  assert.equal(splitStatements('select 1; -- done').rest, undefined);
  assert.equal(splitStatements("select 'it''s; ").rest?.text, "select 'it''s;");
  assert.equal(splitStatements('/* open; ').rest?.text, '/* open;');
});

test('one line of the same meaning', () => {
  assert.equal(joinLines("select a, -- first\n   'x\n  y'\nfrom t\n;"), "select a, 'x\n  y' from t;");
});

test('the first word', () => {
  assert.equal(firstWord('-- c\n /* d */ (select 1)'), 'SELECT');
  assert.equal(firstWord("'x'"), '');
});

test('no character is lost, and text in quotes and comments stays whole', () => {
  const piece = fc.constantFrom("'", '"', '`', ';', '--', '\n', '/*', '*/', 'a', '-', '/', ' ', '*');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      assert.equal([...scanSql(text)].map(({ start, end }) => text.slice(start, end)).join(''), text);
    }),
  );
});

test('a quoted text of ten million characters is divided', () => {
  const long = `select '${'x;'.repeat(5_000_000)}'`;
  assert.equal(listStatements(`${long}; select 2`).length, 2);
});
