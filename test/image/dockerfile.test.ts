import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stagesOf } from './dockerfile.ts';

test('stages and their steps are read as Docker reads them', () => {
  const dockerfile = `
# A comment.
FROM node:24 AS build
WORKDIR /build
COPY package.json cli/ ./
RUN npm ci \\
    # A comment in between, and an empty line.

 && echo 'a "b"' >c
FROM scratch
COPY --from=build /image /
ENV A=1 \\
    B="two words"
LABEL org.x.title="T"
EXPOSE 1 2
USER 65532:65532
RUN ["/a", "--b c"]
ENTRYPOINT ["/a"]
CMD ["serve"]
`;
  assert.deepEqual(stagesOf(dockerfile), [
    {
      base: 'node:24',
      name: 'build',
      steps: [
        { line: 4, instruction: 'WORKDIR', word: '/build' },
        { line: 5, instruction: 'COPY', from: undefined, sources: ['package.json', 'cli/'], to: './' },
        { line: 6, instruction: 'RUN', command: ['/bin/sh', '-c', `npm ci  && echo 'a "b"' >c`] },
      ],
    },
    {
      base: 'scratch',
      name: undefined,
      steps: [
        { line: 11, instruction: 'COPY', from: 'build', sources: ['/image'], to: '/' },
        { line: 12, instruction: 'ENV', pairs: { A: '1', B: 'two words' } },
        { line: 14, instruction: 'LABEL', pairs: { 'org.x.title': 'T' } },
        { line: 15, instruction: 'EXPOSE', words: ['1', '2'] },
        { line: 16, instruction: 'USER', word: '65532:65532' },
        { line: 17, instruction: 'RUN', command: ['/a', '--b c'] },
        { line: 18, instruction: 'ENTRYPOINT', words: ['/a'] },
        { line: 19, instruction: 'CMD', words: ['serve'] },
      ],
    },
  ]);
});

const unknown: { readonly [what: string]: string } = {
  'an instruction that it does not know': 'ADD a b',
  'an argument of the build': 'ARG VERSION=1',
  'a variable': 'COPY $A /b',
  'a pattern of files': 'COPY *.json ./',
  'a flag of COPY': 'COPY --chown=1:1 a b',
  'a second flag of COPY': 'COPY --from=a --link b c',
  'a mount of RUN': 'RUN --mount=type=cache,target=/a true',
  'a here-document': 'RUN <<END',
  'an entry point that takes a shell': 'ENTRYPOINT portcullis serve',
  'an entry point of nothing': 'ENTRYPOINT []',
  'two users': 'USER a b',
  'the old form of ENV': 'ENV a b',
  'a flag of FROM': 'FROM --platform=linux/arm64 scratch',
  'a step that never ends': 'RUN a \\',
  'a step in lower case': 'run a',
};
for (const [what, line] of Object.entries(unknown)) {
  test(`a step is never left out in silence: ${what} is refused`, () => {
    assert.throws(() => stagesOf(`FROM scratch\n${line}\n`), /^Error: Dockerfile:2: /);
  });
}

test('a directive that changes how Docker reads the rest is refused', () => {
  assert.throws(() => stagesOf('# escape=`\nFROM scratch\n'), /Dockerfile:1: unknown directive/);
});

test('a step before the first stage is refused', () => {
  assert.throws(() => stagesOf('RUN true\n'), /Dockerfile:1: a Dockerfile begins with FROM/);
});
