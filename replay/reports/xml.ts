/** An element of an XML document, its attributes and what is in it: elements, or a text. */
export interface XmlElement {
  readonly name: string;
  readonly attributes?: { readonly [name: string]: string | number };
  readonly content?: string | readonly XmlElement[];
}

/** An XML 1.0 document of one element, whatever is in its texts: what no document may hold is shown as `\u{1b}`. */
export function xmlDocument(root: XmlElement): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementText(root, '')}\n`;
}

function elementText({ name, attributes = {}, content = '' }: XmlElement, indent: string): string {
  const start = Object.entries(attributes).reduce(
    (text, [attribute, value]) => `${text} ${attribute}="${escaped(String(value)).replace(/[\n\t]/g, reference)}"`,
    `${indent}<${name}`,
  );
  if (content.length === 0) return `${start}/>`;
  if (typeof content === 'string') return `${start}>${escaped(content)}</${name}>`;
  const inner = content.map((element) => elementText(element, `${indent}  `));
  return `${start}>\n${inner.join('\n')}\n${indent}</${name}>`;
}

function escaped(text: string): string {
  return text
    .replace(NO_CHARACTER, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`)
    .replace(/[&<>"\r]/g, reference);
}

function reference(character: string): string {
  return `&#${character.codePointAt(0)};`;
}

/** What is no Char of XML 1.0 (§2.2), and what its authors advise against. */
const NO_CHARACTER = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
