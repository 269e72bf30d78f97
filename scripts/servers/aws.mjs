// moto, an emulator of AWS services, from PyPI in a virtual environment of its own: Glue, CloudWatch, Secrets Manager, KMS, STS and more.
import { existsSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import {
  aptInstall,
  cacheFolder,
  freePort,
  has,
  isRoot,
  makeDataFolder,
  portAnswers,
  run,
  say,
  startDetached,
  waitUntil,
} from './base.mjs';

const VERSION = '5.2.5';
const environment = path.join(cacheFolder, `moto-${VERSION}`);

export const server = {
  name: 'aws',
  variable: 'ERGANE_TEST_AWS',

  install() {
    if (existsSync(environment)) return;
    if (!has('python3')) throw new Error('moto, the emulator of AWS services, needs Python 3: install it');
    say(`installing moto ${VERSION} (142 MB), once ...`);
    // only python itself is run from it, so the folder may be moved once it is whole
    const made = `${environment}-new`;
    rmSync(made, { recursive: true, force: true });
    makeVirtualEnvironment(made);
    const pip = [path.join(made, 'bin', 'python'), '-m', 'pip', 'install', '-q', '--disable-pip-version-check'];
    run(pip[0], [...pip.slice(1), `moto[s3,glue,dynamodb,ssm,awslambda,iam]==${VERSION}`, 'flask', 'flask-cors']);
    renameSync(made, environment);
  },

  async start() {
    const folder = makeDataFolder('aws');
    const port = await freePort();
    const { pid, log } = startDetached(
      path.join(environment, 'bin', 'python'),
      ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
      { folder },
    );
    await waitUntil(() => portAnswers(port), { name: 'aws', pid, log });
    return { pid, port, url: `http://ergane:ergane-test@127.0.0.1:${port}` };
  },
};

function makeVirtualEnvironment(folder) {
  try {
    run('python3', ['-m', 'venv', folder]);
  } catch (error) {
    if (!isRoot) throw error;
    aptInstall(['python3-venv']);
    run('python3', ['-m', 'venv', folder]);
  }
}
