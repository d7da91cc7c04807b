import type { Collection, CollationOptions, Document } from 'mongodb'

/** Case does not count, accents do. */
export const NO_CASE: CollationOptions = { locale: 'en', strength: 2 }
/** Neither counts. */
export const LETTERS: CollationOptions = { locale: 'en', strength: 1 }

const WORDS = ['apple', 'Apple', 'ápple', 'Banana', 'banana', 'cherry', 'Éclair', 'eclair', 'zebra']

/** Fills a collection with words (`w`) and their places (`n`). */
export async function words(things: Collection<Document>): Promise<Collection<Document>> {
  await things.insertMany(WORDS.map((w, _id) => ({ _id: _id as never, w, n: _id })))
  return things
}

export const found = (docs: Document[]): string[] => docs.map(({ w }) => w as string)
