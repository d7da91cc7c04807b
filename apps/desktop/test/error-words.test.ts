import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { errorTableOf, type ErrorSpec } from '@m3m/base'
import { expect, test } from 'vitest'
import { modelProblems } from '../../../packages/data/src/models/model-problems.errors.ts'
import { modelErrors } from '../../../packages/data/src/models/models.errors.ts'
import { describeError, errorDetails } from '../src/renderer/app/errors/describe-error.ts'
import { sayError } from '../src/shared/errors/error-words.ts'
import { errors as russian } from '../src/shared/errors/ru/index.ts'

const root = join(import.meta.dirname, '../../..')

/** Tables whose errors a person in the panel meets; the others are of code, of programs, of the command line. */
const OF_THE_PANEL = [
  'packages/base/src/errors.ts',
  'packages/core/src/**/*.errors.ts',
  'packages/data/src/**/*.errors.ts',
  'packages/runtime/src/runtime.errors.ts',
  'packages/runtime/src/plugins/*.errors.ts',
  'apps/desktop/src/main/desktop.errors.ts',
]

/** Codes of those tables that the panel never shows. */
const ELSEWHERE = new Set([
  // Answers to a service's own calls.
  ...['QUEUE_NAME', 'QUEUE_OPTION', 'QUEUE_PAYLOAD', 'PLUGIN_BUSY', 'PLUGIN_CALL_FAILED', 'RUNTIME_INTERNAL'],
  ...['SERVICE_ARGUMENT_INVALID', 'SERVICE_CALL_UNKNOWN', 'SERVICE_WOULD_WAIT_FOR_ITSELF'],
])

async function tables(): Promise<[code: string, spec: ErrorSpec<never>][]> {
  const files = OF_THE_PANEL.flatMap((pattern) => globSync(pattern, { cwd: root }))
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(root, file)).href)))
  return modules
    .flatMap((module) => Object.values(module as Record<string, unknown>))
    .flatMap((exported) => Object.entries(errorTableOf(exported) ?? {}))
}

/** Which values a text is given; a text that is asked for any value at all gets one. */
function valuesOf(spec: ErrorSpec<never>): Set<string> {
  const names = new Set<string>()
  const value = new Proxy(() => '', {
    get: (target, key) => {
      if (key === Symbol.toPrimitive || key === 'toString') return target
      return key === Symbol.iterator ? function* () {} : value
    },
    apply: (): unknown => value,
  })
  const params = new Proxy({}, { get: (_, key) => (names.add(String(key)), value) })
  spec.text(params as never)
  return names
}

const textsOf = (code: string) => [russian.codes[code] ?? []].flat()
const placeholders = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]!)

test('every error that a person in the panel meets is said in Russian', async () => {
  const codes = (await tables()).map(([code]) => code).filter((code) => !ELSEWHERE.has(code))
  expect(codes.length).toBeGreaterThan(150)
  expect(codes.filter((code) => textsOf(code).length === 0)).toEqual([])
})

test('a Russian text names only values that its error carries', async () => {
  for (const [code, spec] of await tables()) {
    const known = valuesOf(spec)
    for (const text of textsOf(code))
      expect([code, placeholders(text).filter((name) => !known.has(name))]).toEqual([code, []])
  }
})

test('texts are Russian, and whole sentences', () => {
  const texts = [...Object.values(russian.codes).flat(), ...Object.values(russian.sentences)]
  for (const text of texts) expect(text).toMatch(/[а-яё]/i)
  for (const text of Object.values(russian.codes).flat()) expect(text).toMatch(/[.}]$/)
})

test('an error is said by its code with its values, and by its own words where nothing fits', () => {
  const taken = {
    code: 'PROJECT_SLUG_TAKEN',
    message: 'The slug "ops" is taken; choose another.',
    params: { slug: 'ops' },
  }
  expect(sayError(taken, russian)).toBe('Адрес «ops» занят; выберите другой.')
  expect(sayError(taken, null)).toBe(taken.message)
  expect(sayError({ code: 'FROM_TOMORROW', message: 'New.' }, russian)).toBe('New.')
  // An older agent sends no values: its sentence is better than one with holes.
  expect(sayError({ code: taken.code, message: taken.message }, russian)).toBe(taken.message)
  expect(sayError({ code: 'constructor', message: 'toString' }, russian)).toBe('toString')
})

test('one code says what fits its values; parts of sentences are Russian too', () => {
  const least = (params: Record<string, string | number>) =>
    sayError({ code: 'FIELD_MIN', message: 'm', params }, russian)
  expect([least({ min: 3 }), least({ minItems: 2 }), least({ from: '2026-01-31' }), least({})]).toEqual([
    'Не меньше 3.',
    'Не меньше 2 значений.',
    'Не раньше 2026-01-31.',
    'm',
  ])
  const denied = { code: 'ACCESS_DENIED', message: 'm', params: { what: 'create projects' } }
  expect(sayError(denied, russian)).toContain('права создавать проекты')
  const died = {
    code: 'RUN_RUNNER_DIED',
    message: 'm',
    params: { reason: 'it ended by itself (signal SIGKILL)' },
  }
  expect(sayError(died, russian)).toBe('Процесс сервиса закончился: он завершился сам (сигнал SIGKILL).')
})

test("a sentence that lists problems lists them in the language of the panel; a report keeps the agent's words", () => {
  const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
  const fields = Object.fromEntries(
    keys.map((key) => [`fields.${key}.key`, modelProblems.MODEL_KEY_TWICE({ key }).toField()]),
  )
  const refused = modelErrors.MODEL_INVALID(
    { problems: ['fields.a.key: The key "a" is there twice.'] },
    { fields },
  )
  const { message } = describeError({ data: { app: refused.toShape() } }, russian)
  expect(message).toBe(
    `Модель не принята: ${keys
      .slice(0, 5)
      .map((key) => `fields.${key}.key: Ключ «${key}» назван дважды.`)
      .join(' ')} (+2)`,
  )
  expect(errorDetails({ app: refused.toShape() }, '/')).toContain('The key "a" is there twice.')
})

test('whatever a field is refused with is said in Russian: by its code, or where one code says many things by its words', () => {
  const sources = globSync('packages/data/src/{fields,records,environment}/**/*.ts', { cwd: root }).filter(
    (file) => !file.endsWith('.test.ts'),
  )
  const texts = sources.map((file) => readFileSync(join(root, file), 'utf8')).join('\n')
  const said = [
    ...texts.matchAll(/refuse\(\s*'([A-Z_]+)',\s*'([^']+)'/g),
    ...texts.matchAll(/code: '(FIELD_[A-Z_]+)',\s*message:\s*'([^']+)'/g),
    ...[...texts.matchAll(/new Misfit\('([^']+)'\)/g)].map(
      ([all, text]) => [all, 'FIELD_MODIFIER', text!] as const,
    ),
    ...[...texts.matchAll(/new NotJson\('([^']+)'\)/g)].map(
      ([all, text]) => [all, 'FIELD_DOCUMENT', text!] as const,
    ),
  ].map(([, code, message]) => ({ code: code!, message: message! }))
  expect(said.length).toBeGreaterThan(20)
  expect(said.filter((one) => !/[а-яё]/i.test(sayError(one, russian)))).toEqual([])
})
