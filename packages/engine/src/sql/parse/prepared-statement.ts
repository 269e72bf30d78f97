/** Statements that keep other statements by a name (lower case) and run them with values, and what Trino tells of them. */
export type PreparedStatement =
  | { readonly kind: 'prepare'; readonly name: string; readonly text: string }
  | { readonly kind: 'execute'; readonly name: string; readonly parameters: readonly string[] }
  | { readonly kind: 'execute immediate'; readonly text: string; readonly parameters: readonly string[] }
  | { readonly kind: 'deallocate'; readonly name: string }
  | { readonly kind: 'describe input' | 'describe output'; readonly name: string };
