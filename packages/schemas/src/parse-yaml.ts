/** In a file of its own: bundlers split here, and of a CommonJS package that is imported dynamically esbuild exports no names. */
export { parse as parseYaml } from 'yaml';
