import { Document, visit } from 'yaml';

/**
 * Documents as kubectl reads them, which is as YAML 1.1: there an `off` without quotes is a boolean, and some characters
 * end a line that do not in 1.2 (§5.4), or are not taken at all (§5.1); they are escaped. No anchors.
 */
export function yaml(manifests: readonly object[]): string {
  return manifests.map(text).join('---\n');
}

function text(manifest: object): string {
  const document = new Document(manifest, { version: '1.1', aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value !== 'string') return;
      // An escape is one only in double quotes.
      if (node.value.search(UNSAFE) >= 0 || OCTAL.test(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return document
    .toString({ lineWidth: 0, directives: false })
    .replace(UNSAFE, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** A number of YAML 1.2 (§10.3.2), which kubectl takes for one too. */
const OCTAL = /^[-+]?0o/;
const UNSAFE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
