import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pair } from './check.ts';

/** The texts of tls.crt and tls.key, neither of them empty, or why there are none. Never rejects. */
export async function readPair(
  folder: string,
): Promise<{ readonly pair: Pair; readonly problem?: undefined } | { readonly problem: string }> {
  const [cert, key] = await readTogether(folder);
  if (cert.text !== '' && key.text !== '') return { pair: { cert: cert.text, key: key.text } };
  const faults = [cert.fault, key.fault].filter((fault) => fault !== undefined);
  return { problem: (await folderProblem(folder)) ?? faults.join(', and ') };
}

/** What a file says. */
export interface Read {
  readonly text: string;
  /** Why the text is empty. */
  readonly fault?: string;
}

// A swap of the kubelet's or of cert-manager's between the two reads would give the halves of two pairs.
async function readTogether(folder: string): Promise<readonly [cert: Read, key: Read]> {
  let cert = await readText(folder, 'tls.crt');
  for (let attempt = 1; ; attempt++) {
    const key = await readText(folder, 'tls.key');
    const again = await readText(folder, 'tls.crt');
    if (again.text === cert.text || attempt === 5) return [again, key];
    cert = again;
  }
}

/** The text of a file in a folder, or why there is none: a clause that begins with its name. Never rejects. */
export async function readText(folder: string, name: string): Promise<Read> {
  try {
    const text = await readFile(join(folder, name), 'utf8');
    return text === '' ? { text, fault: `${name} is empty` } : { text };
  } catch (error) {
    return { text: '', fault: `${name} ${accessProblem(error as NodeJS.ErrnoException)}` };
  }
}

function accessProblem({ code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return 'is missing';
  // What container engines make of a file that they were to mount and did not find.
  if (code === 'EISDIR') return 'is a folder, not a file';
  if (code === 'EACCES') return "may not be read by this user (in a pod, the security context's fsGroup lets it)";
  return `cannot be read: ${message}`;
}

/** Why there can be no files in the folder, if so. */
export async function folderProblem(folder: string): Promise<string | undefined> {
  try {
    return (await stat(folder)).isDirectory() ? undefined : 'that is not a folder';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? 'there is no such folder' : `the folder cannot be read: ${message}`;
  }
}
