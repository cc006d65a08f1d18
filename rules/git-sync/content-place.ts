/** Where the content is to be seen: at `link`, a name in the volume that is mounted at `mountPath`. */
export interface ContentPlace {
  readonly mountPath: string;
  /** What git-sync links to the newest checkout. */
  readonly link: string;
}

/** `/usr/share/nginx/html` is the link `html` in a volume at `/usr/share/nginx`. */
export function placeOfContent(contentPath: string): ContentPlace {
  const at = contentPath.lastIndexOf('/');
  return { mountPath: contentPath.slice(0, at), link: contentPath.slice(at + 1) };
}

/** The volume is mounted where the pod says, and the content below that, as DESIGN.md §6 has it. */
export function placeOfMount(mountPath: string): ContentPlace {
  return { mountPath, link: 'current' };
}
