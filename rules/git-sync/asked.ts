import { type FieldError, forbidden, invalid, typeInvalid } from '../../author.ts';
import { itemsOf } from '../pod/lists.ts';
import { annotationOf, labelOf } from '../pod/metadata.ts';
import type { Pod } from '../pod/types.ts';
import { withoutPastedCredentials } from '../website/git-repo.ts';
import { type AnnotationName, fieldOf, hasAnnotation, keyOf } from './annotations.ts';
import { contentPathProblem, DEFAULT_CONTENT_PATH } from './content-path.ts';
import { type ContentPlace, placeOfContent, placeOfMount } from './content-place.ts';
import { type Fetched, type FetchSettings, oneOf } from './fetched.ts';
import { fetchedByPod } from './fetched-by-pod.ts';
import { fetchedByWebsite } from './fetched-by-website.ts';
import { mountPathProblem } from './mount-path.ts';
import { CONTAINER } from './names.ts';
import { WEBSITE_LABEL } from './routing.ts';

/** What a pod asks of git-sync, with the defaults filled in. */
export interface Asked {
  readonly fetched: Fetched;
  /** Fetched once, before the pod's own containers start, and never again, whatever the pod is. */
  readonly once: boolean;
  readonly content: ContentPlace;
  /** The container that gets the content, where the pod names one. */
  readonly container: string | undefined;
}

/**
 * Reads what a pod asks for, which counts only where nothing is wrong with it, and what is. `website` is what was found
 * of the name in its label. Without `settings` a repository may be on any host, and have submodules.
 */
export function askedBy(
  pod: Pod,
  { website, settings }: { readonly website?: unknown; readonly settings?: FetchSettings | undefined },
): { asked: Asked; problems: FieldError[] } {
  const name = labelOf(pod, WEBSITE_LABEL);
  const { fetched, problems } =
    name === undefined ? fetchedByPod(pod, settings) : fetchedByWebsite(pod, { name, website }, settings);
  const read = (name: AnnotationName, fallback: string, check: Check): string => {
    const value = annotationOf(pod, keyOf(name));
    if (value === undefined) return fallback;
    const problem =
      typeof value === 'string' ? check(value, fieldOf(name)) : typeInvalid(fieldOf(name), value, 'string');
    if (problem !== undefined) problems.push(problem);
    return typeof value === 'string' ? value : fallback;
  };
  const mode = read('git-mode', 'sidecar', oneOf(['init', 'sidecar']));
  const contentPath = read('content-path', DEFAULT_CONTENT_PATH, must(contentPathProblem));
  const mountPath = read('mount-path', '', must(mountPathProblem));
  if (hasAnnotation(pod, 'content-path') && hasAnnotation(pod, 'mount-path')) {
    problems.push(forbidden(fieldOf('mount-path'), `may not be set where ${keyOf('content-path')} is: choose one`));
  }
  const container = read('git-container', '', (value, field) => oneOf(containerNames(pod))(value, field));
  const asked = {
    fetched,
    once: mode === 'init',
    content: mountPath === '' ? placeOfContent(contentPath) : placeOfMount(mountPath),
    container: hasAnnotation(pod, 'git-container') ? container : undefined,
  };
  return { asked, problems };
}

type Check = (value: string, field: string) => FieldError | undefined;

function must(problemOf: (value: string) => string | undefined): Check {
  return (value, field) => {
    const problem = problemOf(value);
    return problem === undefined ? undefined : invalid(field, withoutPastedCredentials(value), problem);
  };
}

function containerNames(pod: Pod): string[] {
  return itemsOf(pod.spec?.containers)
    .map(({ item }) => item.name)
    .filter((name) => typeof name === 'string' && name !== CONTAINER);
}
