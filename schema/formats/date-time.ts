/** A day that exists, as RFC 3339's full-date; the years 0000 to 9999 (strfmt/date.go). */
export function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (parts === null) return false;
  const [, year = 0, month = 0, day = 0] = parts.map(Number);
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
}

/**
 * RFC 3339's date-time but for the leap second (strfmt/time.go). The API server takes any character for the dot
 * before the fraction and any offset of two times two digits, and overlooks whatever follows a second T.
 */
export function isDateTime(text: string): boolean {
  const [date = '', time = ''] = text.split(/t/i, 2);
  return isDate(date) && TIME.test(time);
}

const TIME = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[^\n]\d+)?(?:z|[+-]\d\d:\d\d)$/iu;

function daysIn(year: number, month: number): number {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}
