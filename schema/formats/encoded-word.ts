/**
 * Whether a word is an encoded word (RFC 2047) in a charset that Go's net/mail does not read, which makes it refuse what
 * the word stands in. A word whose encoding is wrong is no encoded word, but a word like any other.
 */
export function hasUnknownCharset(word: string): boolean {
  const [before, charset = '', encoding = '', content = '', after, ...more] = word.split('?', 6);
  if (before !== '=' || after !== '=' || more.length > 0 || charset === '') return false;
  return isDecodable(encoding.toLowerCase(), content) && !/^(?:utf-8|iso-8859-1|us-ascii)$/iu.test(charset);
}

function isDecodable(encoding: string, content: string): boolean {
  if (encoding === 'q') return !/=(?![0-9a-f]{2})|[^ -~\t\n\r]/i.test(content);
  const base64 = content.replace(/[\r\n]+/g, '');
  return encoding === 'b' && base64.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(base64);
}
