/** Values of one annotation that are refused for one reason: a part of the message, which stands for none of the others. */
export interface BadSettings {
  readonly annotation: string;
  readonly reason: string;
  readonly values: readonly string[];
}

/** What a pod's author might write by mistake or in order to get more than was meant for him. */
export const badSettings: readonly BadSettings[] = [
  {
    annotation: 'git-repo',
    reason: 'begins with "-", which git or ssh would take for an option',
    values: [
      ...['--upload-pack=touch x', '-oProxyCommand=x', 'ssh://-oProxyCommand=x/r', '-h@h.example:r'],
      ...['https://h.example/-r', 'https://-h.example/r', 'git@h.example:--upload-pack=x'],
    ],
  },
  {
    annotation: 'git-repo',
    reason: 'must not name a remote helper',
    values: ['ext::sh -c x', 'ext::git-upload-pack $(id)', 'fd::17', 'EXT::sh', '::x'],
  },
  {
    annotation: 'git-repo',
    reason: 'must not be a path on the machine that fetches it',
    values: ['file:///etc', '/etc/passwd', './r', '../r', '~/r', 'C:\\r', 'FILE:///etc'],
  },
  {
    annotation: 'git-repo',
    reason: 'does not tell who answers',
    values: ['http://h.example/r', 'git://h.example/r', 'HTTP://h.example/r'],
  },
  {
    annotation: 'git-repo',
    reason: 'must be https://host/path',
    values: ['ftp://h.example/r', 'h.example/o/r', 'https:h.example/r', 'https:/h.example/r', 'javascript://x/r'],
  },
  {
    annotation: 'git-repo',
    reason: 'must name a repository after the host',
    values: ['https://h.example', 'https://h.example/', 'git@h.example:'],
  },
  { annotation: 'git-repo', reason: 'which the kubelet would expand', values: ['https://h.example/$(TOKEN)'] },
  {
    annotation: 'git-repo',
    reason: 'must not contain any of',
    values: [
      ...[
        'https://h.example/$\u007bTOKEN}',
        'https://h.example/`id`',
        'https://h.example/"r"',
        'https://h.example/a|b',
      ],
      ...['https://h.example/{{.Repo}}', 'https://h.example/<r>', 'https://h.example\\@i.example/r'],
    ],
  },
  {
    annotation: 'git-repo',
    reason: 'must not contain white space or control characters',
    values: [
      ...['https://h.example/r\n--exechook-command=x', 'https://h.example/r\r', 'https://h.example/r\u0000'],
      ...[
        'https://h.example/r --x',
        ' https://h.example/r',
        'https://h.example/r\u001b[2J',
        'https://h.example/\u2028',
      ],
    ],
  },
  {
    annotation: 'git-repo',
    reason: 'must not contain control characters, encoded ones neither',
    values: ['https://h.example/r%0a', 'https://h.example/r%00'],
  },
  {
    annotation: 'git-repo',
    reason: 'must be ASCII',
    values: [
      // A Cyrillic letter, a wide one, a slash and a full stop that are none, and a space of no width.
      ...['https://g\u0456thub.com/o/r', 'https://\uff47ithub.com/o/r', 'https://github.com\u2044o/r'],
      ...['https://github\u3002com/o/r', 'https://h.exam\u200bple/r', 'https://h.example/\u202er'],
    ],
  },
  {
    annotation: 'git-repo',
    reason: 'must not be on localhost',
    values: [
      ...['https://127.0.0.1/r', 'https://localhost/r', 'https://LOCALHOST./r', 'https://a.localhost/r'],
      ...[
        'https://2130706433/r',
        'https://0x7f000001/r',
        'https://0x7F.1/r',
        'https://0177.0.0.1/r',
        'https://127.1/r',
      ],
      ...['https://[::1]/r', 'https://[::ffff:127.0.0.1]/r', 'https://[0:0:0:0:0:ffff:7f00:1]/r', 'https://[::]/r'],
      ...['https://0.0.0.0/r', 'https://0/r', 'https://127.0.0.1:6443/r'],
    ],
  },
  {
    annotation: 'git-repo',
    reason: 'must not be on a link-local address',
    values: [
      ...['https://169.254.169.254/r', 'https://2852039166/r', 'https://0xa9fea9fe/r', 'https://0251.0376.0251.0376/r'],
      ...['https://[::ffff:169.254.169.254]/r', 'https://[64:ff9b::a9fe:a9fe]/r', 'https://[fe80::1]/r'],
    ],
  },
  {
    annotation: 'git-repo',
    reason: 'must not be on the metadata service of a cloud',
    values: ['https://metadata.google.internal/r', 'https://[fd00:ec2::254]/r'],
  },
  {
    annotation: 'git-repo',
    reason: 'must not be on the API server of Kubernetes',
    values: ['https://kubernetes.default.svc/r', 'https://kubernetes/r'],
  },
  {
    annotation: 'git-repo',
    reason: 'must not be on a name that leads to whatever address is in it',
    values: ['https://127.0.0.1.nip.io/r', 'https://10.0.0.1.sslip.io/r'],
  },
  {
    annotation: 'git-repo',
    reason: 'must have a valid host',
    values: ['https://', 'https:///r', 'https://h..example/r', 'https://h.example:0/r', 'https://[fe80::1%25eth0]/r'],
  },
  {
    annotation: 'git-ref',
    reason: 'must not begin with',
    values: ['--upload-pack=touch x', '-x', '+refs/heads/*:refs/heads/*'],
  },
  { annotation: 'git-ref', reason: 'must not contain ".."', values: ['a..b', '..', 'v1...v2'] },
  {
    annotation: 'git-ref',
    reason: 'must not contain a space, a control character or any of',
    values: ['a b', 'a~1', 'a^', 'a:b', 'a?', '*', 'a[b', 'a\\b', 'a\nb', 'a\u007f', 'main --depth=0'],
  },
  {
    annotation: 'git-ref',
    reason: 'must not',
    values: ['@', 'main@{1}', '/a', 'a/', 'a//b', '.a', 'a/.b', 'a.', 'a.lock', 'a.lock/b', '', '$(HOME)'],
  },
  { annotation: 'git-period', reason: 'must', values: ['60', '0', '9s', '25h', '1d', '-1m', '60 s', '1h\n', '1e3s'] },
  { annotation: 'git-period', reason: 'must be a duration', values: ['\u0666\u0660s', '', '10s --x', '1h30'] },
  {
    annotation: 'git-depth',
    reason: 'must be a whole number of commits',
    values: ['-1', '1.5', '010', '0x10', '1e3', 'all', '2147483648', '\uff11', '', ' 1', '1 --x'],
  },
  { annotation: 'git-submodules', reason: 'supported values:', values: ['true', 'Recursive', 'off ', ''] },
  {
    annotation: 'git-secret',
    reason: 'must be the name of a Secret',
    values: [
      ...[
        '/etc/git-secret',
        'other/key',
        '../key',
        'Key',
        'KEY',
        'my_key',
        '',
        ' key',
        'key ',
        'a key',
        '-key',
        'key-',
      ],
      ...[
        '.key',
        'key.',
        'a..b',
        'a.-b',
        'k'.repeat(254),
        '$(HOME)',
        '$\u007bKEY}',
        '`id`',
        'key,other',
        'key:username',
      ],
      // A Cyrillic letter, a wide one, a hyphen that is none, and a space of no width.
      ...['k\u0435y', '\uff4bey', 'a\u2010b', 'ke\u200by', 'key\n', 'key\nother', 'key\u0000', '*', '{{.Key}}'],
    ],
  },
  { annotation: 'git-mode', reason: 'supported values:', values: ['cron', 'Init', 'native', ''] },
  { annotation: 'git-container', reason: 'supported values:', values: ['wbe', 'git-sync', 'Web', ''] },
  {
    annotation: 'content-path',
    reason: 'which holds files of the image',
    values: [
      ...['/html', '/usr/share/nginx', '/etc/nginx/html', '/bin/x', '/usr/share/nginx/../html', '/proc/1/x'],
      ...['/var/run/secrets/x', '/usr/local/apache2/htdocs', '/dev/shm/x', '/srv/../etc/x'],
    ],
  },
  {
    annotation: 'content-path',
    reason: 'must',
    values: [
      'html',
      '/',
      '',
      '../../etc/x',
      '/srv/s/html/',
      '/srv//s/html',
      '/srv/s/root',
      '/srv/s/tmp-link',
      '/srv/a:b/c',
      '/a\n/b',
    ],
  },
  {
    annotation: 'mount-path',
    reason: 'hides what every program needs',
    values: [
      ...[
        '/',
        '/etc',
        '/bin',
        '/bin/x',
        '/usr',
        '/usr/bin',
        '/usr/lib',
        '/usr/local',
        '/lib64',
        '/var',
        '/tmp',
        '/root',
      ],
      ...['/proc', '/proc/self', '/sys', '/dev', '/dev/shm', '/run', '/run/secrets', '/var/run/secrets/kubernetes.io'],
      ...['//', '/.', '/..', '/srv/../etc', '/srv/../../bin/x', '//etc', '/etc/', '/./proc'],
    ],
  },
  {
    annotation: 'mount-path',
    reason: 'must be an absolute path',
    values: ['', 'srv/site', './site', '../site', '~/site', 'C:\\site', '\uff0fsrv', ' /srv/site', '$(HOME)/site'],
  },
  {
    annotation: 'mount-path',
    reason: 'must be 1 to 255 printable ASCII characters',
    values: [
      ...['/srv/a:b', '/srv/a b', '/srv/site\n', '/srv/\u0000', '/srv/s\u0456te', '/srv/\u202etis', '/srv/s\u00edte'],
      ...[`/${'a'.repeat(255)}`, '/srv/site --x', '/srv/\u001b[2J'],
    ],
  },
  {
    annotation: 'mount-path',
    reason: 'must be written without',
    values: ['/srv/site/', '/srv//site', '/srv/./site', '/srv/a/../site', '/../site'],
  },
];
