import { testFormat } from './formats-table.ts';

testFormat('ipv4', {
  takes: {
    'leading zeros': '010.0.000000.1',
    'IPv6 that maps it': '::ffff:1.2.3.4',
    'IPv6 that ends like it': '1:2:3:4:5:6:7.8.9.10',
    'groups of that with more than four digits': '00001::1.2.3.4',
  },
  refuses: {
    nothing: '',
    'three octets': '1.2.3',
    'five octets': '1.2.3.4.5',
    'an octet beyond 255': '1.2.3.256',
    'an empty octet': '1..3.4',
    'IPv6 without a dot': '::1',
    'hexadecimal digits': '0x1.2.3.4',
    'a sign': '+1.2.3.4',
    'a space': '1.2.3.4 ',
    'a zone': '1.2.3.4%eth0',
    'digits of another script': '\u0661.2.3.4',
  },
});

testFormat('ipv6', {
  takes: {
    'nothing but colons': '::',
    'all eight groups': '1:2:3:4:5:6:7:8',
    'one group for the two colons': '1:2:3:4:5:6:7::',
    'capital letters and zeros': '2001:0DB8::1',
    'IPv4 at its end': '64:ff9b::192.0.2.33',
  },
  refuses: {
    nothing: '',
    IPv4: '1.2.3.4',
    'a zone': 'fe80::1%eth0',
    'no group for the two colons': '1:2:3:4:5:6:7:8::',
    'seven groups': '1:2:3:4:5:6:7',
    'nine groups': '1:2:3:4:5:6:7:8:9',
    'two colons twice': '1::2::3',
    'three colons': ':::1',
    'a colon at its end': '1:2:3:4:5:6:7:',
    'five digits': '00001::',
    'leading zeros in its IPv4': '::1.2.3.04',
    'IPv4 in its midst': '1.2.3.4::',
    'IPv4 and one group too many': '1:2:3:4:5:6::1.2.3.4',
    brackets: '[::1]',
  },
});

testFormat('cidr', {
  takes: {
    'bits beyond the prefix': '10.1.2.3/8',
    'leading zeros everywhere': '010.0.0.0/008',
    'the longest prefixes of IPv4': '1.2.3.4/32',
    'and of IPv6': '::1/128',
    'IPv4 in IPv6, whose prefix is that of IPv6': '::ffff:1.2.3.4/96',
    'no prefix at all': '0.0.0.0/0',
  },
  refuses: {
    nothing: '',
    'an address': '10.0.0.0',
    'a slash and nothing': '10.0.0.0/',
    'a prefix and nothing': '/8',
    'too long a prefix of IPv4': '10.0.0.0/33',
    'too long a prefix of IPv6': '::/129',
    'a negative one': '10.0.0.0/-1',
    'a mask': '10.0.0.0/255.0.0.0',
    'two of them': '10.0.0.0/8/8',
    'a zone': 'fe80::1%eth0/64',
    'what is left out': '10/8',
  },
});

testFormat('mac', {
  takes: {
    'six octets': '00:00:5e:00:53:01',
    'eight between dashes': '02-00-5E-10-00-00-00-01',
    'twenty, as on InfiniBand': Array(20).fill('fe').join(':'),
    'pairs between dots': '0200.5e10.0000.0001',
    'ten pairs between dots': Array(10).fill('fe80').join('.'),
  },
  refuses: {
    nothing: '',
    'five octets': '00:00:5e:00:53',
    'seven octets': '00:00:5e:00:53:01:02',
    'both separators': '00:00:5e-00:53:01',
    'octets between dots': '00.00.5e.00.53.01',
    'pairs between colons': '0000:5e00:5301',
    'no separator': '00005e005301',
    'single digits': '0:0:5e:0:53:1',
    'a letter beyond f': '00:00:5g:00:53:01',
    'a separator at its end': '00:00:5e:00:53:01:',
  },
});

const label = (length: number) => 'a'.repeat(length);
testFormat('hostname', {
  takes: {
    'one letter': 'a',
    'a dash in the second place': 'x-y',
    'nothing behind that dash': 'x-',
    'digits in all labels but the last': '1.2.com',
    'letters of any script': 'www.\u8a79\u59c6\u65af.\u00f4l\u00e0',
    symbols: '\u2601\u2192\u2744.ws',
    'signs that are symbols': 'a=b<c>.com',
    'a lone surrogate, which has become a symbol': '\ud800.com',
    'labels of 63 characters': `${label(63)}.${label(63)}`,
    '255 characters': `${Array(3).fill(label(63)).join('.')}.${label(63)}`,
  },
  refuses: {
    nothing: '',
    'a dash in any other place of a lone label': 'web-1',
    'two dashes in the second place': 'x--y',
    'a digit in the last of several labels': 'a.b2',
    'a dash in the last of several labels': 'a.b-c',
    'a last label of one letter': 'a.b',
    'a symbol in the last label': 'a.b\u2601',
    IPv4: '10.0.0.1',
    'a dot at its end': 'example.com.',
    'a dot at its beginning': '.example.com',
    'an empty label': 'a..com',
    'an underscore': '_dmarc.example.com',
    'a dash at a label\u2019s end': 'a-.com',
    'a dash at a label\u2019s beginning': '-a.com',
    'a label of 64 characters': `${label(64)}.com`,
    'a label of 64 bytes': `${'\u00e9'.repeat(32)}.com`,
    'a lone label of 64 characters': label(64),
    '256 characters': `${Array(3).fill(label(63)).join('.')}.${label(61)}.aa`,
    'a port': 'example.com:80',
    'a line break': 'example.com\n',
  },
});
