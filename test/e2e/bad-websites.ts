import { condition, type Posted, posted, range, website, withStatus } from './bad-websites-posted.ts';
import { KUBIA } from './objects.ts';

/** Websites that the CRD's schema refuses. Their repository is a good one unless it is the point. */
export const BAD: readonly Posted[] = [
  ...posted(
    {
      'no spec': '',
      'a spec that is null': '"spec": null',
      'a spec that is a text': '"spec": "HEAD"',
      'a spec that is a list': '"spec": []',
      'an empty spec': '"spec": {}',
    },
    (members) => members,
  ),
  ...posted(
    {
      'a repository that is null': 'null',
      'a repository that is a number': '1',
      'a repository that is a boolean': 'true',
      'a repository that is a list': `["${KUBIA}"]`,
      'a repository that is an object': `{"url": "${KUBIA}"}`,
    },
    (gitRepo) => `"spec": {"gitRepo": ${gitRepo}}`,
  ),
  ...posted(
    {
      'a repository by a name that differs in case': '"gitrepo": "https://github.com/o/r"',
      'a repository by another name': '"url": "https://github.com/o/r", "ref": "main"',
    },
    (members) => `"spec": {${members}}`,
  ),
  ...posted(
    {
      'a ref that is a number': '"ref": 1',
      'a ref that is a number with a fraction': '"ref": 1.10',
      'a ref that is a boolean': '"ref": true',
      'a ref that is a list': '"ref": ["main"]',
      'a ref that is an object': '"ref": {"branch": "main"}',
      'a period that is a number': '"period": 60',
      'a period that is a boolean': '"period": false',
      'a period that is a list': '"period": ["60s"]',
      'a period that is an object': '"period": {"seconds": 60}',
      'a depth that is a text': '"depth": "1"',
      'a depth that is an empty text': '"depth": ""',
      'a depth with a fraction': '"depth": 1.5',
      'a negative depth': '"depth": -1',
      'a negative depth, written as a float': '"depth": -1.0',
      'a depth that is negative and has a fraction': '"depth": -0.5',
      'a depth beyond the bound': '"depth": 2147483648',
      'a depth that is a boolean': '"depth": true',
      'a depth that is a list': '"depth": [1]',
      'a depth that is an object': '"depth": {}',
      'submodules that are not among the values': '"submodules": "on"',
      'submodules in another case': '"submodules": "Off"',
      'submodules that are empty': '"submodules": ""',
      'submodules with a quote and a backslash': '"submodules": "o\\"f\\\\f"',
      'submodules that YAML made a boolean': '"submodules": false',
      'submodules that are a number': '"submodules": 0',
      'submodules that are a list': '"submodules": ["off"]',
      'credentials that are a text': '"credentials": "git-token"',
      'credentials that are a list': '"credentials": ["git-token"]',
      'credentials that are a boolean': '"credentials": true',
      'several fields at once':
        '"depth": -1, "submodules": "on", "credentials": {}, "ref": 1, "period": [], "unknown": true',
    },
    (members) => `"spec": {"gitRepo": "${KUBIA}", ${members}}`,
  ),
  ...posted(
    {
      'credentials without a name': '',
      'a Secret that is null': '"secretName": null',
      'a Secret that is a number': '"secretName": 1',
      'a Secret without a name': '"secretName": ""',
      'a Secret in upper case': '"secretName": "Git-Token"',
      'a Secret with an underscore': '"secretName": "git_token"',
      'a Secret that begins with a hyphen': '"secretName": "-git-token"',
      'a Secret with an empty label': '"secretName": "git..token"',
      'a Secret with a line break': '"secretName": "git-token\\n"',
      'a Secret beyond ASCII': '"secretName": "gít-töken"',
      'a Secret of 254 characters': `"secretName": "${'s'.repeat(254)}"`,
      'a Secret by another name': '"name": "git-token"',
    },
    (members) => `"spec": {"gitRepo": "${KUBIA}", "credentials": {${members}}}`,
  ),
  ...posted(
    {
      'a status that is a text': '"Ready"',
      'a status that is a list': '[]',
      'an observed generation that is a text': '{"observedGeneration": "1"}',
      'a negative observed generation': '{"observedGeneration": -1}',
      'an observed generation with a fraction': '{"observedGeneration": 0.5}',
      'conditions that are an object': '{"conditions": {"Ready": "True"}}',
      'conditions that are a text': '{"conditions": "Ready"}',
      'a condition that is null': '{"conditions": [null]}',
      'a condition that is a text': `{"conditions": [${condition()}, "Ready"]}`,
      'an empty condition': '{"conditions": [{}]}',
      'seventeen conditions': `{"conditions": [${range(17).map((index) => condition({ type: `Type${index}` }))}]}`,
      'a condition that stands twice': `{"conditions": [${condition()}, ${condition({ status: 'False' })}]}`,
      'a condition that stands three times': `{"conditions": [${condition()}, ${condition()}, ${condition()}]}`,
      'two conditions that stand twice, and others between them': `{"conditions": [${[
        ...['Ready', 'Synced', 'Synced', 'Stalled', 'Ready'].map((type) => condition({ type })),
      ]}]}`,
    },
    withStatus,
  ),
  ...posted(
    {
      'a condition without a message': condition({ message: undefined }),
      'a condition whose message is null': condition({ message: null }),
      'a condition whose status is a boolean': condition({ status: true }),
      'a condition whose status is in lower case': condition({ status: 'true' }),
      'a condition whose time is no time': condition({ lastTransitionTime: 'yesterday' }),
      'a condition whose time has no zone': condition({ lastTransitionTime: '2026-01-01T00:00:00' }),
      'a condition whose day does not exist': condition({ lastTransitionTime: '2026-02-30T00:00:00Z' }),
      'a condition whose time is empty': condition({ lastTransitionTime: '' }),
      'a condition whose time is a number': condition({ lastTransitionTime: 1767225600 }),
      'a condition whose reason is empty': condition({ reason: '' }),
      'a condition whose reason is a sentence': condition({ reason: 'It works.' }),
      'a condition whose reason is of 1,025 characters': condition({ reason: 'r'.repeat(1025) }),
      'a condition whose message is of 32,769 characters': condition({ message: 'm'.repeat(32_769) }),
      'a condition whose type is empty': condition({ type: '' }),
      'a condition whose type has a space': condition({ type: 'Not ready' }),
      'a condition whose type is of 317 characters': condition({ type: 'T'.repeat(317) }),
      'a condition whose observed generation is a text': condition({ observedGeneration: '1' }),
      'a condition whose observed generation is negative': condition({ observedGeneration: -1 }),
      'a condition with five mistakes': condition({
        type: 1,
        status: '',
        reason: '-',
        message: undefined,
        lastTransitionTime: 'now',
      }),
    },
    (one) => withStatus(`{"conditions": [${one}]}`),
  ),
  ...answeredByTheServer(),
  {
    sentence: 'a repository of 2,049 characters',
    body: website(`"spec": {"gitRepo": "https://github.com/${'r'.repeat(2030)}"}`),
    alsoBySource: [
      `spec.gitRepo: Invalid value: "https://github.com/${'r'.repeat(237)}…": must not be longer than 2048 characters`,
    ],
  },
  {
    sentence: 'a ref of 256 characters',
    body: website(`"spec": {"gitRepo": "${KUBIA}", "ref": "${'r'.repeat(256)}"}`),
    alsoBySource: [`spec.ref: Invalid value: "${'r'.repeat(256)}": must not be longer than 255 characters`],
  },
  {
    sentence: 'a ref of 256 characters beyond the first plane',
    body: website(`"spec": {"gitRepo": "${KUBIA}", "ref": "${'🌍'.repeat(256)}"}`),
    alsoBySource: [`spec.ref: Invalid value: "${'🌍'.repeat(128)}…": must not be longer than 255 characters`],
  },
  {
    sentence: 'a period of 65 characters',
    body: website(`"spec": {"gitRepo": "${KUBIA}", "period": "${'0'.repeat(62)}60s"}`),
    alsoBySource: [
      `spec.period: Invalid value: "${'0'.repeat(62)}60s": must be a duration such as "60s", "5m" or "1h30m" (units: h, m, s)`,
    ],
  },
];

/** Websites that the CRD's schema takes. */
export const GOOD: readonly Posted[] = [
  ...posted(
    {
      'nothing but a repository': '',
      'all defaults, written out': ', "ref": "HEAD", "period": "60s", "depth": 1, "submodules": "off"',
      'a depth of 0': ', "depth": 0',
      'a depth at the bound': ', "depth": 2147483647',
      'a depth that is written as a float': ', "depth": 1.0',
      'a depth that is written with an exponent': ', "depth": 1e3',
      'a depth of minus zero': ', "depth": -0',
      'submodules that are shallow': ', "submodules": "shallow"',
      'a Secret': ', "credentials": {"secretName": "git-token"}',
      'a Secret of 253 characters, dots among them': `, "credentials": {"secretName": "${'ab.'.repeat(84)}c"}`,
      'a ref of 255 characters': `, "ref": "${'r'.repeat(255)}"`,
      'a ref of 127 characters beyond the first plane': `, "ref": "${'🌍'.repeat(127)}"`,
      'unknown fields': ', "branch": "main", "Ref": 1, "credentials": {"secretName": "s", "token": 1}',
      'a field with a default that is null': ', "ref": null, "depth": null, "submodules": null, "period": null',
      'credentials that are null': ', "credentials": null',
      'a member named like one of every object': ', "constructor": 1, "toString": null',
    },
    (members) => `"spec": {"gitRepo": "${KUBIA}"${members}}`,
  ),
  ...posted(
    {
      'a status that is null': 'null',
      'an empty status': '{}',
      'no conditions': '{"conditions": [], "observedGeneration": 0}',
      'conditions that are null': '{"conditions": null}',
      'sixteen conditions': `{"conditions": [${range(16).map((index) => condition({ type: `Type${index}` }))}]}`,
      'a condition with a prefix, an offset and a fraction': `{"conditions": [${condition({
        type: 'example.com/Ready',
        lastTransitionTime: '2024-02-29T23:59:59.123456789+02:00',
      })}]}`,
      'a condition with unknown fields': `{"conditions": [${condition({ severity: 1 })}], "phase": "Ready"}`,
      'a message of 32,768 characters beyond the first plane': `{"conditions": [${condition({ message: '🌍'.repeat(32_768) })}]}`,
    },
    withStatus,
  ),
];

/**
 * Numbers of which a webhook sees less than the API server does, which passes a whole float on as an integer, and one
 * beyond 2^53 as a text that is read as a double: verdicts and fields are the same, the numbers in the texts are not.
 */
export const LARGE: readonly Posted[] = posted(
  {
    'a depth beyond the bound, written as a float': '2147483648.0',
    'a depth beyond 2^53': '9007199254740993',
    'a depth beyond int64': '9223372036854775808',
    'a depth in an exponent': '1e300',
  },
  (depth) => `"spec": {"gitRepo": "${KUBIA}", "depth": ${depth}}`,
);

/** An API server 1.20 takes this for 1, and 1.36 tells the fraction. */
export const NEARLY_WHOLE: Posted = {
  sentence: 'a depth that is nearly whole',
  body: website(`"spec": {"gitRepo": "${KUBIA}", "depth": 1.0000000001}`),
};

/** What the API server refuses before it asks anybody, with a schema or without. */
function answeredByTheServer(): Posted[] {
  const good = website(`"spec": {"gitRepo": "${KUBIA}"}`);
  const changed = (from: string, to: string) => good.replace(from, to);
  return Object.entries({
    'a version that is not served': changed('extensions.example.com/v1', 'extensions.example.com/v2'),
    'another group': changed('extensions.example.com/v1', 'example.com/v1'),
    'no apiVersion': changed('"apiVersion": "extensions.example.com/v1", ', ''),
    'another kind': changed('"Website"', '"WebSite"'),
    'no kind': changed('"kind": "Website", ', ''),
    'no name': changed('"name": "web"', ''),
    'a name in upper case': changed('"web"', '"Web"'),
    'a name that is a number': changed('"web"', '1'),
    'a label that is a number': changed('"name": "web"', '"name": "web", "labels": {"a": 1}'),
    'no object': '[]',
    'an object that breaks off': good.slice(0, -1),
  }).map(([sentence, body]) => ({ sentence, body }));
}
