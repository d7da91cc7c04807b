import { expect, test } from 'vitest'
import { docParts } from '../src/renderer/app/reference/doc-tags.ts'

test('a doc comment is taken apart by its tags, in any order, on one line or several', () => {
  expect(
    docParts(
      'Removes it. @param name Of whom. @param options.deep Also below. @returns false when there was none. @throws THING_LOST, THING_BUSY (with `fields`)',
    ),
  ).toEqual({
    text: 'Removes it.',
    params: [
      { name: 'name', text: 'Of whom.' },
      { name: 'options.deep', text: 'Also below.' },
    ],
    returns: 'false when there was none.',
    throws: '`THING_LOST`, `THING_BUSY` (with `fields`)',
  })
})

test('a tag may come first, and an address with @ is no tag', () => {
  expect(docParts('@throws `THING_LOST`')).toMatchObject({ text: '', throws: '`THING_LOST`' })
  expect(docParts('Mails me@example.com, as @everybody knows.').text).toBe(
    'Mails me@example.com, as @everybody knows.',
  )
})
