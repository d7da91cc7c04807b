import { backup } from './backup.ts'
import type { Command } from './command.ts'
import { compact } from './compact.ts'
import { datastoreUri } from './datastore-uri.ts'
import { doctor } from './doctor.ts'
import { dump } from './dump.ts'
import { exportProject } from './export.ts'
import { importProject } from './import.ts'
import { installService } from './install-service.ts'
import { load } from './load.ts'
import { migrate } from './migrate.ts'
import { newAdmin } from './new-admin.ts'
import { resetPassword } from './reset-password.ts'
import { restore } from './restore.ts'
import { rotateKey } from './rotate-key.ts'
import { serve } from './serve.ts'
import { version } from './version.ts'

/**
 * Every command, in the order the help lists them. Commands load what is heavy when they run, so that `version`
 * and the help answer at once.
 */
export const commands: readonly Command[] = [
  serve,
  newAdmin,
  resetPassword,
  installService,
  doctor,
  backup,
  restore,
  exportProject,
  importProject,
  dump,
  load,
  migrate,
  compact,
  datastoreUri,
  rotateKey,
  version,
]
