import { test } from 'node:test';

// What the Dockerfile runs is a Linux distribution's: other systems know neither ldd nor cp --parents.
if (process.platform === 'linux') await import('./image.ts');
else test('the image', { skip: `its steps are Linux commands, which ${process.platform} does not have` }, () => {});
