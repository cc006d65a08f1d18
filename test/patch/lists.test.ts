import { testEach } from './example.ts';

const env = (...names: string[]) => names.map((name) => ({ name, value: name.toLowerCase() }));
const big = JSON.parse('9007199254740993');

testEach([
  [
    'a variable prepended to an edited container is one add',
    { containers: [{ name: 'app', image: 'one', env: env('A', 'B') }] },
    ({ containers: [app] }) => {
      app.image = 'two';
      app.env.unshift({ name: 'NEW' });
    },
    [
      { op: 'replace', path: '/containers/0/image', value: 'two' },
      { op: 'add', path: '/containers/0/env/0', value: { name: 'NEW' } },
    ],
  ],
  [
    'variables put in at the front stand in the order in which they were given',
    { env: env('A') },
    (draft) => draft.env.unshift({ name: 'X' }, { name: 'Y' }),
    [
      { op: 'add', path: '/env/0', value: { name: 'X' } },
      { op: 'add', path: '/env/1', value: { name: 'Y' } },
    ],
  ],
  [
    'an element in the middle is removed alone',
    { env: env('A', 'B', 'C') },
    (draft) => draft.env.splice(1, 1),
    [{ op: 'remove', path: '/env/1' }],
  ],
  [
    'a list that was filtered loses its elements from the end on',
    { env: env('A', 'B', 'C', 'D') },
    (draft) => {
      draft.env = draft.env.filter(({ name }: { name: string }) => name === 'B');
    },
    [
      { op: 'remove', path: '/env/3' },
      { op: 'remove', path: '/env/2' },
      { op: 'remove', path: '/env/0' },
    ],
  ],
  [
    'two elements that change places are one move',
    { containers: env('A', 'B') },
    (draft) => draft.containers.reverse(),
    [{ op: 'move', from: '/containers/1', path: '/containers/0' }],
  ],
  [
    'an element that goes to the front is one move, and its own edit is made where it then stands',
    { containers: env('A', 'B', 'C') },
    ({ containers }) => {
      containers.unshift(containers.pop());
      containers[0].value = 'new';
    },
    [
      { op: 'move', from: '/containers/2', path: '/containers/0' },
      { op: 'replace', path: '/containers/0/value', value: 'new' },
    ],
  ],
  [
    'a sorted list moves only what is out of order',
    { env: env('B', 'C', 'D', 'A') },
    (draft) => draft.env.sort((a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name)),
    [{ op: 'move', from: '/env/3', path: '/env/0' }],
  ],
  [
    'an element that is renamed stays itself',
    { containers: [{ name: 'app', image: 'one' }] },
    (draft) => {
      draft.containers[0].name = 'web';
    },
    [{ op: 'replace', path: '/containers/0/name', value: 'web' }],
  ],
  [
    'an element without a key is replaced where it stands, member by member',
    { tolerations: [{ key: 'a', operator: 'Exists' }, { key: 'b' }] },
    (draft) => {
      draft.tolerations[0] = { key: 'c', operator: 'Exists' };
    },
    [{ op: 'replace', path: '/tolerations/0/key', value: 'c' }],
  ],
  [
    'elements rebuilt with one member more are known by their names',
    { env: env('A', 'B') },
    (draft) => {
      draft.env = [{ name: 'NEW' }, ...draft.env.map((variable: object) => ({ ...variable, more: true }))];
    },
    [
      { op: 'add', path: '/env/0', value: { name: 'NEW' } },
      { op: 'add', path: '/env/1/more', value: true },
      { op: 'add', path: '/env/2/more', value: true },
    ],
  ],
  [
    'mounts of one volume are known by their paths',
    {
      volumeMounts: [
        { name: 'data', mountPath: '/a' },
        { name: 'data', mountPath: '/b' },
      ],
    },
    (draft) => {
      draft.volumeMounts = [{ name: 'data', mountPath: '/b' }];
    },
    [{ op: 'remove', path: '/volumeMounts/0' }],
  ],
  [
    'ports of one number are known by their protocols, and one without is TCP',
    { ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] },
    (draft) => {
      draft.ports = [
        { containerPort: 53, protocol: 'UDP' },
        { containerPort: 53, protocol: 'TCP' },
      ];
    },
    [
      { op: 'move', from: '/ports/1', path: '/ports/0' },
      { op: 'add', path: '/ports/1/protocol', value: 'TCP' },
    ],
  ],
  [
    'a protocol that is no text is data like any other',
    { ports: [{ containerPort: 53, protocol: { toString: null } }, { containerPort: 80 }] },
    (draft) => {
      draft.ports = [{ containerPort: 80 }, { containerPort: 53 }];
    },
    [
      { op: 'move', from: '/ports/1', path: '/ports/0' },
      { op: 'remove', path: '/ports/1/protocol' },
    ],
  ],
  [
    'an argument put in between others that read the same is one add',
    { args: ['-v', '-v', '--all', '-v'] },
    (draft) => draft.args.splice(1, 0, '-v', '-q'),
    [
      { op: 'add', path: '/args/2', value: '-q' },
      { op: 'add', path: '/args/3', value: '-v' },
    ],
  ],
  [
    'an argument that changes is replaced, whatever else is removed',
    { args: ['one', 'two', 'three'] },
    (draft) => {
      draft.args = ['ONE', 'three'];
    },
    [
      { op: 'remove', path: '/args/1' },
      { op: 'replace', path: '/args/0', value: 'ONE' },
    ],
  ],
  [
    'an integer beyond 2^53 stays where it is, whatever happens around it',
    { list: [{ name: 'a', uid: big }, { name: 'b' }], generation: big },
    (draft) => {
      draft.list.reverse();
      draft.list[1].more = 1;
      draft.list.push('last');
    },
    [
      { op: 'add', path: '/list/2', value: 'last' },
      { op: 'move', from: '/list/1', path: '/list/0' },
      { op: 'add', path: '/list/1/more', value: 1 },
    ],
  ],
  [
    'in a mixed list, 1 and "1" are two values',
    { list: [{ name: 'a' }, 1, '1'] },
    (draft) => {
      draft.list = ['1', { name: 'a', more: true }];
    },
    [
      { op: 'remove', path: '/list/1' },
      { op: 'move', from: '/list/1', path: '/list/0' },
      { op: 'add', path: '/list/1/more', value: true },
    ],
  ],
  [
    'an element that goes to another list is sent in full',
    { initContainers: [], containers: env('A', 'B') },
    (draft) => draft.initContainers.push(draft.containers.shift()),
    [
      { op: 'add', path: '/initContainers/0', value: { name: 'A', value: 'a' } },
      { op: 'remove', path: '/containers/0' },
    ],
  ],
  [
    'lists in lists are known by provenance',
    { matrix: [[1, 2], [3], []] },
    ({ matrix }) => {
      matrix.unshift([0]);
      matrix[2].push(4);
    },
    [
      { op: 'add', path: '/matrix/0', value: [0] },
      { op: 'add', path: '/matrix/2/1', value: 4 },
    ],
  ],
]);
