/** What may be left to the sources. All is by default; each kind can be switched off, to compare or to find a fault. */
export interface PushdownOptions {
  /** conditions as value sets; of tables on S3 pruned partitions and row groups too */
  readonly predicates?: boolean;
  /** conditions that only the protocol's expressions can say */
  readonly expressions?: boolean;
  /** only the columns that the query reads */
  readonly projections?: boolean;
  readonly limits?: boolean;
  /** ORDER BY with a limit */
  readonly topN?: boolean;
  /** keys of a finished build side, and those that the statement has */
  readonly dynamicFilters?: boolean;
  /** aggregates, DISTINCT and joins within one SQL source, as native queries of it */
  readonly aggregates?: boolean;
}

/** Nothing is left to the sources but to give their rows. */
export const NO_PUSHDOWN: Required<PushdownOptions> = {
  predicates: false,
  expressions: false,
  projections: false,
  limits: false,
  topN: false,
  dynamicFilters: false,
  aggregates: false,
};

/** What DuckDB may not do when it reads tables on S3 itself. */
export function optimizersOff({ predicates, dynamicFilters, limits, topN }: PushdownOptions): readonly string[] {
  return [
    ...(predicates === false ? ['filter_pushdown', 'statistics_propagation'] : []),
    ...(dynamicFilters === false ? ['join_filter_pushdown'] : []),
    ...(limits === false ? ['limit_pushdown'] : []),
    ...(topN === false ? ['top_n', 'late_materialization'] : []),
  ];
}
