import { defineErrors } from '@m3m/base'

export const smtpErrors = defineErrors({
  SMTP_NOT_CONFIGURED: {
    blame: 'user',
    status: 409,
    text: (p: { missing: string }) =>
      `The mail server of this project is not set up: ${p.missing} is missing or wrong. Fill in Settings, Mail, which also sends a test message.`,
  },
  SMTP_MESSAGE_INVALID: {
    blame: 'user',
    status: 400,
    text: (p: { field: string; expected: string }) => `The message's "${p.field}" must be ${p.expected}.`,
  },
  SMTP_TOO_LARGE: {
    blame: 'user',
    status: 413,
    text: (p: { limitBytes: number }) =>
      `The attachments have more than ${Math.round(p.limitBytes / 1048576)} MB together.`,
  },
  SMTP_FAILED: {
    blame: 'user',
    status: 502,
    text: (p: { host: string; reason: string }) =>
      `The mail server "${p.host}" did not take the message: ${p.reason}.`,
  },
})
