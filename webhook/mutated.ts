import { isRecord, type JsonObject, type Review } from './decode.ts';

/** What a rule made of the object, the API server would not take; the message says what and where. */
export class Unacceptable extends Error {}

/**
 * Checks an edited object for what would make the API server answer 500 or 400 whatever the failure policy says
 * (protocol.md §1.3): another identity, or something else where strings must be: in labels, annotations, finalizers,
 * environment, commands, node selectors, and the data of ConfigMaps and Secrets. Throws Unacceptable.
 */
export function checkMutated(review: Review, object: JsonObject): void {
  checkIdentity(review, object);
  checkMetadata(object.metadata, '/metadata');
  if (review.kind.group === '' && (object.kind === 'ConfigMap' || object.kind === 'Secret')) {
    for (const member of ['data', 'binaryData', 'stringData']) checkStrings(object[member], `/${member}`);
  }
  // A custom resource may have a member of that name; what is in it is for its own schema to say.
  if (!['', 'apps', 'batch'].includes(review.kind.group)) return;
  for (const [template, where] of templatesOf(object)) {
    checkMetadata(template.metadata, `${where}/metadata`);
    checkPodSpec(template.spec, `${where}/spec`);
  }
}

function checkIdentity({ object: before, operation }: Review, after: JsonObject): void {
  for (const member of ['kind', 'apiVersion']) {
    if (after[member] !== before[member]) throw new Unacceptable(`/${member} may not be changed`);
  }
  const old = before.metadata as JsonObject | undefined; // the options of a CONNECT have none
  const now = after.metadata as JsonObject | undefined;
  if (old !== undefined && !isRecord(now)) throw new Unacceptable('/metadata must be an object');
  if (now?.namespace !== old?.namespace) throw new Unacceptable('/metadata/namespace may not be changed');
  if (operation !== 'CREATE' && now?.name !== old?.name) {
    throw new Unacceptable('/metadata/name may not be changed after CREATE');
  }
}

function checkMetadata(metadata: unknown, where: string): void {
  if (!isRecord(metadata)) return;
  checkStrings(metadata.labels, `${where}/labels`);
  checkStrings(metadata.annotations, `${where}/annotations`);
  checkTexts(metadata.finalizers, `${where}/finalizers`);
}

function checkStrings(map: unknown, where: string): void {
  if (map === undefined || map === null) return;
  if (!isRecord(map)) throw new Unacceptable(`${where} must be an object of strings`);
  for (const key of Object.keys(map)) {
    const value = map[key];
    if (value !== undefined && typeof value !== 'string') {
      throw new Unacceptable(`${where}[${key}] must be a string, not a ${value === null ? 'null' : typeof value}`);
    }
  }
}

function checkTexts(list: unknown, where: string): void {
  if (list === undefined || list === null) return;
  if (!Array.isArray(list)) throw new Unacceptable(`${where} must be a list of strings`);
  const i = list.findIndex((element) => typeof element !== 'string');
  if (i !== -1) throw new Unacceptable(`${where}/${i} must be a string, not a ${typeof list[i]}`);
}

/** The pod that the object is or makes: Pod, the workloads' template, CronJob's job template. */
function templatesOf(object: JsonObject): [JsonObject, string][] {
  if (object.kind === 'Pod') return [[object, '']];
  const spec = isRecord(object.spec) ? object.spec : {};
  const found: [JsonObject, string][] = [];
  if (isRecord(spec.template)) found.push([spec.template, '/spec/template']);
  const job = isRecord(spec.jobTemplate) && isRecord(spec.jobTemplate.spec) ? spec.jobTemplate.spec : undefined;
  if (isRecord(job?.template)) found.push([job.template, '/spec/jobTemplate/spec/template']);
  return found;
}

function checkPodSpec(spec: unknown, where: string): void {
  if (!isRecord(spec)) return;
  checkStrings(spec.nodeSelector, `${where}/nodeSelector`);
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) {
    const containers = spec[list];
    if (!Array.isArray(containers)) continue;
    for (const [i, container] of containers.entries()) checkContainer(container, `${where}/${list}/${i}`);
  }
}

function checkContainer(container: unknown, where: string): void {
  if (!isRecord(container)) return;
  checkTexts(container.command, `${where}/command`);
  checkTexts(container.args, `${where}/args`);
  if (Array.isArray(container.env)) checkEnv(container.env, `${where}/env`);
}

function checkEnv(env: readonly unknown[], where: string): void {
  for (const [i, variable] of env.entries()) {
    if (!isRecord(variable) || typeof variable.name !== 'string') {
      throw new Unacceptable(`${where}/${i} must have a name that is a string`);
    }
    const { value } = variable;
    if (value !== undefined && value !== null && typeof value !== 'string') {
      throw new Unacceptable(`${where}/${i}/value must be a string, not a ${typeof value}`);
    }
  }
}
