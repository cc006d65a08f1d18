/** Ten digits, the last of which may be `X`, between any white space and dashes (govalidator, IsISBN10). */
export function isIsbn10(text: string): boolean {
  const digits = withoutSpacesAndDashes(text);
  if (!/^\d{9}[\dX]$/.test(digits)) return false;
  return sum(digits, (digit, index) => (digit === 'X' ? 10 : Number(digit)) * (index + 1)) % 11 === 0;
}

/** Thirteen digits, whatever they begin with, between any white space and dashes (govalidator, IsISBN13). */
export function isIsbn13(text: string): boolean {
  const digits = withoutSpacesAndDashes(text);
  return /^\d{13}$/.test(digits) && sum(digits, (digit, index) => Number(digit) * (index % 2 === 0 ? 1 : 3)) % 10 === 0;
}

/**
 * A number of the ranges that six card companies had in 2019, with Luhn's check digit; whatever is no digit is
 * overlooked, wherever it stands (govalidator, IsCreditCard).
 */
export function isCreditCard(text: string): boolean {
  const digits = text.replace(/[^0-9]+/g, '');
  if (!CARD_NUMBER.test(digits)) return false;
  return sum(digits, (digit, index) => luhn(Number(digit), (digits.length - index) % 2 === 0)) % 10 === 0;
}

const CARD_NUMBER =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|6(?:011|5\d\d)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|(?:2131|1800|35\d{3})\d{11})$/;

function luhn(digit: number, isDoubled: boolean): number {
  if (!isDoubled) return digit;
  return digit > 4 ? digit * 2 - 9 : digit * 2;
}

/** What Go's expressions take for white space, which is less than what those of JavaScript do. */
function withoutSpacesAndDashes(text: string): string {
  return text.replace(/[\t\n\f\r -]+/g, '');
}

function sum(digits: string, weigh: (digit: string, index: number) => number): number {
  return [...digits].reduce((total, digit, index) => total + weigh(digit, index), 0);
}
