import type { InvocationReport } from '@ergane/protocol';

/**
 * Lambda's REPORT line
 * (https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html), with `status` when the invocation did not end well.
 */
export function printReportLine(
  report: InvocationReport,
  failure?: { readonly status: string; readonly errorType?: string },
): string {
  const fields = [
    `REPORT RequestId: ${report.requestId}`,
    `Duration: ${report.durationMs.toFixed(2)} ms`,
    `Billed Duration: ${report.billedDurationMs} ms`,
    `Memory Size: ${report.memorySizeMb} MB`,
    `Max Memory Used: ${report.maxMemoryUsedMb} MB`,
  ];
  if (report.initDurationMs !== undefined) fields.push(`Init Duration: ${report.initDurationMs.toFixed(2)} ms`);
  if (failure !== undefined) fields.push(`Status: ${failure.status}`);
  if (failure?.errorType !== undefined) fields.push(`Error Type: ${failure.errorType}`);
  return fields.join('\t') + '\t';
}

/** The last REPORT line in a log's tail; undefined when there is none. */
export function parseReportLine(log: string): InvocationReport | undefined {
  const line = log.slice(Math.max(0, log.lastIndexOf('REPORT RequestId: ')));
  const requestId = /^REPORT RequestId: (\S+)/.exec(line)?.[1];
  const durationMs = readField(line, 'Duration', 'ms');
  const billedDurationMs = readField(line, 'Billed Duration', 'ms');
  const memorySizeMb = readField(line, 'Memory Size', 'MB');
  const maxMemoryUsedMb = readField(line, 'Max Memory Used', 'MB');
  const initDurationMs = readField(line, 'Init Duration', 'ms');
  if (requestId === undefined || durationMs === undefined || billedDurationMs === undefined) return undefined;
  if (memorySizeMb === undefined || maxMemoryUsedMb === undefined) return undefined;
  const report = { requestId, durationMs, billedDurationMs, memorySizeMb, maxMemoryUsedMb };
  return initDurationMs === undefined ? report : { ...report, initDurationMs };
}

function readField(line: string, field: string, unit: string): number | undefined {
  const text = new RegExp(`\\t${field}: ([\\d.]+) ${unit}`).exec(line)?.[1];
  return text === undefined ? undefined : Number(text);
}
