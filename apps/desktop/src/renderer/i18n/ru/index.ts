import { actions } from './actions.ts'
import { agentSettings } from './agent-settings.ts'
import { agents } from './agents.ts'
import { alerts } from './alerts.ts'
import { calling } from './calling.ts'
import { connection } from './connection.ts'
import { apiKeys } from './api-keys.ts'
import { audit } from './audit.ts'
import { avatar } from './avatar.ts'
import { backups } from './backups.ts'
import { goals } from './goals.ts'
import { jobs } from './jobs.ts'
import { metrics } from './metrics.ts'
import { moving } from './moving.ts'
import { pages } from './pages.ts'
import { password } from './password.ts'
import { pipeline } from './pipeline.ts'
import { plugins } from './plugins.ts'
import { projectMail } from './project-mail.ts'
import { projectSettings } from './project-settings.ts'
import { projects } from './projects.ts'
import { reference } from './reference.ts'
import { records } from './records.ts'
import { recordsTable } from './records-table.ts'
import { schema } from './schema.ts'
import { shell } from './shell.ts'
import { starters } from './starters.ts'
import { storage } from './storage.ts'

/** Every text of the panel, by area. A test holds the languages to the same keys. */
export const ru = {
  ...actions,
  ...agentSettings,
  agents,
  ...alerts,
  ...apiKeys,
  ...audit,
  ...avatar,
  ...backups,
  ...calling,
  ...connection,
  ...goals,
  ...jobs,
  ...metrics,
  ...moving,
  ...pages,
  ...password,
  ...pipeline,
  ...plugins,
  ...projects,
  ...projectMail,
  ...projectSettings,
  ...reference,
  ...records,
  ...recordsTable,
  ...schema,
  ...shell,
  ...starters,
  ...storage,
} as const
