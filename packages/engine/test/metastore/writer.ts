// Makes databases one by one, for the tests of concurrent and killed writers: `writer.ts <file> <prefix> <count>`.
import { openFileMetastore } from '../../src/metastore/file-metastore.ts';
import { createDatabase } from '../../src/metastore/metastore-changes.ts';

const [file = '', prefix = '', count = '0'] = process.argv.slice(2);
const metastore = openFileMetastore(file);
for (let index = 0; index < Number(count); index++) {
  const database = { name: `${prefix}${index}`, parameters: {}, tables: {} };
  await metastore.update((state) => createDatabase(state, database, false));
  if (index === 3) console.log('several are written');
}
