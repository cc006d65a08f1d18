import { allow, deny, invalid, kindOf, validatingRule } from 'portcullis';
import { bookCrd } from './_book-crd.ts';

/** An ISBN whose check digit is wrong was mistyped: no shop and no library finds the book by it. */
export const bookIsbn = validatingRule({
  name: 'book-isbn',
  kind: kindOf(bookCrd),
  operations: ['CREATE', 'UPDATE'],
  validate(book, { oldObject }) {
    // Rules run side by side: what is no Book at all is here, too, until book-schema has refused it.
    const isbn = book.spec?.isbn;
    if (typeof isbn !== 'string' || isbn === oldObject?.spec?.isbn) return allow();
    const digits = isbn.replaceAll('-', '');
    if (!/^97[89]\d{10}$/.test(digits)) {
      deny(invalid('spec.isbn', isbn, 'must have 13 digits and begin with 978 or 979, as in 978-0-14-043944-1'));
    }
    const last = checkDigit(digits);
    if (!digits.endsWith(last))
      deny(invalid('spec.isbn', isbn, `must end in ${last}, its check digit: a digit is wrong`));
    return allow();
  },
});

/** What the thirteenth digit has to be: all of them, every other one three times, come to a multiple of ten. */
function checkDigit(isbn: string): string {
  const sum = [...isbn.slice(0, 12)].reduce((sum, digit, i) => sum + Number(digit) * (i % 2 === 0 ? 1 : 3), 0);
  return String((10 - (sum % 10)) % 10);
}
