import { schemaRule } from 'portcullis';
import { bookCrd } from './_book-crd.ts';

/** A book has an author and a title. */
export const bookSchema = schemaRule(bookCrd);
