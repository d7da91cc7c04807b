import { expect, it } from 'vitest'
import {
  hasMailPassword,
  mailDraftOf,
  mailProblems,
  withMail,
} from '../src/renderer/features/settings/mail-draft.ts'

const OTHER = { key: 'OTHER', type: 'json', value: [1] } as const
const STORED = [
  { key: 'SMTP_HOST', type: 'string', value: 'old.example.com' },
  OTHER,
  { key: 'SMTP_PASS', type: 'secret', value: null },
  { key: 'SMTP_PORT', type: 'string', value: '465' },
] as const
const variables = [...STORED]

it('reads variables of whatever type, and knows a password without seeing it', () => {
  expect(mailDraftOf({ variables })).toEqual({
    host: 'old.example.com',
    port: '465',
    security: 'auto',
    user: '',
    password: '',
    from: '',
  })
  expect([hasMailPassword({ variables }), hasMailPassword({ variables: [] })]).toEqual([true, false])
})

it('changes variables in their places, keeps the rest and the password that was not typed', () => {
  const draft = { ...mailDraftOf({ variables }), host: ' new.example.com ', from: 'a@example.com' }
  expect(withMail(variables, draft)).toEqual([
    { key: 'SMTP_HOST', type: 'string', value: 'new.example.com' },
    OTHER,
    { key: 'SMTP_PASS', type: 'secret', value: null },
    { key: 'SMTP_PORT', type: 'integer', value: 465 },
    { key: 'SMTP_SECURITY', type: 'string', value: 'auto' },
    { key: 'SMTP_FROM', type: 'string', value: 'a@example.com' },
  ])
})

it('without a host there is no mail: only the rest stays', () => {
  expect(withMail(variables, { ...mailDraftOf({ variables }), host: ' ' })).toEqual([OTHER])
})

it('says which fields cannot be saved', () => {
  const draft = mailDraftOf({ variables })
  expect([...mailProblems({ ...draft, port: '0' })]).toEqual(['port', 'from'])
  expect([...mailProblems({ ...draft, user: 'shop@example.com' })]).toEqual([])
  expect([...mailProblems({ ...draft, host: '', port: 'x' })]).toEqual([])
})
