/** Settings of a project, Mail. */
export const projectMail = {
  projectMail: {
    title: 'Mail',
    hint: 'The mail server of this project: its service (module smtp) and its alerts send by it.',
    hostHint: 'Empty: alerts go by the agent’s mail server; the service sends no mail.',
    auto: 'Automatic',
    effect: 'Kept as variables SMTP_*, the password sealed. A change holds at once.',
    problem: {
      port: 'A number from 1 to 65535.',
      from: 'Type the address mail is sent from, such as shop@example.com.',
    },
  },
} as const
