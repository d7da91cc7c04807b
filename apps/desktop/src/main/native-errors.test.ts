import { AppError } from '@m3m/base'
import { expect, test } from 'vitest'
import { nativeError, nativeReason } from './native-errors.ts'

const shape = {
  code: 'FROM_TOMORROW',
  blame: 'user',
  status: 500,
  message: 'from the agent',
} as const

test('a reason is said in the language of the system where it has words for it, else as the agent said it', () => {
  const taken = { code: 'PROJECT_SLUG_TAKEN', message: 'The slug "tea" is taken.', params: { slug: 'tea' } }
  expect(nativeReason(taken, 'ru-RU')).toBe('Адрес «tea» занят; выберите другой.')
  expect(nativeReason(taken, 'en-US')).toBe(taken.message)
  expect(nativeReason(taken, 'fr')).toBe(taken.message)
  // An older agent sends no code.
  expect(nativeReason({ code: '', message: 'It fell.' }, 'ru')).toBe('It fell.')
})

test('errors of main and of the agent alike; any other by its own text', () => {
  expect(nativeError(AppError.fromShape(shape), 'ru')).toBe('from the agent')
  expect(nativeError(new Error('boom'), 'ru')).toBe('boom')
})
