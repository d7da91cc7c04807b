import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestCore, type Caller, type TestCore } from '../../testing/open-test-core.ts'

let test: TestCore
let root: Caller
let projectId: string

beforeAll(async () => {
  test = await openTestCore('project-mail')
  root = await test.root()
  projectId = (await root.projects.create({ name: 'Shop' })).id
})
afterAll(() => test[Symbol.asyncDispose]())

const AGENT_MAIL = {
  host: 'agent.example.com',
  port: 587,
  security: 'starttls' as const,
  user: '',
  from: 'm3m@example.com',
}

async function variables(values: Record<string, string | number>) {
  const { revision } = await root.env.list({ projectId })
  const list = Object.entries(values).map(([key, value]) => ({
    key,
    type: 'string' as const,
    value: String(value),
  }))
  await root.env.save({ projectId, variables: list, revision })
}
const sendTest = () => root.projects.sendTestMail({ projectId, to: 'ann@example.com' })
const alert = async (id: string | null) => {
  const mailer = await test.core.services.projectMail.mailerOf(id)
  await mailer.send({ to: ['ops@example.com'], subject: 'Down', text: 'It is.' })
  return test.mail.sent.at(-1)!.account
}

describe('mail of a project', () => {
  it('goes by the server of the agent while the project names none, and a test says so', async () => {
    await root.agent.updateSettings({ mail: AGENT_MAIL })
    expect(await alert(projectId)).toMatchObject({ host: 'agent.example.com' })
    await expect(sendTest()).rejects.toMatchObject({ cause: { code: 'MAIL_PROJECT_NONE' } })
  })

  it('goes by its own server once its variables name one; that of the agent stays as it was', async () => {
    await variables({
      SMTP_HOST: 'shop.example.com',
      SMTP_PORT: 2525,
      SMTP_SECURITY: 'none',
      SMTP_USER: 'shop',
      SMTP_PASS: 'hunter2',
      SMTP_FROM: 'Shop <shop@example.com>',
    })
    const own = {
      host: 'shop.example.com',
      port: 2525,
      security: 'none',
      user: 'shop',
      password: 'hunter2',
      from: 'Shop <shop@example.com>',
      isOfProject: true,
    }
    expect(await sendTest()).toEqual({ response: '250 queued' })
    expect(test.mail.sent.at(-1)!.account).toEqual(own)
    expect(await alert(projectId)).toEqual(own)
    expect(await alert(null)).toMatchObject({ host: 'agent.example.com' })
  })

  it('names the variable at fault', async () => {
    await variables({ SMTP_HOST: 'shop.example.com', SMTP_PORT: 'many' })
    await expect(sendTest()).rejects.toThrow('SMTP_PORT (1 to 65535)')
    await variables({ SMTP_HOST: 'shop.example.com' })
    await expect(sendTest()).rejects.toThrow('SMTP_FROM')
  })

  it('of which the server refuses says so in its own words', async () => {
    await variables({ SMTP_HOST: 'shop.example.com', SMTP_FROM: 'shop@example.com' })
    test.mail.refusal = '535 Authentication failed'
    await expect(sendTest()).rejects.toThrow('shop.example.com did not take the message: 535 Authentication')
    test.mail.refusal = null
  })
})
