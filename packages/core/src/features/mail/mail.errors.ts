import { defineErrors } from '@m3m/base'

export const mailErrors = defineErrors({
  MAIL_NOT_CONFIGURED: {
    blame: 'user',
    status: 409,
    text: (_: object) => 'This agent has no mail server; root sets one in Agent settings, Mail.',
  },
  MAIL_PROJECT_NONE: {
    blame: 'user',
    status: 409,
    text: (_: object) =>
      'This project names no mail server; set one in its Settings, Mail (variable SMTP_HOST).',
  },
  MAIL_PROJECT_WRONG: {
    blame: 'user',
    status: 409,
    text: (p: { variable: string }) =>
      `The mail server of this project cannot be used: ${p.variable} is missing or wrong. Look at its Settings, Mail.`,
  },
  MAIL_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { what: string; expected: string }) => `The ${p.what} of a message must be ${p.expected}.`,
  },
  MAIL_FAILED: {
    blame: 'host',
    status: 502,
    text: (p: { host: string; reason: string }) =>
      `The mail server ${p.host} did not take the message: ${p.reason}. Look at the settings of mail.`,
  },
})
