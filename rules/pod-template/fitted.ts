/** A warning is cut at 120 characters, and begins with the rule's name in brackets and a blank. */
const ROOM = 120 - '[pod-template] '.length;

/**
 * A warning as it is told: where its end would be cut, which says what would be right, an annotation goes by its key alone, and
 * the template unsaid. Nothing else of a workload has such keys.
 */
export function fitted(warning: string): string {
  if (warning.length <= ROOM) return warning;
  return warning.replace(
    /^spec\.(?:jobTemplate\.spec\.)?template(?:\.metadata\.annotations\[([^\]\s]+)\])?: /,
    (_, key?: string) => (key === undefined ? '' : `${key}: `),
  );
}
