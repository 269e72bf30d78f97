/** Lambda's defaults of AWS's connectors (section 6.1). */
export const DEFAULT_TIMEOUT_MS = 900_000;
export const DEFAULT_MEMORY_MB = 3008;
