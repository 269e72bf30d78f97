import type { Arguments, OptionSpecs } from '../arguments.ts';
import type { Io } from '../io.ts';

/** One command of `ergane`. */
export interface Command {
  /** after the command's name, such as `[options] "sql"` */
  readonly usage: string;
  readonly summary: string;
  readonly options: OptionSpecs;
  /** further lines of its help */
  readonly notes?: string;
  /** Answers the exit code; what it throws decides it otherwise. */
  run(args: Arguments, io: Io): Promise<number>;
}
