import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gitRepoProblem } from '../../rules/website/git-repo.ts';
import type { HostSettings } from '../../rules/website/host-settings.ts';

const ANY: HostSettings = { allowedHosts: [], privateHosts: 'allow' };
const PUBLIC: HostSettings = { allowedHosts: [], privateHosts: 'refuse' };
const ON = (host: string) => `https://${host}/o/r`;

const LOOPBACK = 'must not be on localhost, which is the pod that fetches it';
const LINK_LOCAL = 'must not be on a link-local address, where nodes and clouds have their metadata';
const METADATA = 'must not be on the metadata service of a cloud';
const API_SERVER = 'must not be on the API server of Kubernetes';
const NOBODY = 'must not be on a multicast or reserved address';
const SELF_NAMED = 'must not be on a name that leads to whatever address is in it, or to localhost';

/** Hosts, and what is said besides of those in disguise: the address that they are. */
const always: { readonly [sentence: string]: { readonly [host: string]: string } } = {
  [LOOPBACK]: {
    localhost: '',
    'LocalHost.': '',
    'a.localhost': '',
    'localhost.localdomain': '',
    localhost6: '',
    'ip6-localhost': '',
    'ip6-loopback': '',
    '127.0.0.1': '',
    '127.255.255.254:8443': '',
    '127.0.0.1.': '',
    '2130706433': '127.0.0.1',
    '0x7f000001': '127.0.0.1',
    '0X7F.0.0.1': '127.0.0.1',
    '0x7f.1': '127.0.0.1',
    '017700000001': '127.0.0.1',
    '0177.0.0.1': '127.0.0.1',
    '0000177.0.0.1': '127.0.0.1',
    '127.1': '127.0.0.1',
    '127.0.1': '127.0.0.1',
    '127.0.0.0x1': '127.0.0.1',
    '0': '0.0.0.0',
    '0x': '0.0.0.0',
    '0.0.0.0': '',
    '0.1.2.3': '',
    '[::]': '',
    '[::1]': '',
    '[::1]:443': '',
    '[0:0:0:0:0:0:0:1]': '::1',
    '[0000::0001]': '::1',
    '[::0.0.0.1]': '::1',
    '[::ffff:7f00:1]': '127.0.0.1',
    '[::FFFF:127.0.0.1]': '127.0.0.1',
    '[0:0:0:0:0:ffff:7f00:0001]': '127.0.0.1',
    '[::127.0.0.1]': '127.0.0.1',
    '[::ffff:0:127.0.0.1]': '127.0.0.1',
    '[64:ff9b::127.0.0.1]': '127.0.0.1',
    '[64:ff9b:1::7f00:1]': '127.0.0.1',
    '[2002:7f00:1::]': '127.0.0.1',
    '[2002:7f00:1:ffff::1]': '127.0.0.1',
  },
  [LINK_LOCAL]: {
    '169.254.169.254': '',
    '169.254.0.23': '',
    '2852039166': '169.254.169.254',
    '0xa9fea9fe': '169.254.169.254',
    '0251.0376.0251.0376': '169.254.169.254',
    '169.254.43518': '169.254.169.254',
    '169.16689662': '169.254.169.254',
    '[fe80::1]': '',
    '[febf::1]': '',
    '[::ffff:169.254.169.254]': '169.254.169.254',
    '[64:ff9b::a9fe:a9fe]': '169.254.169.254',
    '[2002:a9fe:a9fe::]': '169.254.169.254',
  },
  [METADATA]: {
    metadata: '',
    'metadata.google.internal': '',
    'METADATA.google.internal.': '',
    'metadata.goog': '',
    'instance-data': '',
    'instance-data.ec2.internal': '',
    'instance-data.eu-west-1.compute.internal': '',
    'metadata.tencentyun.com': '',
    'metadata.azure.internal': '',
    '100.100.100.200': '',
    '1684301000': '100.100.100.200',
    '168.63.129.16': '',
    '192.0.0.192': '',
    '[fd00:ec2::254]': '',
    '[fd20:ce::254]': '',
    '[fd00:c1::a9fe:a9fe]': '',
    '[fd00:100::100:200]': '',
    '[fd00:42::42]': '',
    '[fd00:a9fe:a9fe:0::1]': 'fd00:a9fe:a9fe::1',
  },
  [API_SERVER]: {
    kubernetes: '',
    'kubernetes.default': '',
    'kubernetes.default.svc': '',
    'kubernetes.default.svc.cluster.local': '',
    'Kubernetes.Default.svc.corp.example.': '',
  },
  [NOBODY]: { '224.0.0.1': '', '255.255.255.255': '', '4294967295': '255.255.255.255', '[ff02::1]': '' },
  [SELF_NAMED]: {
    '127.0.0.1.nip.io': '',
    '169-254-169-254.sslip.io': '',
    'localtest.me': '',
    'a.lvh.me': '',
    'a.vcap.me': '',
    'web-169-254-169-254.traefik.me': '',
    'a9fea9fe.backname.io': '',
    '169.254.169.254.xip.io': '',
    'make-169-254-169-254-rr.1u.ms': '',
    '7f000001.a9fea9fe.rbndr.us': '',
    '169-254-169-254.web.pod.cluster.local': '',
    '127-0-0-1.web.pod': '',
  },
};

for (const [sentence, hosts] of Object.entries(always)) {
  for (const [host, truth] of Object.entries(hosts)) {
    test(`no repository may be on ${host}, whatever private hosts may`, () => {
      const written = host.replace(/^\[(.*)\].*$/, '$1').toLowerCase();
      const expected = truth === '' ? sentence : `${sentence}: ${written} is ${truth}`;
      assert.equal(gitRepoProblem(ON(host), ANY), expected);
      assert.equal(gitRepoProblem(ON(host), PUBLIC), expected);
    });
  }
}

test('the forms of SSH are no way around', () => {
  for (const repo of ['ssh://git@0x7f.1:22/r', 'git@127.1:r', '2130706433:r', 'git@[::ffff:7f00:1]:r', 'localhost:r']) {
    assert.match(gitRepoProblem(repo, ANY) ?? 'accepted', /^must not be on localhost/, repo);
  }
});

const privateHosts = [
  ...['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '198.18.0.1'],
  ...['[fc00::1]', '[fd12:3456::1]', '[fec0::1]', '[::ffff:10.0.0.1]', '[64:ff9b::c0a8:101]', '[2002:a00:1::]'],
  ...['gitea', 'git_server', 'gitea.web.svc', 'gitea.web.svc.cluster.local', 'gitea.web.svc.corp.example'],
  ...['gitea.default', 'gitea.kube-system', 'git.internal', 'git.local', 'git.corp', 'git.home.arpa', 'git.LAN.'],
];

for (const host of privateHosts) {
  test(`a repository may be on ${host}, unless private hosts are refused`, () => {
    assert.equal(gitRepoProblem(ON(host), ANY), undefined);
    assert.match(gitRepoProblem(ON(host), PUBLIC) ?? 'accepted', /^must be on a public host: private addresses/);
  });
}

const publicHosts = [
  ...['github.com', 'git.example.com', '8.8.8.8', '172.32.0.1', '172.15.0.1', '100.128.0.1', '9.255.255.255'],
  ...['[2606:4700::1]', '[::ffff:8.8.8.8]', '[64:ff9b::808:808]', '[2002:808:808::]', 'xn--bcher-kva.example'],
  ...['gitea.xn--p1ai', 'localhost.example.com', 'kubernetes.default.example.com'],
  ...[
    'metadata.example.com',
    'nip.io.example.com',
    'notnip.io',
    'metadata.internal.example',
    '1u.ms.example.com',
    'ip6-a.example.com',
    '10.example.com',
    '1e100.net',
  ],
];

for (const host of publicHosts) {
  test(`a repository may be on ${host}`, () => assert.equal(gitRepoProblem(ON(host), PUBLIC), undefined));
}

test('a public address in disguise is refused, since others would read another one', () => {
  for (const host of ['010.8.8.8', '0x8080808', '134744072', '8.526344']) {
    const problem = gitRepoProblem(ON(host), ANY) ?? 'accepted';
    assert.match(problem, /^must have its host's address in the usual form: 8\.8\.8\.8$/, host);
  }
});

const listed: { readonly [sentence: string]: readonly [repo: string, allowedHosts: string[], isAllowed: boolean] } = {
  'allows a host that is named': ['https://github.com/o/r', ['github.com'], true],
  'allows a host in capitals, with a trailing dot and a port': ['https://GITHUB.com.:8443/o/r', ['github.com'], true],
  'may have capitals and a trailing dot itself': ['https://git.example.com/r', ['Git.Example.com.'], true],
  'allows a host of the short SSH form': ['git@github.com:o/r', ['github.com'], true],
  'allows a host below a domain': ['ssh://git@a.b.EXAMPLE.com/r', ['*.Example.com.'], true],
  'allows an IPv6 address in another writing': ['ssh://[2001:DB8:0::1]:22/r', ['2001:db8::1'], true],
  'does not allow the domain itself': ['https://example.com/r', ['*.example.com'], false],
  'does not allow a host that ends alike': ['https://evilexample.com/r', ['*.example.com', 'example.com'], false],
  'does not allow a host that begins alike': ['https://github.com.evil.example/r', ['github.com'], false],
  'does not allow a host whose path names one': ['https://evil.example/github.com/r', ['github.com'], false],
  'does not allow a short form whose path does': ['evil.example:github.com:o/r', ['github.com'], false],
  'allows localhost where it is named': ['https://LOCALHOST/r', ['localhost'], true],
  'allows a loopback address where that very one is named': ['https://[0::1]/r', ['::1'], true],
  'does not allow another loopback address': ['https://127.0.0.2/r', ['127.0.0.1'], false],
  'does not allow a named address in disguise': ['https://2130706433/r', ['127.0.0.1'], false],
  'does not allow localhost by a suffix': ['https://a.localhost/r', ['*.localhost'], false],
  'does not allow metadata by a suffix': ['https://metadata.google.internal/r', ['*.google.internal'], false],
  'does not allow the API server by a suffix': ['https://kubernetes.default.svc/r', ['*.svc', '*.default.svc'], false],
  'allows a private name by a suffix': ['https://gitea.web.svc/r', ['*.svc'], true],
  'allows a private address that is named': ['https://10.0.0.1/r', ['10.0.0.1'], true],
};

for (const [sentence, [repo, allowedHosts, isAllowed]] of Object.entries(listed)) {
  test(`a list of allowed hosts ${sentence}`, () => {
    for (const hosts of [
      { ...ANY, allowedHosts },
      { ...PUBLIC, allowedHosts },
    ]) {
      assert.equal(gitRepoProblem(repo, hosts) === undefined, isAllowed, gitRepoProblem(repo, hosts));
    }
  });
}

test('a list of allowed hosts is named, a long one in part', () => {
  const problem = (allowedHosts: string[]) => gitRepoProblem('https://h/r', { ...ANY, allowedHosts });
  assert.equal(problem(['a', '*.b.']), 'must be on an allowed host: a, *.b.');
  const many = ['a', 'b', 'c', 'd', 'e', 'f'];
  assert.equal(problem(many), 'must be on an allowed host: a, b, c, d, e and others');
});

test('without settings nothing is said about hosts', () => {
  assert.equal(gitRepoProblem('https://127.0.0.1/r'), undefined);
});
