import assert from 'node:assert/strict';
import test from 'node:test';
import { ErganeError } from '@ergane/protocol';
import { parseConnectionString } from '../src/config.ts';

test('a plain connection string', () => {
  const config = parseConnectionString(
    'postgres://us%40er:p%3A%2Fw@db.example:6432/sh%20op?sslmode=verify-full&sslrootcert=%2Fca.pem',
  );
  assert.deepEqual(
    { ...config },
    {
      host: 'db.example',
      port: 6432,
      database: 'sh op',
      user: 'us@er',
      password: 'p:/w',
      sslMode: 'verify-full',
      rootCertificate: '/ca.pem',
      clientCertificate: undefined,
      clientKey: undefined,
      connectTimeoutMs: 10_000,
      applicationName: 'ergane',
      iamAuth: false,
    },
  );
  assert.equal(parseConnectionString('postgresql://me@[::1]').host, '::1');
  assert.equal(parseConnectionString('postgresql://me@[::1]').database, 'me');
});

test("AWS's forms, with user and password wherever the secret stands", () => {
  const forms = [
    'postgres://jdbc:postgresql://h:5433/d?user=u&password=p%26w',
    'postgres://jdbc:postgresql://h:5433/d?u:p&w'.replace('p&w', 'p%26w').replace('u:p%26w', 'user=u&password=p%26w'),
    'jdbc:postgresql://u:p%26w@h:5433/d',
  ];
  for (const form of forms) {
    const { user, password, host, port, database } = parseConnectionString(form);
    assert.deepEqual([user, password, host, port, database], ['u', 'p&w', 'h', 5433, 'd'], form);
  }
  const bare = parseConnectionString('postgres://jdbc:postgresql://h/d?u:p:w&sslmode=require');
  assert.deepEqual([bare.user, bare.password, bare.sslMode], ['u', 'p:w', 'require']);
  // a token does not travel in the clear
  assert.equal(parseConnectionString('postgres://u@h/d?iam_auth=true').sslMode, 'require');
});

test('what is wrong is named, and the password is not', () => {
  const wrong: readonly (readonly [string, string])[] = [
    ['mysql://u:hidden@h/d', 'postgres://'],
    ['postgres://:hidden@h/d', 'no user'],
    ['postgres://u:hidden@h/d?sslmode=on', 'verify-full'],
    ['postgres://u:hidden@h/d?fetchsize=3', '"fetchsize"'],
    ['postgres://u:hidden@h/d?connect_timeout=x', 'connect_timeout'],
    ['postgres://u:hid#den@h:x/d', 'percent-encoded'],
    ['postgres://u:hidden@h/d/e', 'database'],
  ];
  for (const [text, mention] of wrong)
    assert.throws(
      () => parseConnectionString(text, 'shop_connection_string'),
      (error: unknown) => {
        assert.ok(error instanceof ErganeError);
        assert.equal(error.code, 'CONFIG_INVALID');
        assert.ok(error.message.includes(mention), error.message);
        assert.ok(error.message.includes('shop_connection_string'));
        assert.ok(!error.message.includes('hidden'));
        return true;
      },
      text,
    );
});
