/** What may be left to the sources. All is by default; each kind can be switched off, to compare or to find a fault. */
export interface PushdownOptions {
  /** aggregates, DISTINCT and joins within one SQL source, as native queries of it */
  readonly aggregates?: boolean;
}
