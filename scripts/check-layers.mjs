// Who may import whom: npm's hoisting hides a wrong import, so this reads every import of every package.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';

const ALLOWED = {
  '@ergane/protocol': [],
  '@ergane/storage': ['@ergane/protocol'],
  '@ergane/sdk': ['@ergane/protocol', '@ergane/storage'],
  '@ergane/schemas': ['@ergane/protocol', '@ergane/sdk'],
  '@ergane/functions': ['@ergane/protocol'],
  '@ergane/engine': ['@ergane/protocol', '@ergane/storage'],
  '@ergane/testing': [],
};
const connectorMay = ['@ergane/protocol', '@ergane/sdk', '@ergane/schemas'];
const TEST_ONLY = ['@ergane/testing', 'fast-check', 'apache-arrow'];

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'";]*?\sfrom\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)/g;

const root = new URL('..', import.meta.url).pathname;
const walk = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.name === 'node_modules' || entry.name === 'dist'
      ? []
      : entry.isDirectory()
        ? walk(path.join(folder, entry.name))
        : /\.(ts|mts)$/.test(entry.name)
          ? [path.join(folder, entry.name)]
          : [],
  );

const problems = [];
for (const group of ['packages', 'connectors']) {
  for (const name of readdirSync(path.join(root, group))) {
    const folder = path.join(root, group, name);
    if (!statSync(folder).isDirectory()) continue;
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const declared = new Set(
      Object.keys({ ...manifest.dependencies, ...manifest.optionalDependencies, ...manifest.peerDependencies }),
    );
    const may = manifest.name === 'ergane' ? undefined : group === 'connectors' ? connectorMay : ALLOWED[manifest.name];
    if (manifest.name !== 'ergane' && !may)
      problems.push(`${manifest.name}: not in the layer table of scripts/check-layers.mjs`);
    for (const part of ['src', 'test']) {
      let files = [];
      try {
        files = walk(path.join(folder, part));
      } catch (error) {
        if (error.code !== 'ENOENT') throw error;
      }
      for (const file of files) {
        const where = path.relative(root, file);
        const text = readFileSync(file, 'utf8');
        for (const [, ...found] of text.matchAll(IMPORT)) {
          const specifier = found.find((text) => text !== undefined);
          if (!specifier || specifier.startsWith('node:')) continue;
          if (specifier.startsWith('.')) {
            const target = path.relative(folder, path.resolve(path.dirname(file), specifier));
            if (target.startsWith('..')) problems.push(`${where}: imports ${specifier}, outside its package`);
            continue;
          }
          const imported = specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/');
          if (imported === manifest.name) continue;
          if (part === 'test') continue;
          if (imported.startsWith('@ergane/') && may && !may.includes(imported))
            problems.push(`${where}: ${manifest.name} must not import ${imported}`);
          if (!declared.has(imported) && !(TEST_ONLY.includes(imported) && file.includes('/testing/')))
            problems.push(`${where}: ${imported} is not a dependency in its package.json`);
        }
      }
    }
  }
}
for (const problem of problems) console.error(problem);
console.log(problems.length === 0 ? 'layers: ok' : `layers: ${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);
