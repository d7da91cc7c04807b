import { describe, expect, it } from 'vitest'
import { mailProtection, readMailVariables } from './mail-variables.ts'

const full = {
  SMTP_HOST: ' mail.example.com ',
  SMTP_PORT: 465,
  SMTP_SECURITY: 'STARTTLS',
  SMTP_USER: 'shop',
  SMTP_PASS: 'secret',
  SMTP_FROM: 'shop@example.com',
}

describe('the mail server of a project', () => {
  it('is what its variables name, as text or number', () => {
    expect(readMailVariables(full)).toEqual({
      server: {
        host: 'mail.example.com',
        port: 465,
        security: 'starttls',
        user: 'shop',
        pass: 'secret',
        from: 'shop@example.com',
      },
    })
    expect(readMailVariables({ SMTP_HOST: 'h', SMTP_PASS: ' a b ' })).toMatchObject({
      server: { pass: ' a b ' },
    })
    expect(readMailVariables({ SMTP_HOST: 'h' })).toMatchObject({ server: { port: 587, security: 'auto' } })
  })

  it.each([
    [{}, 'SMTP_HOST'],
    [{ SMTP_HOST: 'h', SMTP_PORT: '0' }, 'SMTP_PORT (1 to 65535)'],
    [{ SMTP_HOST: 'h', SMTP_PORT: 'x' }, 'SMTP_PORT (1 to 65535)'],
    [{ SMTP_HOST: 'h', SMTP_SECURITY: 'ssl' }, 'SMTP_SECURITY (auto, starttls, tls, none)'],
  ])('names the variable at fault: %j', (values, missing) => {
    expect(readMailVariables(values)).toEqual({ missing })
  })

  it.each([
    ['auto', 465, { secure: true, requireTLS: false, ignoreTLS: false }],
    ['auto', 587, { secure: false, requireTLS: false, ignoreTLS: false }],
    ['tls', 2465, { secure: true, requireTLS: false, ignoreTLS: false }],
    ['starttls', 465, { secure: false, requireTLS: true, ignoreTLS: false }],
    ['none', 25, { secure: false, requireTLS: false, ignoreTLS: true }],
  ] as const)('is spoken to as %s on port %i says', (security, port, expected) => {
    expect(mailProtection({ security, port })).toEqual(expected)
  })
})
