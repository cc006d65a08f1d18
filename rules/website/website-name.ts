const LONGEST = 63 - '-website'.length;
const GENERATED = 5;
const LETTERS = 'must begin with a lower-case letter and have nothing but lower-case letters, digits and "-"';

/**
 * What is wrong with a Website's name, as a sentence that begins with "must", or undefined. `NAME-website` is the
 * name of a Service and a label's value, which makes it a DNS label of RFC 1035 (63 characters, no dots) and leaves
 * 55 characters to the Website (injection.md §5.3).
 */
export function nameProblem(name: string): string | undefined {
  if (name.length > LONGEST)
    return `must be no more than ${LONGEST} characters: "-website" follows it in a Service's name`;
  return /^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name) ? undefined : `${LETTERS}, the last not "-"`;
}

/** The same for the prefix of a generated name, to which the API server adds five characters (names/generate.go). */
export function generateNameProblem(prefix: string): string | undefined {
  const longest = LONGEST - GENERATED;
  if (prefix.length > longest)
    return `must be no more than ${longest} characters: ${GENERATED} and "-website" follow it`;
  return /^[a-z][-a-z0-9]*$/.test(prefix) ? undefined : LETTERS;
}
