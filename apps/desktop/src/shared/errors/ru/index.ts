import { accountErrors } from './accounts.ts'
import { dataErrors } from './data.ts'
import { desktopErrors } from './desktop.ts'
import { fieldErrors } from './fields.ts'
import { modelErrors } from './models.ts'
import { projectErrors } from './projects.ts'
import { runtimeErrors } from './runtime.ts'
import { sentences } from './sentences.ts'

/** How the agent's errors are said in this language; the agent itself says them in English. */
export const errors = {
  codes: {
    ...accountErrors,
    ...dataErrors,
    ...desktopErrors,
    ...fieldErrors,
    ...modelErrors,
    ...projectErrors,
    ...runtimeErrors,
  } as Readonly<Record<string, string | readonly string[]>>,
  sentences,
}
