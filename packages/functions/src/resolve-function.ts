import { ErganeError } from '@ergane/protocol';
import { availableParallelism } from 'node:os';
import type { FunctionConfig } from './function-config.ts';

/** A checked `FunctionConfig` with every default filled in; times in milliseconds. */
export interface ResolvedFunction {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly command: readonly [string, ...string[]];
  readonly handler: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly reservedConcurrency: number;
  readonly provisionedConcurrency: number;
  readonly idleMs: number;
  readonly initMs: number;
  readonly cancellationMs: number;
  readonly queueLimit: number;
}

/** @throws ErganeError CONFIG_INVALID that names the function and the setting */
export function resolveFunction(config: FunctionConfig): ResolvedFunction {
  const { name, command } = config;
  if (!/^[^\s/:\p{Cc}][^/:\p{Cc}]{0,139}$/u.test(name)) {
    throw invalid(name, 'name', 'must have 1 to 140 characters and neither "/" nor ":"');
  }
  if (command.length === 0 || command[0] === '') throw invalid(name, 'command', 'must name a program');
  const reservedConcurrency = check(config, 'reservedConcurrency', 2 * availableParallelism(), {
    least: 1,
    whole: true,
  });
  const provisionedConcurrency = check(config, 'provisionedConcurrency', 0, { least: 0, whole: true });
  if (provisionedConcurrency > reservedConcurrency) {
    throw invalid(name, 'provisionedConcurrency', `must not exceed reservedConcurrency (${reservedConcurrency})`);
  }
  const region = config.environment?.['AWS_REGION'] ?? 'us-east-1';
  return {
    name,
    arn: `arn:aws:lambda:${region}:000000000000:function:${name}`,
    region,
    command,
    handler: config.handler ?? 'index.handler',
    directory: config.directory ?? process.cwd(),
    environment: config.environment ?? {},
    timeoutMs: 1000 * check(config, 'timeoutSeconds', 900, { least: 0.001 }),
    memoryMb: check(config, 'memoryMb', 3008, { least: 1 }),
    reservedConcurrency,
    provisionedConcurrency,
    idleMs: 1000 * check(config, 'idleSeconds', 300, { least: 0 }),
    initMs: 1000 * check(config, 'initSeconds', 10, { least: 0.001 }),
    cancellationMs: 1000 * check(config, 'cancellationSeconds', 2, { least: 0 }),
    queueLimit: check(config, 'queueLimit', 10_000, { least: 0, whole: true }),
  };
}

type NumericSetting = {
  [Key in keyof FunctionConfig]-?: FunctionConfig[Key] extends number | undefined ? Key : never;
}[keyof FunctionConfig];

/** setTimeout's range, in seconds */
const LONGEST_SECONDS = 2_147_483;

function check(
  config: FunctionConfig,
  setting: NumericSetting,
  otherwise: number,
  { least, whole = false }: { readonly least: number; readonly whole?: boolean },
): number {
  const value = config[setting] ?? otherwise;
  if (!Number.isFinite(value) || value < least || (whole && !Number.isInteger(value))) {
    throw invalid(config.name, setting, `must be a ${whole ? 'whole ' : ''}number of at least ${least}, not ${value}`);
  }
  if (setting.endsWith('Seconds') && value > LONGEST_SECONDS) {
    throw invalid(config.name, setting, `must be at most ${LONGEST_SECONDS}, not ${value}`);
  }
  return value;
}

function invalid(functionName: string, setting: string, problem: string): ErganeError {
  return new ErganeError('CONFIG_INVALID', `function "${functionName}": ${setting} ${problem}`, {
    where: { function: functionName, setting },
  });
}
