// An independent S3 server that checks signatures: versitygw over a folder, built by `go install` (two minutes of CPU, once a machine).
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import {
  cacheFolder,
  freePort,
  has,
  makeDataFolder,
  portAnswers,
  run,
  say,
  startDetached,
  waitUntil,
} from './base.mjs';

const VERSION = 'v1.8.0';
const program = path.join(cacheFolder, `versitygw-${VERSION}`);
const ACCESS_KEY = 'ergane';
const SECRET_KEY = 'ergane-test-secret';

export const server = {
  name: 's3',
  variable: 'ERGANE_TEST_S3',

  install() {
    if (existsSync(program)) return;
    const go = ['go', '/usr/local/go/bin/go'].find(has);
    if (!go)
      throw new Error('the S3 test server (versitygw) is built with Go, which is not here: install Go 1.22 or newer');
    say(`building versitygw ${VERSION}: about two minutes, once ...`);
    const folder = path.join(cacheFolder, `versitygw-build-${process.pid}`);
    mkdirSync(folder, { recursive: true });
    run(
      go,
      [
        'install',
        '-trimpath',
        '-buildvcs=false',
        '-ldflags=-s -w',
        `github.com/versity/versitygw/cmd/versitygw@${VERSION}`,
      ],
      { env: { ...process.env, GOBIN: folder, GOFLAGS: '' } },
    );
    renameSync(path.join(folder, 'versitygw'), program);
  },

  async start() {
    const folder = makeDataFolder('s3');
    const objects = path.join(folder, 'objects');
    mkdirSync(objects);
    const port = await freePort();
    const { pid, log } = startDetached(
      program,
      ['--access', ACCESS_KEY, '--secret', SECRET_KEY, '--port', `127.0.0.1:${port}`, 'posix', objects],
      { folder },
    );
    await waitUntil(() => portAnswers(port), { name: 's3', pid, log });
    return { pid, port, url: `http://${ACCESS_KEY}:${SECRET_KEY}@127.0.0.1:${port}` };
  },
};
