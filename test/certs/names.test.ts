import assert from 'node:assert/strict';
import { test } from 'node:test';
import { subjectNames } from '../../certs/names.ts';

const taken = [
  ['a service name stays as it is', 'portcullis.portcullis-system.svc', 'portcullis.portcullis-system.svc'],
  ['a single label is a name', 'localhost', 'localhost'],
  ['a label may begin with a digit', '0.pool.example.com', '0.pool.example.com'],
  ['capitals become small letters', 'Webhook.Example.COM', 'webhook.example.com'],
  ['a label may be 63 characters long', `${'a'.repeat(63)}.svc`, `${'a'.repeat(63)}.svc`],
  ['an IPv4 address stays as it is', '10.0.0.1', '10.0.0.1'],
  ['an IPv6 address is compressed', '2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['an IPv4 address inside an IPv6 address is spelt out', '::ffff:1.2.3.4', '::ffff:102:304'],
] as const;

for (const [sentence, name, form] of taken) {
  test(sentence, () => assert.deepEqual(subjectNames([name]), [form]));
}

const refused = [
  ['nothing at all', ''],
  ['a space', 'a b'],
  ['a URL', 'https://localhost:8443/mutate'],
  ['a name with a port', 'localhost:8443'],
  ['a name with a path', 'localhost/mutate'],
  ['an IPv6 address in brackets', '[::1]'],
  ['an IPv6 address with a zone', 'fe80::1%eth0'],
  ['an IPv4 address with a number over 255', '10.0.0.256'],
  ['three numbers', '10.0.1'],
  ['a wildcard', '*.example.com'],
  ['an underscore', 'my_service.svc'],
  ['an empty label', 'a..svc'],
  ['a dot at the end', 'localhost.'],
  ['a hyphen at the end of a label', 'a-.svc'],
  ['a label of 64 characters', `${'a'.repeat(64)}.svc`],
  ['a name of 254 characters', `${'a.'.repeat(125)}svcs`],
  ['letters beyond ASCII', 'bücher.example'],
  ['a second name after a comma', 'localhost,DNS:example.com'],
  ['a line break', 'localhost\n'],
] as const;

for (const [sentence, name] of refused) {
  test(`refuses ${sentence}`, () => {
    assert.throws(
      () => subjectNames(['localhost', name]),
      (error: Error) => error.message.includes(JSON.stringify(name)) && error.message.includes('must be a DNS name'),
    );
  });
}

test('all wrong names are reported at once, and no right one', () => {
  assert.throws(
    () => subjectNames(['a b', 'fine.example.com', 'c/d']),
    (error: Error) => error.message.includes('"a b", "c/d":') && !error.message.includes('fine'),
  );
});

test('a name given twice in different forms is one name', () => {
  assert.deepEqual(subjectNames(['::1', 'A.svc', '0:0:0:0:0:0:0:1', 'a.svc']), ['::1', 'a.svc']);
});
