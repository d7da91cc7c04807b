import { expect, test } from 'vitest'
import { AppError, defineErrors, errorTableOf, hasCode, messageOf } from './errors.ts'

const errors = defineErrors({
  CUP_EMPTY: {
    blame: 'user',
    status: 409,
    text: (p: { cup: string }) => `The cup "${p.cup}" is empty; fill it.`,
  },
})

test('a creator makes an error with the code, blame, status and text of its table', () => {
  const error = errors.CUP_EMPTY({ cup: 'blue' })
  expect(error).toBeInstanceOf(AppError)
  expect(error.toShape()).toEqual({
    code: 'CUP_EMPTY',
    blame: 'user',
    status: 409,
    message: 'The cup "blue" is empty; fill it.',
    params: { cup: 'blue' },
  })
  expect(error.toField()).toEqual({
    code: 'CUP_EMPTY',
    message: 'The cup "blue" is empty; fill it.',
    params: { cup: 'blue' },
  })
})

test('of the values that a text names, numbers, texts and lists travel, cut to what a person reads', () => {
  const many = defineErrors({
    CUPS: { blame: 'user', status: 409, text: (p: object) => JSON.stringify(Object.keys(p)) },
  })
  const { params } = many.CUPS({
    count: 2,
    names: ['a', 'b'],
    long: 'x'.repeat(5000),
    at: new Date(),
    no: null,
  })
  expect(params).toEqual({ count: 2, names: 'a, b', long: 'x'.repeat(1000) })
  expect(many.CUPS({}).toShape()).not.toHaveProperty('params')
})

test('fields, position and cause travel with an error', () => {
  const cause = new Error('dry')
  const position = { file: 'main.js', line: 3, column: 7 }
  const fields = { cup: { code: 'FIELD_REQUIRED', message: 'needed' } }
  const error = errors.CUP_EMPTY({ cup: 'blue' }, { cause, position, fields })
  expect(error.cause).toBe(cause)
  expect(error.toShape()).toMatchObject({ position, fields })
})

test('an error that crossed a border as data is the same error again', () => {
  const shape = errors.CUP_EMPTY({ cup: 'red' }, { position: { file: 'a.js', line: 1, column: 1 } }).toShape()
  expect(AppError.fromShape(JSON.parse(JSON.stringify(shape))).toShape()).toEqual(shape)
})

test('the table behind creators can be read, and nothing else passes for one', () => {
  expect(Object.keys(errorTableOf(errors) ?? {})).toEqual(['CUP_EMPTY'])
  expect(errorTableOf({ CUP_EMPTY: () => {} })).toBeNull()
  expect(errorTableOf(null)).toBeNull()
})

test('hasCode looks at errors only', () => {
  expect(hasCode(errors.CUP_EMPTY({ cup: 'x' }), 'CUP_EMPTY')).toBe(true)
  expect(hasCode({ code: 'CUP_EMPTY' }, 'CUP_EMPTY')).toBe(false)
})

test.each([
  [new Error('boom'), 'boom'],
  [new TypeError(''), 'TypeError'],
  [null, 'null'],
  [42, '42'],
  [
    {
      [Symbol.toPrimitive]: () => {
        throw new Error('trap')
      },
    },
    'a thrown value that cannot be shown',
  ],
])('messageOf says something of whatever was thrown (%#)', (thrown, text) => {
  expect(messageOf(thrown)).toBe(text)
})
