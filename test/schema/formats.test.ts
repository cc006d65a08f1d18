import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FORMATS, formatCheck } from '../../schema/formats.ts';
import { testFormat } from './formats-table.ts';

test('a format is found whatever dashes its name has', () => {
  for (const name of ['date-time', 'datetime', 'd-a-t-e-time-', 'k8s-short-name', 'k8sshortname', 'ip-v4']) {
    assert.ok(formatCheck(name) !== undefined, name);
  }
  assert.equal(formatCheck('date-time'), FORMATS.datetime);
  assert.equal(formatCheck('k8s-long-name'), FORMATS['k8s-long-name']);
});

test('a format of numbers, one that nobody knows and an inherited name are no formats of strings', () => {
  for (const name of ['int32', 'double', 'DATE', 'date time', 'k8s_short_name', '', '-', 'constructor', '__proto__']) {
    assert.equal(formatCheck(name), undefined, name);
    assert.equal(formatCheck(name), undefined);
  }
});

testFormat('date', {
  takes: { 'a leap day': '2024-02-29', 'one in a century that 400 divides': '2000-02-29', 'the year 0': '0000-12-31' },
  refuses: {
    nothing: '',
    'a leap day in another year': '2023-02-29',
    'one in a century that 400 does not divide': '1900-02-29',
    'the 31st of a shorter month': '2026-04-31',
    'the day 0': '2026-01-00',
    'the month 13': '2026-13-01',
    'five digits of a year': '12026-01-02',
    'single digits': '2026-1-2',
    'a line break after it': '2026-01-02\n',
    'digits of another script': '\u0662\u0660\u0662\u0666-01-02',
  },
});

testFormat('date-time', {
  takes: {
    UTC: '2026-01-02T03:04:05Z',
    'lower case': '2026-01-02t03:04:05z',
    'an offset that no clock has': '2026-01-02T03:04:05-99:99',
    'any character before the fraction': '2026-01-02T03:04:05,5Z',
    'even one outside the basic plane': '2026-01-02T03:04:05\u{1f600}5Z',
    'a lone surrogate there': '2026-01-02T03:04:05\ud8005Z',
    'even a digit': '2026-01-02T03:04:0599Z',
    'anything behind a second T': '2026-01-02T03:04:05ZT or so',
  },
  refuses: {
    nothing: '',
    'a date': '2026-01-02',
    'no offset': '2026-01-02T03:04:05',
    'a space for the T': '2026-01-02 03:04:05Z',
    'a leap second': '2016-12-31T23:59:60Z',
    'hour 24': '2026-01-02T24:00:00Z',
    'a day that does not exist': '2026-02-30T03:04:05Z',
    'a fraction of no digits': '2026-01-02T03:04:05.Z',
    'a line break before the fraction': '2026-01-02T03:04:05\n5Z',
    'an offset without its colon': '2026-01-02T03:04:05+0200',
    'a space after it': '2026-01-02T03:04:05Z ',
  },
});

testFormat('duration', {
  takes: {
    'nothing but 0': '0',
    'what is negative': '-1.5h',
    'a dot without digits before it': '.5s',
    'a dot without digits after it': '5.s',
    'the micro sign': '1\u00b5s',
    'the Greek letter for it': '1\u03bcs',
    'the shortest that Go can hold': '-9223372036854775808ns',
    'days in words': '5 days',
    'weeks and two letters for hours': '3 weeks 2 hr',
    'what only begins like a unit': '2 hourglasses',
    'what ISO 8601 takes for one hour': 'PT1H',
    'a number with a unit anywhere': 'about 5s, or 7 apples',
    'more fraction than fits 64 bits': '0.99999999999999999999s',
    'three million hours, in Scala': '3000000h',
    'white space between': '1\t\n m',
  },
  refuses: {
    nothing: '',
    'a bare sign': '-',
    'a bare number': '5',
    'a unit alone': 's',
    'a dot and a unit': '.s',
    'what has no unit': '5 apples',
    'a plural of an abbreviation': '5 hrs',
    'more than 64 bits': '9223372036854775808ns',
    'more than 64 bits of days': '-9223372036854775808d',
    'one good number beside one of more than 64 bits': '1s 99999999999999999999s',
    'white space of another script between': '5\u00a0s',
    'digits of another script': '\u0665s',
  },
});

testFormat('byte', {
  takes: {
    'two padding characters': 'YQ==',
    'bits that pad': 'YR==',
    'none of both': 'YWJj',
    'plus and slash': '+/+/',
  },
  refuses: {
    nothing: '',
    'no padding': 'YQ',
    'too much of it': 'Y===',
    'nothing but padding': '====',
    'padding within': 'YQ==YQ==',
    'the alphabet of URLs': '-_-_',
    'a line break': 'YWJj\n',
    'a line break that makes four': 'YQ=\n',
  },
});

const uuid = (version: string, variant: string) => `0df28fbd-5f5f-${version}1e8-${variant}c74-36e6bb280816`;
testFormat('uuid', {
  takes: {
    'upper case': uuid('1', 'b').toUpperCase(),
    'no dashes': uuid('1', 'b').replaceAll('-', ''),
    'some of them': '0df28fbd5f5f-11e8bc74-36e6bb280816',
  },
  refuses: {
    nothing: '',
    braces: `{${uuid('1', 'b')}}`,
    'a URN': `urn:uuid:${uuid('1', 'b')}`,
    'a line break': `${uuid('1', 'b')}\n`,
  },
});
testFormat('uuid3', { takes: { 'any variant': uuid('3', '0') }, refuses: { 'version 4': uuid('4', 'b') } });
testFormat('uuid4', {
  takes: { 'the variant of RFC 4122': uuid('4', 'A') },
  refuses: { 'any other variant': uuid('4', '7'), 'version 5': uuid('5', 'b') },
});
testFormat('uuid5', {
  takes: { 'the variant of RFC 4122': uuid('5', '8') },
  refuses: { 'any other variant': uuid('5', 'c'), 'version 4': uuid('4', 'b') },
});
testFormat('bsonobjectid', {
  takes: { 'hexadecimal digits of both cases': '507f1f77BCF86cd799439011' },
  refuses: {
    nothing: '',
    '23 digits': '507f1f77bcf86cd79943901',
    '25 digits': '507f1f77bcf86cd7994390111',
    'a g': 'g07f1f77bcf86cd799439011',
  },
});

testFormat('isbn10', {
  takes: { 'spaces and dashes anywhere': ' 0-8044 2957\n-X', 'zeros alone': '0000000000' },
  refuses: {
    nothing: '',
    'a wrong check digit': '0321751044',
    'a small x': '080442957x',
    'an X within': '08044X9570',
    '13 digits': '9780321751041',
  },
});
testFormat('isbn13', {
  takes: { 'a space': '978 3401013190', 'what begins unlike any book': '0000000000000' },
  refuses: {
    nothing: '',
    'a wrong check digit': '978-0321751042',
    'a space of another script': '978\u00a03401013190',
    '10 digits': '0321751043',
  },
});
testFormat('isbn', {
  takes: { '10 digits': '0321751043', '13 digits': '9780321751041' },
  refuses: { '12 digits': '978032175104' },
});

testFormat('creditcard', {
  takes: {
    Visa: '4111-1111-1111-1111',
    'Visa of 13 digits': '4222222222222',
    Mastercard: '5555 5555 5555 4444',
    'American Express': '378282246310005',
    Discover: '6011111111111117',
    'Diners Club': '30569309025904',
    JCB: '3530111333300000',
    'whatever is between the digits': 'my card: 4111/1111/1111/1111, thanks',
  },
  refuses: {
    nothing: '',
    'a wrong check digit': '4111111111111112',
    'a range that Mastercard got later': '2223003122003222',
    'a range of nobody': '9999999999999995',
    'a digit too many': '41111111111111111',
  },
});
testFormat('ssn', {
  takes: { dashes: '111-11-1111', spaces: '999 99 9999', 'one of each': '111-11 1111' },
  refuses: {
    nothing: '',
    'no separator': '111111111',
    'one separator': '111-111111',
    'a digit too few': '111-11-111',
    'one too many': '111-11-11111',
  },
});
testFormat('hexcolor', {
  takes: { 'three digits': 'fff', 'six behind a hash': '#FfFf00' },
  refuses: { nothing: '', 'four digits': '#ffff', 'a hash': '#', 'a name': 'red', 'two hashes': '##fff' },
});
testFormat('rgbcolor', {
  takes: { 'white space in it': 'rgb( 0 ,\t99,\n255 )', 'all of 199': 'rgb(199,200,249)' },
  refuses: {
    nothing: '',
    'white space before the bracket': 'rgb (1,2,3)',
    'leading zeros': 'rgb(00,1,2)',
    'more than 255': 'rgb(0,256,0)',
    percentages: 'rgb(1%,2%,3%)',
    'capital letters': 'RGB(1,2,3)',
    'two numbers': 'rgb(1,2)',
    'an alpha': 'rgb(1,2,3,4)',
  },
});
testFormat('password', { takes: { nothing: '', anything: '\0\ud800' }, refuses: {} });

testFormat('k8s-short-name', {
  takes: { 'a digit': '1', '63 characters': 'a'.repeat(63), 'dashes in a row': 'a--b' },
  refuses: {
    nothing: '',
    '64 characters': 'a'.repeat(64),
    'a capital letter': 'aB',
    'a dash at its end': 'a-',
    'a dot': 'a.b',
    'a line break': 'a\n',
  },
});
testFormat('k8s-long-name', {
  takes: { 'digits alone': '1.2', 'a label of 253 characters': 'a'.repeat(253) },
  refuses: {
    nothing: '',
    '254 characters': 'a'.repeat(254),
    'a dot at its end': 'a.',
    'an empty label': 'a..b',
    'a dash at a label\u2019s end': 'a-.b',
  },
});
