import { Socket } from 'node:net';
import { hearFrames, sendFrame } from '../../isolation/channel.ts';

// A worker that decides nothing: it is ready, and answers each review with what it was told to, as JSON (JOB stands for the
// review's own word) or, with `bytes`, as it is.
const [, , how, text = ''] = process.argv;
const server = new Socket({ fd: 3 });
server.on('close', () => process.exit());
hearFrames(server, {
  most: Number.POSITIVE_INFINITY,
  onFrame({ header }) {
    const { job } = header as { job: string };
    if (how === 'bytes') server.write(Buffer.from(text, 'hex'));
    else for (const line of text.split('\n')) sendFrame(server, JSON.parse(line.replace('JOB', job)));
    if (how === 'half') server.write(Buffer.from([1, 2, 3]), () => process.exit());
  },
  onFault: () => process.exit(1),
});
sendFrame(server, { isReady: true });
