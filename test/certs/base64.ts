/** As a Secret's data and a caBundle carry a text. */
export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** The text that a Secret's data or a caBundle carry; '' where there is none. */
export function text(base64 = ''): string {
  return Buffer.from(base64, 'base64').toString();
}
