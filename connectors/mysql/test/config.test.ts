import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSettings } from '@ergane/sdk';
import { parseConnectionString, readConfig } from '../src/config.ts';

const parse = (text: string, region?: string) =>
  parseConnectionString(text, { setting: 'default', region, splitBytes: 1 });

test("AWS's connection strings and plain ones", async () => {
  const aws = parse('mysql://jdbc:mysql://db.example:3307/shop?user=app&password=p%26w+d&useUnicode=true');
  assert.deepEqual(
    [aws.host, aws.port, aws.user, aws.password, aws.database],
    ['db.example', 3307, 'app', 'p&w+d', 'shop'],
  );
  const plain = parse('mysql://a%40b:p%2Fw@[::1]');
  assert.deepEqual(
    [plain.host, plain.port, plain.user, plain.password, plain.database],
    ['::1', 3306, 'a@b', 'p/w', undefined],
  );
  assert.equal(parse('jdbc:mariadb://h/?user=u').host, 'h');
  const environment = {
    default: 'mysql://jdbc:mysql://db/shop?${shop-secret}',
    other_connection_string: 'mysql://u@other',
    ERGANE_SECRET_SHOP_SECRET: '{"username":"app","password":"p&w"}',
  };
  const settings = makeSettings(environment, () => Promise.resolve(undefined));
  const secret = await readConfig(settings, 'shop');
  assert.deepEqual([secret.user, secret.password, secret.setting], ['app', 'p&w', 'default']);
  assert.equal((await readConfig(settings, 'other')).host, 'other');
});

test('TLS is asked for unless the host is this one', () => {
  assert.equal(parse('mysql://u@db').sslMode, 'PREFERRED');
  assert.equal(parse('mysql://u@localhost').sslMode, 'DISABLED');
  assert.equal(parse('mysql://u@127.0.0.1?sslMode=verify-ca').sslMode, 'VERIFY_CA');
  assert.equal(parse('mysql://u@db?useSSL=false').sslMode, 'DISABLED');
  assert.equal(parse('mysql://u@db?sslCa=/ca.pem').sslMode, 'VERIFY_IDENTITY');
  assert.equal(parse('mysql://u@localhost?iam=true', 'eu-west-1').sslMode, 'REQUIRED');
});

test('what is wrong is said with the setting, and no secret with it', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['postgres://u:secret@db', /is no connection string/],
    ['mysql://db:3306/shop', /names no user/],
    ['mysql://u:secret@db?sslmod=REQUIRED', /parameter "sslmod"/],
    ['mysql://u:secret@db?sslMode=SOMETIMES', /sslMode=SOMETIMES/],
    ['mysql://u:secret@db1,db2/shop', /names several hosts/],
    ['mysql://u:secret@db:port', /host or port/],
    ['mysql://u:sec%ret@db', /%25/],
    ['mysql://u:secret@db?connectTimeout=soon', /"soon"/],
    ['mysql://u:secret@db?iam=true', /AWS_REGION/],
  ];
  for (const [text, pattern] of cases)
    assert.throws(
      () => parse(text),
      (error) => {
        assert.ok(error instanceof Error && 'code' in error && error.code === 'CONFIG_INVALID');
        assert.match(error.message, pattern);
        assert.match(error.message, /the setting default/);
        assert.doesNotMatch(error.message, /:secret|sec%ret/);
        return true;
      },
      text,
    );
});
