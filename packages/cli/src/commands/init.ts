import { ErganeError } from '@ergane/protocol';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from '../usage-error.ts';
import type { Command } from './command.ts';

export const init: Command = {
  usage: '[FOLDER]',
  summary: 'Writes a commented ergane.config.yaml, to put your sources in.',
  options: { force: { help: 'write over a file that is there' } },
  run: async (args, io) => {
    const [folder = '.', ...more] = args.positionals;
    if (more.length > 0) throw new UsageError('one folder is expected');
    const file = path.resolve(io.folder, folder, 'ergane.config.yaml');
    try {
      await writeFile(file, TEMPLATE, { flag: args.flag('force') ? 'w' : 'wx' });
    } catch (cause) {
      const isThere = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
      if (isThere) throw new UsageError(`${file} is there already; --force writes over it`, { cause });
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ErganeError('CONFIG_INVALID', `${file} cannot be written: ${reason}`, { cause });
    }
    io.stdout.write(`Wrote ${file}. Put your sources in, then run: ergane check\n`);
    return 0;
  },
};

export const TEMPLATE = `# Ergane's configuration. Every setting: docs/configuration.md
# \${NAME} is the environment variable NAME, \${NAME:-x} has a default; \${secret:name} is a secret, which only its function gets
# (from ERGANE_SECRET_NAME, else from AWS Secrets Manager). They are filled in when the catalog is first used.

catalogs:
  # shop:
  #   connector: mysql            # MySQL, MariaDB, Aurora
  #   env:
  #     default: "mysql://app:\${SHOP_PASSWORD}@db.example.com:3306/shop"

  # crm:
  #   connector: postgresql       # PostgreSQL, RDS, Aurora
  #   env:
  #     default: "postgres://\${secret:crm}@db.example.com:5432/crm?sslmode=verify-full"
  #   concurrency: 4              # functions at once, so connections at once
  #   memoryMb: 1024              # limit of one function
  #   timeoutSeconds: 300

  # parts:
  #   connector: dynamodb         # gets your AWS_* variables (aws: false keeps them)
  #   env:
  #     AWS_REGION: eu-west-1

  # sessions:
  #   connector: redis
  #   env: { default: "redis://app:\${secret:redis}@redis.example.com:6379/0" }

  # logs:                         # log files by date, <day>.log: the example connector, which needs no server
  #   connector: example
  #   env: { log_folder: ./logs }

  # hbase:                        # a connector that runs on AWS Lambda
  #   lambda: "arn:aws:lambda:eu-west-1:123456789012:function:hbase"

  # tpcds:                        # any program that speaks the Lambda Runtime API, such as AWS's connectors in Java
  #   command: [java, -cp, athena-tpcds.jar, com.amazonaws.services.lambda.runtime.api.client.AWSLambda]
  #   handler: com.amazonaws.athena.connectors.tpcds.TPCDSCompositeHandler

# what names in a query mean that do not say their catalog and schema
# defaults: { catalog: shop, schema: shop }

# where s3://bucket/key of CREATE EXTERNAL TABLE is: a folder with a folder a bucket, s3:// (AWS), or s3+http://key:secret@host:port
# s3: { store: ./.ergane/s3 }

# where functions put what is too large for their answer, encrypted; a folder, or s3://bucket/prefix
# spill: { store: ./.ergane/spill }
`;
