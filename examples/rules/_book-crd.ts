import type { CustomResourceDefinition } from 'portcullis';

/** The CRD of books, as a literal: it is the type of a Book, too. `kubectl apply` takes it as JSON. */
export const bookCrd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'books.library.example.com' },
  spec: {
    group: 'library.example.com',
    scope: 'Namespaced',
    names: { kind: 'Book', listKind: 'BookList', plural: 'books', singular: 'book' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                required: ['author', 'title'],
                properties: {
                  author: { type: 'string', minLength: 1, maxLength: 200 },
                  title: { type: 'string', minLength: 1, maxLength: 500 },
                  isbn: {
                    type: 'string',
                    description: 'An ISBN of 13 digits, with or without hyphens.',
                    maxLength: 17,
                  },
                },
              },
            },
          },
        },
      },
    ],
  },
} as const satisfies CustomResourceDefinition;
