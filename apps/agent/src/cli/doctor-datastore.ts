import { existsSync } from 'node:fs'
import { messageOf } from '@m3m/base'
import type { Datastore } from '@m3m/datastore'
import { composeCommand } from '../compose-command.ts'
import type { AgentConfig } from '../config/read-config.ts'
import type { Finding } from './doctor.ts'

/** Opens the datastore as a command does and says what was found: kind, version, what it cannot do. */
export async function datastoreCheck(config: AgentConfig): Promise<Finding[]> {
  // Opening makes the folder; a doctor that was called before the first start leaves none behind.
  if (config.mongodb.uri === undefined && !existsSync(config.datastore.path))
    return [{ level: 'ok', subject: 'datastore', text: 'embedded; is made at first start' }]
  try {
    await using command = await composeCommand(config)
    const found = await describe(command.datastore, config)
    const hasRoot = await command.core.services.users.hasRoot()
    const operator: Finding = hasRoot
      ? { level: 'ok', subject: 'operators', text: 'there is a root' }
      : {
          level: 'warn',
          subject: 'operators',
          text: 'there is none; make one: m3m-agent new-admin <email> <password>',
        }
    return [...found, operator]
  } catch (error) {
    return [{ level: 'fail', subject: 'datastore', text: messageOf(error) }]
  }
}

async function describe(datastore: Datastore, config: AgentConfig): Promise<Finding[]> {
  if (datastore.kind === 'embedded') return [{ level: 'ok', subject: 'datastore', text: 'embedded, answers' }]
  const admin = datastore.client.db('admin')
  const [hello, build] = await Promise.all([admin.command({ hello: 1 }), admin.command({ buildInfo: 1 })])
  const isSet = hello['setName'] !== undefined || hello['msg'] === 'isdbgrid'
  const server: Finding = isSet
    ? {
        level: 'ok',
        subject: 'datastore',
        text: `MongoDB ${build['version']}, ${hello['setName'] ? `replica set ${hello['setName']}` : 'sharded'}`,
      }
    : {
        level: 'warn',
        subject: 'datastore',
        text: `MongoDB ${build['version']}, a standalone server: everything works but multi-document transactions and several agents; a replica set of one member is enough for both`,
      }
  const separate = config.mongodb.runtimeUri !== undefined
  const runtime: Finding = separate
    ? { level: 'ok', subject: 'mongodb.runtimeUri', text: 'service processes have a user of their own' }
    : {
        level: 'warn',
        subject: 'mongodb.runtimeUri',
        text: `is not set: service processes connect with a user who may read sign-ins and code. Make a user with readWrite on ${datastore.dataDatabase} only, and set it`,
      }
  return [server, runtime]
}
